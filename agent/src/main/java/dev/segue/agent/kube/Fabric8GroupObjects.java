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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ApplicationGroups of one API of a cluster by fabric8's client. */
final class Fabric8GroupObjects implements GroupObjects {
  private static final Logger LOG = LoggerFactory.getLogger(Fabric8GroupObjects.class);

  private final Resource kind;
  private final KubernetesClient client;
  private final ApiServer server;
  private final Limits limits;
  private final Set<Namespace> namespaces;
  private final ScheduledExecutorService checks;
  private final GroupObjectWriter writer;
  private final List<Consumer<Ref>> listeners = new CopyOnWriteArrayList<>();
  private volatile List<KindWatch> watches = List.of();

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
    this.client = client;
    this.server = server;
    this.limits = limits;
    this.namespaces = Set.copyOf(namespaces);
    this.checks = checks;
    this.writer = new GroupObjectWriter(server, resources);
  }

  @Override
  public synchronized boolean watch(Consumer<Ref> changed) throws ClusterException {
    listeners.add(changed);
    if (!watches.isEmpty()) {
      return true;
    }
    List<KindWatch> begun = new ArrayList<>();
    try {
      for (Selection selection : watched()) {
        KindWatch watch = new KindWatch(selection, client, server, limits, this::tell);
        begun.add(watch);
        watch.start();
      }
    } catch (ClusterException e) {
      begun.forEach(KindWatch::close);
      listeners.remove(changed);
      if (e.code() == ProblemCode.CLUSTER_CRD_MISSING) {
        return false;
      }
      throw e;
    }
    watches = List.copyOf(begun);
    long period = Math.min(1000, Math.max(20, limits.staleAfter().toMillis() / 10));
    var unused = checks.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
    return true;
  }

  private List<Selection> watched() {
    List<@Nullable String> names = new ArrayList<>();
    namespaces.stream().map(Namespace::value).sorted().forEach(names::add);
    if (names.isEmpty()) {
      names.add(null);
    }
    List<Selection> watched = new ArrayList<>();
    names.forEach(name -> watched.add(new Selection(kind, name, Map.of())));
    return watched;
  }

  private void check() {
    for (KindWatch watch : watches) {
      try {
        watch.check();
      } catch (RuntimeException e) {
        // Thrown on, it would end all further checks.
        LOG.warn("cannot check the watch: {}", Failures.oneLine(e.toString()));
      }
    }
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
    watches.forEach(watch -> watch.wrote(written));
    return new GroupObject(Reduced.of(written.fields()));
  }

  /** The watch alone says what it is now. */
  private void forget(GroupObject object) {
    watches.forEach(watch -> watch.forget(object.manifest()));
  }

  void close() {
    watches.forEach(KindWatch::close);
  }
}
