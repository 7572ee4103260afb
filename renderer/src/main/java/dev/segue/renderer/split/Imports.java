// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.split.ChartTree.Instance;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code import-values} puts where. Helm takes it from the charts' own values alone, never
 * from an application's, so it can be read.
 */
final class Imports {
  private Imports() {}

  /** Whether what {@code lender} lends its parent may stand at or below one of the {@code keys}. */
  static boolean reach(ChartTree parent, Instance lender, Set<String> keys) {
    return lender.entries().stream()
        .flatMap(entry -> entry.imports().stream())
        .anyMatch(item -> reaches(parent, lender, item, keys));
  }

  private static boolean reaches(
      ChartTree parent, Instance lender, @Nullable Object item, Set<String> keys) {
    List<String> target = ChartYaml.importPath(item, "parent");
    if (!target.get(0).equals(".")) {
      return keys.contains(target.get(0));
    }
    List<String> source = ChartYaml.importPath(item, "child");
    return lender.charts().stream()
        .anyMatch(
            chart ->
                chart.meta().declares() // what it imports itself is not looked at
                    || mayHold(chart, source.toArray(String[]::new), keys)
                    || mayHold(parent, below(lender.name(), source), keys));
  }

  private static String[] below(String key, List<String> path) {
    String[] below = new String[path.size() + 1];
    below[0] = key;
    for (int i = 0; i < path.size(); i++) {
      below[i + 1] = path.get(i);
    }
    return below;
  }

  private static boolean mayHold(ChartTree chart, String[] path, Set<String> keys) {
    byte[] content = chart.own().get(ChartYaml.VALUES);
    if (content == null) {
      return false;
    }
    return Optional.of(ValuesFile.of(content))
        .flatMap(ValuesFile::values)
        .map(values -> PlainData.map(PlainData.at(values.tree(), path)))
        .map(found -> keys.stream().anyMatch(found::containsKey))
        .orElse(true);
  }
}
