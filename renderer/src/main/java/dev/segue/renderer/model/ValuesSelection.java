// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which of an application's values a part of its chart is given.
 *
 * @param only whether what stands at {@code paths} is all that is given; otherwise everything else
 *     is
 * @param paths of keys, such as {@code [global]} or {@code [db, enabled]}; sorted
 */
public record ValuesSelection(boolean only, List<List<String>> paths) {
  /** Everything. */
  public static final ValuesSelection ALL = new ValuesSelection(false, List.of());

  public ValuesSelection {
    paths =
        paths.stream()
            .map(List::copyOf)
            .distinct()
            .sorted(Comparator.comparing((List<String> path) -> String.join("\0", path)))
            .toList();
    if (paths.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a path of values must have a key");
    }
  }

  /** Returns what is given of {@code values}; what is null there is given as null. */
  public Values of(Values values) {
    return new Values(only ? chosen(values.tree()) : remaining(values.tree()));
  }

  private Map<String, @Nullable Object> chosen(Map<String, @Nullable Object> tree) {
    Map<String, @Nullable Object> chosen = new TreeMap<>();
    for (List<String> path : paths) {
      Object parent = PlainData.at(tree, path.subList(0, path.size() - 1).toArray(String[]::new));
      String last = path.get(path.size() - 1);
      if (parent instanceof Map<?, ?> map && map.containsKey(last)) {
        put(chosen, path, PlainData.map(map).get(last));
      }
    }
    return chosen;
  }

  private static void put(
      Map<String, @Nullable Object> tree, List<String> path, @Nullable Object value) {
    Map<String, @Nullable Object> at = tree;
    for (String key : path.subList(0, path.size() - 1)) {
      Map<String, @Nullable Object> below = new TreeMap<>(PlainData.map(at.get(key)));
      at.put(key, below);
      at = below;
    }
    at.put(path.get(path.size() - 1), value);
  }

  private Map<String, @Nullable Object> remaining(Map<String, @Nullable Object> tree) {
    Map<String, @Nullable Object> remaining = new TreeMap<>(tree);
    paths.forEach(path -> remove(remaining, path));
    return remaining;
  }

  private static void remove(Map<String, @Nullable Object> tree, List<String> path) {
    String key = path.get(0);
    if (path.size() == 1) {
      tree.remove(key);
    } else if (tree.get(key) instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> below = new TreeMap<>(PlainData.map(map));
      remove(below, path.subList(1, path.size()));
      tree.put(key, below);
    }
  }
}
