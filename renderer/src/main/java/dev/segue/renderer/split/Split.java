// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An umbrella chart taken apart.
 *
 * @param parts a part for each sub-chart that is enabled and staged, by its name or alias
 * @param parent what remains of the chart, to be released after all of them
 * @param refusals why the chart must not be released in parts, as far as reading it tells
 * @param notices what a reader of the plan should know; sorted
 */
public record Split(
    SortedMap<String, Part> parts,
    Part parent,
    List<SplitChart.Refusal> refusals,
    List<String> notices) {
  public Split {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    refusals = List.copyOf(refusals);
    notices = notices.stream().sorted().distinct().toList();
  }
}
