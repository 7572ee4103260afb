// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.ForwardingCluster;
import dev.segue.agent.rehearse.DagView;
import dev.segue.renderer.model.GroupName;
import java.util.function.Consumer;

/** A cluster whose Workflows are shown to people as they change. */
final class ShownCluster extends ForwardingCluster {
  private final DagView view;

  ShownCluster(Cluster cluster, DagView view) {
    super(cluster);
    this.view = view;
  }

  @Override
  public void watch(Consumer<GroupName> changed) throws ClusterException {
    super.watch(
        group -> {
          show(group);
          changed.accept(group);
        });
  }

  private synchronized void show(GroupName group) {
    try {
      observe(group).stream()
          .filter(object -> object.kind().equals("Workflow"))
          .forEach(view::show);
    } catch (ClusterException e) {
      // The picture stays as it was; whoever works with the cluster is told the same.
    }
  }
}
