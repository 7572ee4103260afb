// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.rehearse.DagView;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import java.util.List;
import java.util.function.Consumer;

/** A cluster whose Workflows are shown to people as they change. */
final class ShownCluster implements Cluster {
  private final Cluster cluster;
  private final DagView view;

  ShownCluster(Cluster cluster, DagView view) {
    this.cluster = cluster;
    this.view = view;
  }

  @Override
  public String description() {
    return cluster.description();
  }

  @Override
  public String kubernetesVersion() throws ClusterException {
    return cluster.kubernetesVersion();
  }

  @Override
  public boolean reaches(Namespace namespace) {
    return cluster.reaches(namespace);
  }

  @Override
  public void watch(Consumer<GroupName> changed) throws ClusterException {
    cluster.watch(
        group -> {
          show(group);
          changed.accept(group);
        });
  }

  private synchronized void show(GroupName group) {
    try {
      cluster.observe(group).stream()
          .filter(object -> object.kind().equals("Workflow"))
          .forEach(view::show);
    } catch (ClusterException e) {
      // The picture stays as it was; whoever works with the cluster is told the same.
    }
  }

  @Override
  public List<Manifest> observe(GroupName group) throws ClusterException {
    return cluster.observe(group);
  }

  @Override
  public void apply(List<Manifest> objects) throws ClusterException {
    cluster.apply(objects);
  }

  @Override
  public boolean create(Manifest object) throws ClusterException {
    return cluster.create(object);
  }

  @Override
  public boolean patch(Manifest change) throws ClusterException {
    return cluster.patch(change);
  }

  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept)
      throws ClusterException {
    cluster.collect(group, namespace, kept);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
