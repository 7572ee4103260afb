// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ResolvedChart;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An umbrella chart as it is released: a chart for each sub-chart that is enabled and staged, and
 * one for what remains. Every chart's pin is a {@link ChartPin.Derived}.
 *
 * @param parts by the sub-chart's name or alias
 * @param included the sub-charts that are enabled and stay with the parent, by name or alias;
 *     sorted
 * @param known the names and aliases of all sub-charts that could be released, enabled or not
 * @param refusals why it must not be released in parts; empty when the proof holds
 * @param notices what a reader of the plan should know; sorted
 */
public record SplitChart(
    SortedMap<String, ResolvedChart> parts,
    ResolvedChart parent,
    List<String> included,
    List<String> known,
    List<Refusal> refusals,
    List<String> notices) {
  public SplitChart {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    included = included.stream().sorted().distinct().toList();
    known = known.stream().sorted().distinct().toList();
    refusals = List.copyOf(refusals);
    notices = notices.stream().sorted().distinct().toList();
  }

  /**
   * Why a chart must not be released in parts.
   *
   * @param message one clear line that names template and line where there is one
   */
  public record Refusal(ProblemCode code, String message, String remedy) {}
}
