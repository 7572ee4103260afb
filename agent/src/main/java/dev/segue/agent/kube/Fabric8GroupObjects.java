// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.GroupObject;
import dev.segue.agent.reconcile.GroupObject.Ref;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ApplicationGroups of one API of a cluster by fabric8's client. */
final class Fabric8GroupObjects implements GroupObjects {
  private final Resource kind;
  private final Set<Namespace> namespaces;
  private final GroupObjectWriter writer;
  private final List<Consumer<Ref>> listeners = new CopyOnWriteArrayList<>();
  private final Watches watches;

  /**
   * @param kind ours, or Orkestra's
   * @param namespaces empty for all, as of a kind that has none
   * @param checks looks after the watches now and then; ended by its owner
   */
  Fabric8GroupObjects(
      Resource kind,
      KubernetesClient client,
      ApiServer server,
      Resources resources,
      Limits limits,
      Set<Namespace> namespaces,
      ScheduledExecutorService checks) {
    this.kind = kind;
    this.namespaces = Set.copyOf(namespaces);
    this.watches = new Watches(client, server, limits, checks);
    this.writer = new GroupObjectWriter(server, resources);
  }

  @Override
  public synchronized boolean watch(Consumer<Ref> changed) throws ClusterException {
    listeners.add(changed);
    if (watches.stand()) {
      return true;
    }
    try {
      watches.start(watched(), this::tell);
      return true;
    } catch (ClusterException e) {
      listeners.remove(changed);
      if (e.code() == ProblemCode.CLUSTER_CRD_MISSING) {
        return false;
      }
      throw e;
    }
  }

  private List<Selection> watched() {
    List<Selection> watched = new ArrayList<>();
    Selection.in(namespaces).forEach(name -> watched.add(new Selection(kind, name, Map.of())));
    return watched;
  }

  private void tell(List<ObjectMeta> seen) {
    ObjectMeta object = seen.get(0);
    String namespace = object.getNamespace() == null ? "" : object.getNamespace();
    Ref ref = new Ref(kind.apiVersion(), namespace, object.getName());
    listeners.forEach(listener -> listener.accept(ref));
  }

  @Override
  public List<GroupObject> observe() throws ClusterException {
    List<GroupObject> found = new ArrayList<>();
    for (KindWatch watch : watches) {
      watch.observe().forEach(item -> found.add(new GroupObject(item)));
    }
    found.sort(Comparator.comparing(GroupObject::ref));
    return List.copyOf(found);
  }

  @Override
  public Optional<GroupObject> find(Ref object) throws ClusterException {
    if (object.apiVersion().equals(kind.apiVersion())) {
      for (KindWatch watch : watches) {
        Optional<Manifest> found = watch.find(object.place());
        if (found.isPresent()) {
          return found.map(GroupObject::new);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public GroupObject apply(Manifest object) throws ClusterException {
    return wrote(writer.apply(object));
  }

  @Override
  public Optional<GroupObject> create(Manifest object) throws ClusterException {
    Optional<Manifest> created = writer.create(object);
    return created.isPresent() ? Optional.of(wrote(created.get())) : Optional.empty();
  }

  @Override
  public GroupObject status(GroupObject object, Map<String, ? extends @Nullable Object> status)
      throws ClusterException {
    Optional<Manifest> written = writer.status(object, status);
    return written.isPresent() ? wrote(written.get()) : object;
  }

  @Override
  public void event(GroupObject object, Happening happening) throws ClusterException {
    writer.event(object, happening);
  }

  @Override
  public GroupObject finalizer(GroupObject object, boolean present) throws ClusterException {
    if (object.finalizers().contains(FINALIZER) == present) {
      return object;
    }
    Optional<Manifest> written = writer.finalizer(object, present);
    boolean last = object.deleting() && object.finalizers().size() == 1;
    if (written.isEmpty() || last) {
      forget(object);
      return written.map(GroupObject::new).orElse(object);
    }
    return wrote(written.get());
  }

  @Override
  public void delete(GroupObject object) throws ClusterException {
    writer.delete(object);
    forget(object);
  }

  private GroupObject wrote(Manifest written) {
    watches.wrote(written);
    return new GroupObject(Reduced.of(written.fields()));
  }

  /** The watch alone says what it is now. */
  private void forget(GroupObject object) {
    watches.forget(object.manifest());
  }

  void close() {
    watches.close();
  }
}
