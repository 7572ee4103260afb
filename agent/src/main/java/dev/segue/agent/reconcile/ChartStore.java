// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;

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

  @Override
  void close();

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
