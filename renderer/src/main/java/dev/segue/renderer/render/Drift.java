// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of an object is no longer what was applied. */
final class Drift {
  private Drift() {}

  /**
   * Returns the paths below {@code spec} that {@code wanted} has and {@code live} has not or has
   * otherwise, sorted: names of fields alone, never a value. A list counts as one value.
   */
  static List<String> fields(Manifest wanted, Manifest live) {
    Set<String> fields = new TreeSet<>();
    compare("spec", wanted.map("spec"), live.map("spec"), fields);
    return List.copyOf(fields);
  }

  private static void compare(
      String path, @Nullable Object wanted, @Nullable Object live, Set<String> fields) {
    if (wanted instanceof Map<?, ?> wantedMap && live instanceof Map<?, ?> liveMap) {
      new TreeMap<>(wantedMap)
          .forEach((key, value) -> compare(path + "." + key, value, liveMap.get(key), fields));
    } else if (wanted != null && !isEqual(wanted, live)) {
      fields.add(path);
    }
  }

  /** Whole numbers come back as they were given, whatever type they were read into. */
  private static boolean isEqual(@Nullable Object wanted, @Nullable Object live) {
    if (wanted instanceof Number a && live instanceof Number b) {
      return a.doubleValue() == b.doubleValue();
    }
    if (wanted instanceof List<?> a && live instanceof List<?> b) {
      return a.size() == b.size()
          && java.util.stream.IntStream.range(0, a.size())
              .allMatch(i -> isEqual(a.get(i), b.get(i)));
    }
    if (wanted instanceof Map<?, ?> a && live instanceof Map<?, ?> b) {
      return a.keySet().equals(b.keySet())
          && a.keySet().stream().allMatch(key -> isEqual(a.get(key), b.get(key)));
    }
    return Objects.equals(wanted, live);
  }
}
