// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.Subchart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The order in which a chart's sub-charts are released. */
final class SubchartOrder {
  private SubchartOrder() {}

  /**
   * Returns each of {@code parts} after those that it depends on, ties by name, with the parts that
   * it waits for.
   */
  static Map<String, List<String>> of(Set<String> parts, Application application) {
    Map<String, List<String>> waiting = new TreeMap<>();
    parts.forEach(part -> waiting.put(part, List.of()));
    for (Subchart subchart : application.subcharts()) {
      if (parts.contains(subchart.name())) {
        waiting.put(
            subchart.name(),
            subchart.dependencies().stream().filter(parts::contains).sorted().toList());
      }
    }
    Map<String, List<String>> order = new LinkedHashMap<>();
    while (!waiting.isEmpty()) {
      String next =
          waiting.entrySet().stream()
              .filter(part -> order.keySet().containsAll(part.getValue()))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse(new TreeSet<>(waiting.keySet()).first()); // a cycle, which is refused before
      order.put(next, waiting.remove(next));
    }
    return order;
  }
}
