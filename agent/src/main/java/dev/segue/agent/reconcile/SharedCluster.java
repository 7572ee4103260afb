// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
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

  private final class Part implements Cluster {
    private final Function<GroupName, List<Manifest>> declared;

    private Part(Function<GroupName, List<Manifest>> declared) {
      this.declared = declared;
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
      SharedCluster.this.watch(changed);
    }

    @Override
    public List<Manifest> observe(GroupName group) throws ClusterException {
      List<Manifest> objects = new ArrayList<>(cluster.observe(group));
      objects.addAll(declared.apply(group));
      return objects;
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
      // closed by who opened it
    }
  }
}
