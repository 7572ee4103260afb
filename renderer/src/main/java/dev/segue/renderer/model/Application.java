// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One application of a group: a chart and how it is released.
 *
 * @param name also the name of its Helm release
 * @param origin where it is declared
 * @param dependencies hard: the dependant waits for their success; in the file's order
 * @param softDependencies ordering only: the dependant waits for their end, whatever it was; in the
 *     file's order
 * @param subcharts empty when the chart is released as a whole
 * @param workflow empty for the one implied {@code helmrelease}
 * @param deletion what becomes of its release once it is gone; null for what the group says
 */
public record Application(
    ReleaseName name,
    Origin origin,
    List<ReleaseName> dependencies,
    List<ReleaseName> softDependencies,
    ChartRef chart,
    ReleaseSettings release,
    List<Subchart> subcharts,
    List<Executor> workflow,
    @Nullable Deletion deletion) {
  public Application {
    dependencies = List.copyOf(dependencies);
    softDependencies = List.copyOf(softDependencies);
    subcharts = List.copyOf(subcharts);
    workflow = List.copyOf(workflow);
  }

  /** Returns this application as that file would declare it, on the same line. */
  Application declaredIn(RepoPath file) {
    return new Application(
        name,
        origin.in(file),
        dependencies,
        softDependencies,
        chart,
        release,
        subcharts,
        workflow,
        deletion);
  }

  /** Returns this application, released in another way. */
  Application with(ReleaseSettings settings) {
    return new Application(
        name,
        origin,
        dependencies,
        softDependencies,
        chart,
        settings,
        subcharts,
        workflow,
        deletion);
  }
}
