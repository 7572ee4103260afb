// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.split.SplitChart;
import java.util.List;
import java.util.SortedMap;

/** Finds charts and has Helm's own engine render them. Safe for several threads. */
public interface ChartStore extends AutoCloseable {
  /**
   * Returns the one chart that {@code ref} means now, with everything it needs: a folder of {@code
   * commit}, or the newest version of a repository that satisfies the range.
   */
  ResolvedChart resolve(ChartRef ref, CommitId commit) throws ChartException;

  /**
   * Returns what Helm makes of it; equal requests give equal answers, the second from the cache.
   * Nothing reaches a cluster.
   */
  HelmOutput render(RenderRequest request) throws ChartException;

  /**
   * Splits an umbrella chart for a release with certain values, and proves that the parts together
   * are the chart. Equal requests give equal answers.
   */
  SplitChart split(SplitRequest request) throws ChartException;

  /** Returns the chart's files by their paths in it, every sub-chart a folder. */
  SortedMap<String, byte[]> files(ResolvedChart chart) throws ChartException;

  @Override
  void close();

  /**
   * What is to be split.
   *
   * @param chart no part itself
   * @param release the name of the application's release, which every part's templates see
   * @param values laid over the chart's own
   * @param unstaged the sub-charts that stay with their parent, by name or alias; sorted
   */
  record SplitRequest(
      ResolvedChart chart,
      GroupName group,
      ReleaseName release,
      Namespace namespace,
      String kubeVersion,
      Values values,
      List<String> unstaged) {
    public SplitRequest {
      unstaged = unstaged.stream().sorted().distinct().toList();
    }
  }

  /**
   * What is to be rendered.
   *
   * @param kubeVersion such as {@code v1.34.4}
   * @param values laid over the chart's own
   */
  record RenderRequest(
      ResolvedChart chart,
      ReleaseName release,
      Namespace namespace,
      String kubeVersion,
      Values values) {}
}
