// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.status.Site;
import java.time.Duration;
import java.util.List;

/**
 * How the reconciler goes about it.
 *
 * @param clusterName the name on the status branch
 * @param paths globs of the files that declare groups
 * @param kubeVersion what Helm is told instead of the cluster's version; "" for the cluster's
 * @param interval how often a group is compared with the cluster although nothing moved
 * @param concurrency how many groups are worked on at a time
 * @param removalPercent how many of all groups may be removed at once without somebody's approval
 */
public record ReconcilerSettings(
    String clusterName,
    List<String> paths,
    String kubeVersion,
    Duration interval,
    int concurrency,
    int removalPercent,
    RenderSettings render) {
  public ReconcilerSettings {
    paths = List.copyOf(paths);
  }

  /** Returns these settings for groups that others applied: no path of a file is theirs. */
  ReconcilerSettings ofObjects() {
    return new ReconcilerSettings(
        clusterName,
        AppliedTree.ALL,
        kubeVersion,
        interval,
        concurrency,
        removalPercent,
        render.with(render.tenancy().asOfObjects()));
  }

  /** Returns the version that charts are rendered for; asks the cluster unless one is set. */
  String kubeVersion(Cluster cluster) throws ClusterException {
    return kubeVersion.isEmpty() ? cluster.kubernetesVersion() : kubeVersion;
  }

  /**
   * Returns these settings where a site says otherwise as it says. A site that says nothing of
   * tenants may be that of an agent that did not know of them.
   */
  public ReconcilerSettings at(Site site) {
    return new ReconcilerSettings(
        site.cluster(),
        site.paths(),
        site.kubeVersion(),
        interval,
        concurrency,
        site.removalPercent(),
        site.render().tenancy().equals(Tenancy.NONE)
            ? site.render().with(render.tenancy())
            : site.render());
  }

  /** Returns these settings for a cluster of that name and version of Kubernetes. */
  public ReconcilerSettings named(String cluster, String version) {
    return new ReconcilerSettings(
        cluster, paths, version, interval, concurrency, removalPercent, render);
  }

  /** Returns what plans for this cluster depend on. */
  Site site(Cluster cluster) throws ClusterException {
    return new Site(clusterName, kubeVersion(cluster), render, paths, removalPercent);
  }
}
