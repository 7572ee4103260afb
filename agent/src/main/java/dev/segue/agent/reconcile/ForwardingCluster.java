// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import java.util.List;
import java.util.function.Consumer;

/**
 * A cluster that hands every call to another: who wraps one overrides what it changes, and nothing
 * else of it is lost.
 */
public abstract class ForwardingCluster implements Cluster {
  private final Cluster cluster;

  protected ForwardingCluster(Cluster cluster) {
    this.cluster = cluster;
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
  public Scope scope(ApiKind kind) throws ClusterException {
    return cluster.scope(kind);
  }

  @Override
  public void watch(Consumer<GroupName> changed) throws ClusterException {
    cluster.watch(changed);
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
