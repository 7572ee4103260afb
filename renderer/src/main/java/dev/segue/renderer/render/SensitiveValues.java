// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes values that nobody must see apart from the others, by the dotted paths that the file marks.
 */
public final class SensitiveValues {
  /** What stands where a secret was. */
  public static final String MASK = "***";

  private SensitiveValues() {}

  /** The values with every sensitive one replaced by {@link #MASK}. */
  public static Values masked(ReleaseSettings settings) {
    return new Values(walk("", settings.values().tree(), settings.sensitive(), Part.MASKED));
  }

  static Values only(ReleaseSettings settings) {
    return new Values(walk("", settings.values().tree(), settings.sensitive(), Part.SENSITIVE));
  }

  static Values without(ReleaseSettings settings) {
    return new Values(walk("", settings.values().tree(), settings.sensitive(), Part.OPEN));
  }

  /** The sensitive texts themselves, the longest first, so that none is masked in a part only. */
  static List<String> texts(ReleaseSettings settings) {
    List<String> texts = new ArrayList<>();
    collect(only(settings).tree(), texts);
    texts.sort(
        java.util.Comparator.comparingInt(String::length).reversed().thenComparing(text -> text));
    return texts;
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

  private static void collect(@Nullable Object node, List<String> texts) {
    if (node instanceof Map<?, ?> map) {
      map.values().forEach(value -> collect(value, texts));
    } else if (node instanceof String text) {
      texts.add(text);
    }
  }
}
