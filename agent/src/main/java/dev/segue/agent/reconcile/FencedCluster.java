// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import java.util.List;
import java.util.function.Consumer;

/** A cluster to which is written only while the group is ours. */
final class FencedCluster implements Cluster {
  private final Cluster cluster;
  private final Mandate mandate;

  FencedCluster(Cluster cluster, Mandate mandate) {
    this.cluster = cluster;
    this.mandate = mandate;
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
    fenced(
        () -> {
          cluster.apply(objects);
          return true;
        });
  }

  @Override
  public boolean create(Manifest object) throws ClusterException {
    return fenced(() -> cluster.create(object));
  }

  @Override
  public boolean patch(Manifest change) throws ClusterException {
    return fenced(() -> cluster.patch(change));
  }

  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept)
      throws ClusterException {
    fenced(
        () -> {
          cluster.collect(group, namespace, kept);
          return true;
        });
  }

  private boolean fenced(Mandate.Write<Boolean, ClusterException> write) throws ClusterException {
    return mandate.write(
        why ->
            new ClusterException(ProblemCode.CLUSTER_CONFLICT, true, "cannot write: " + why, null),
        write);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
