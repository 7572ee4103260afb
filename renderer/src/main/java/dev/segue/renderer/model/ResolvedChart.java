// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;

/**
 * A chart as it was found: pinned, with everything it needs.
 *
 * @param name from its Chart.yaml
 * @param version from its Chart.yaml, as written there
 * @param content the digest of everything in it, dependencies included, whatever its source: equal
 *     content, equal digest
 * @param dependencies what was brought in because the chart declares and does not carry it; sorted
 *     by name
 * @param notices what a reader of the plan should know, such as a template that asks the cluster;
 *     sorted
 */
public record ResolvedChart(
    ChartPin pin,
    String name,
    String version,
    Digest content,
    List<PinnedDependency> dependencies,
    List<String> notices) {
  public ResolvedChart {
    dependencies = List.copyOf(dependencies);
    notices = notices.stream().sorted().distinct().toList();
  }

  /** Returns the same chart, pinned elsewhere. */
  public ResolvedChart pinned(ChartPin other) {
    return new ResolvedChart(other, name, version, content, dependencies, notices);
  }

  /**
   * A dependency that was brought in.
   *
   * @param repository as the chart says it
   * @param version exact
   */
  public record PinnedDependency(String name, String repository, String version, Digest archive) {}
}
