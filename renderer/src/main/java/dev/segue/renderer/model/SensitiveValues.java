// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes values that nobody must see apart from the others, by the dotted paths that the file marks.
 */
public final class SensitiveValues {
  /** What stands where a secret was. */
  public static final String MASK = "***";

  /** A shorter line of a longer secret, such as a brace, says nothing and stands everywhere. */
  private static final int SHORTEST_LINE = 4;

  private SensitiveValues() {}

  /** The values with every sensitive one replaced by {@link #MASK}. */
  public static Values masked(ReleaseSettings settings) {
    return new Values(walk("", settings.values().tree(), settings.sensitive(), Part.MASKED));
  }

  /**
   * As the other, of values as they stand in a file.
   *
   * @param paths dotted, of what is sensitive
   */
  public static Map<String, @Nullable Object> masked(Map<?, ?> values, List<String> paths) {
    return walk("", values, paths, Part.MASKED);
  }

  /** The sensitive values alone. */
  public static Values only(ReleaseSettings settings) {
    return new Values(walk("", settings.values().tree(), settings.sensitive(), Part.SENSITIVE));
  }

  /** The values without the sensitive ones. */
  public static Values without(ReleaseSettings settings) {
    return new Values(walk("", settings.values().tree(), settings.sensitive(), Part.OPEN));
  }

  /**
   * The sensitive texts themselves, the longest first, so that none is masked in a part only; of a
   * text of several lines its lines too, since YAML indents them, and each as a Secret would hold
   * it.
   */
  public static List<String> texts(ReleaseSettings settings) {
    SortedSet<String> texts =
        new TreeSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(text -> text));
    collect(only(settings).tree(), texts);
    return List.copyOf(texts);
  }

  private enum Part {
    OPEN,
    SENSITIVE,
    MASKED
  }

  private static Map<String, @Nullable Object> walk(
      String prefix, Map<?, ?> tree, List<String> sensitive, Part part) {
    Map<String, @Nullable Object> kept = new TreeMap<>();
    tree.forEach(
        (key, value) -> {
          String path = prefix.isEmpty() ? (String) key : prefix + "." + key;
          if (sensitive.contains(path)) {
            if (part != Part.OPEN) {
              kept.put((String) key, part == Part.MASKED ? MASK : value);
            }
          } else if (value instanceof Map<?, ?> map
              && sensitive.stream().anyMatch(s -> s.startsWith(path + "."))) {
            Map<String, @Nullable Object> below = walk(path, map, sensitive, part);
            if (!below.isEmpty()) {
              kept.put((String) key, below);
            }
          } else if (part != Part.SENSITIVE) {
            kept.put((String) key, value);
          }
        });
    return kept;
  }

  private static void collect(@Nullable Object node, Collection<String> texts) {
    if (node instanceof Map<?, ?> map) {
      map.values().forEach(value -> collect(value, texts));
    } else if (node instanceof List<?> list) {
      list.forEach(value -> collect(value, texts));
    } else if (node instanceof String text && !text.isBlank()) {
      texts.add(text);
      if (text.length() >= SHORTEST_LINE) {
        texts.add(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
      }
      String stripped = text.strip();
      texts.add(stripped);
      if (stripped.contains("\n")) {
        stripped
            .lines()
            .map(String::strip)
            .filter(line -> line.length() >= SHORTEST_LINE)
            .forEach(texts::add);
      }
    }
  }
}
