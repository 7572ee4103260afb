// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import java.util.List;

/** A cluster to which is written only while the group is ours. */
final class FencedCluster extends ForwardingCluster {
  private final Mandate mandate;

  FencedCluster(Cluster cluster, Mandate mandate) {
    super(cluster);
    this.mandate = mandate;
  }

  @Override
  public void apply(List<Manifest> objects) throws ClusterException {
    fenced(
        () -> {
          super.apply(objects);
          return true;
        });
  }

  @Override
  public boolean create(Manifest object) throws ClusterException {
    return fenced(() -> super.create(object));
  }

  @Override
  public boolean patch(Manifest change) throws ClusterException {
    return fenced(() -> super.patch(change));
  }

  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept)
      throws ClusterException {
    fenced(
        () -> {
          super.collect(group, namespace, kept);
          return true;
        });
  }

  private boolean fenced(Mandate.Write<Boolean, ClusterException> write) throws ClusterException {
    return mandate.write(
        why ->
            new ClusterException(ProblemCode.CLUSTER_CONFLICT, true, "cannot write: " + why, null),
        write);
  }
}
