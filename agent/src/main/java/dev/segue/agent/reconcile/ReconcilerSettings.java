// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.render.RenderSettings;
import java.time.Duration;
import java.util.List;

/**
 * How the reconciler goes about it.
 *
 * @param clusterName the name on the status branch
 * @param paths globs of the files that declare groups
 * @param kubeVersion what Helm is told instead of the cluster's version; "" for the cluster's
 * @param interval how often a group is compared with the cluster although nothing moved
 * @param removalShare the most groups that may be removed at once without somebody's approval, as a
 *     part of all, from 0 to 1
 * @param concurrency how many groups are worked on at a time
 */
public record ReconcilerSettings(
    String clusterName,
    List<String> paths,
    String kubeVersion,
    Duration interval,
    double removalShare,
    int concurrency,
    RenderSettings render) {
  public ReconcilerSettings {
    paths = List.copyOf(paths);
  }
}
