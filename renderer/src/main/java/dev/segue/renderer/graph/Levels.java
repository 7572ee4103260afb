// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The level of each node of an order: it stands below everything it depends on. */
public final class Levels {
  private final Map<String, ? extends Collection<String>> dependencies;
  private final SortedMap<String, Integer> levels = new TreeMap<>();

  private Levels(Map<String, ? extends Collection<String>> dependencies) {
    this.dependencies = dependencies;
  }

  /**
   * Returns the level of each key, 0 for one that depends on nothing. A dependency that is no key
   * does not count, and a cycle, which is refused elsewhere, is cut somewhere.
   *
   * @param dependencies of each node
   */
  public static SortedMap<String, Integer> of(
      Map<String, ? extends Collection<String>> dependencies) {
    Levels found = new Levels(dependencies);
    dependencies.keySet().stream().sorted().forEach(found::level);
    return Collections.unmodifiableSortedMap(found.levels);
  }

  private int level(String node) {
    Integer known = levels.get(node);
    if (known != null) {
      return known;
    }
    levels.put(node, 0); // ends a cycle
    int level = 0;
    Collection<String> needs = dependencies.get(node);
    if (needs != null) {
      for (String need : needs) {
        level = dependencies.containsKey(need) ? Math.max(level, level(need) + 1) : level;
      }
    }
    levels.put(node, level);
    return level;
  }
}
