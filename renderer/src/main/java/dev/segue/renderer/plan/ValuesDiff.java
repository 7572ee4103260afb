// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.model.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which values differ between two trees. */
final class ValuesDiff {
  private static final int SHOWN = 8;

  private ValuesDiff() {}

  /**
   * The dotted paths of the leaves that differ, sorted, the first few and how many more; never a
   * value.
   */
  static List<String> changedPaths(Values before, Values after, Collection<String> sensitive) {
    List<String> paths = new ArrayList<>();
    collect("", before.tree(), after.tree(), paths);
    paths.removeAll(sensitive); // masked on one side: it always differs, and says nothing
    if (paths.size() > SHOWN) {
      int more = paths.size() - SHOWN;
      paths.subList(SHOWN, paths.size()).clear();
      paths.add("and " + more + " more");
    }
    return paths;
  }

  private static void collect(
      String prefix, Map<?, ?> before, Map<?, ?> after, List<String> paths) {
    TreeSet<String> keys = new TreeSet<>();
    before.keySet().forEach(key -> keys.add((String) key));
    after.keySet().forEach(key -> keys.add((String) key));
    for (String key : keys) {
      @Nullable Object old = before.get(key);
      @Nullable Object now = after.get(key);
      String path = prefix.isEmpty() ? key : prefix + "." + key;
      if (old instanceof Map<?, ?> b && now instanceof Map<?, ?> a) {
        collect(path, b, a, paths);
      } else if (!Objects.equals(old, now) || before.containsKey(key) != after.containsKey(key)) {
        paths.add(path);
      }
    }
  }
}
