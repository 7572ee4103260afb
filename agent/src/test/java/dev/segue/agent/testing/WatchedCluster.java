// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.ForwardingCluster;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import java.util.List;
import java.util.function.Consumer;

/** A cluster whose calls are counted and fail on demand. */
final class WatchedCluster extends ForwardingCluster {
  private final Calls calls;

  WatchedCluster(Cluster cluster, Calls calls) {
    super(cluster);
    this.calls = calls;
  }

  @Override
  public String kubernetesVersion() throws ClusterException {
    calls.on("cluster.version", ClusterException.class);
    return super.kubernetesVersion();
  }

  @Override
  public void watch(Consumer<GroupName> changed) throws ClusterException {
    calls.on("cluster.watch", ClusterException.class);
    super.watch(changed);
  }

  @Override
  public List<Manifest> observe(GroupName group) throws ClusterException {
    calls.on("cluster.observe", ClusterException.class);
    return super.observe(group);
  }

  @Override
  public void apply(List<Manifest> objects) throws ClusterException {
    calls.on("cluster.apply", ClusterException.class);
    super.apply(objects);
    calls.on("cluster.apply done", ClusterException.class);
  }

  @Override
  public boolean create(Manifest object) throws ClusterException {
    calls.on("cluster.create", ClusterException.class);
    boolean created = super.create(object);
    calls.on("cluster.create done", ClusterException.class);
    return created;
  }

  @Override
  public boolean patch(Manifest change) throws ClusterException {
    calls.on("cluster.patch", ClusterException.class);
    boolean patched = super.patch(change);
    calls.on("cluster.patch done", ClusterException.class);
    return patched;
  }

  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept)
      throws ClusterException {
    calls.on("cluster.collect", ClusterException.class);
    super.collect(group, namespace, kept);
    calls.on("cluster.collect done", ClusterException.class);
  }

  @Override
  public void close() {}
}
