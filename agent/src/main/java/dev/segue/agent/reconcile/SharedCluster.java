// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** A cluster that several watch: it is watched once and tells all of them. */
public final class SharedCluster {
  private final Cluster cluster;
  private final List<Consumer<GroupName>> watchers = new CopyOnWriteArrayList<>();
  private boolean watched;

  public SharedCluster(Cluster cluster) {
    this.cluster = cluster;
  }

  private synchronized void watch(Consumer<GroupName> changed) throws ClusterException {
    watchers.add(changed);
    if (!watched) {
      try {
        cluster.watch(group -> watchers.forEach(watcher -> watcher.accept(group)));
        watched = true;
      } catch (ClusterException e) {
        watchers.remove(changed);
        throw e;
      }
    }
  }

  /** Returns the cluster for one who watches it; to close it closes nothing. */
  public Cluster part() {
    return part(group -> List.of());
  }

  /**
   * As {@link #part()}.
   *
   * @param declared objects whose annotations are requests, beside those of the cluster
   */
  Cluster part(Function<GroupName, List<Manifest>> declared) {
    return new Part(declared);
  }

  private final class Part extends ForwardingCluster {
    private final Function<GroupName, List<Manifest>> declared;

    private Part(Function<GroupName, List<Manifest>> declared) {
      super(cluster);
      this.declared = declared;
    }

    @Override
    public void watch(Consumer<GroupName> changed) throws ClusterException {
      SharedCluster.this.watch(changed);
    }

    @Override
    public List<Manifest> observe(GroupName group) throws ClusterException {
      List<Manifest> objects = new ArrayList<>(super.observe(group));
      objects.addAll(declared.apply(group));
      return objects;
    }

    @Override
    public void close() {
      // closed by who opened it
    }
  }
}
