// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in memory with simulated time. It runs rendered Workflows as Argo does and releases
 * HelmReleases as Flux does; charts are really rendered, nothing else is real.
 * docs/embedded-cluster.md says how it differs from a real one. Safe for several threads; the same
 * calls at the same simulated times give the same history.
 */
public final class EmbeddedCluster implements Cluster {
  /** What every line that this cluster prints or logs begins with. */
  public static final String PREFIX = "[embedded cluster]";

  static final String KUBERNETES_VERSION = "v1.34.4";
  private static final Set<String> COLLECTED_CORE_KINDS = Set.of("ConfigMap", "Secret");

  private final SimulatedTime time;
  private final Consumer<String> log;
  private final ObjectStore store;
  private final HelmController helm;
  private final Set<GroupName> changedGroups = new LinkedHashSet<>();
  private @Nullable Consumer<GroupName> watcher;

  /**
   * @param charts finds and renders the charts of releases; not closed by this cluster
   * @param time closed with this cluster
   * @param log takes a line, which begins with {@link #PREFIX}, for everything that happens; must
   *     not call back
   */
  public EmbeddedCluster(ChartStore charts, SimulatedTime time, Consumer<String> log) {
    this.time = time;
    this.log = log;
    this.store = new ObjectStore(time);
    ChartSources sources = new ChartSources(store, charts);
    this.helm = new HelmController(store, time, charts, sources, this::say);
    store.listen(new SourceController(store, time, sources));
    store.listen(helm);
    store.listen(new WorkflowController(store, time, this::say));
    store.listen(this::notice);
  }

  @Override
  public String description() {
    return "embedded cluster (simulated, in this process)";
  }

  @Override
  public String kubernetesVersion() {
    return KUBERNETES_VERSION;
  }

  @Override
  public void watch(Consumer<GroupName> changed) {
    time.lock();
    try {
      watcher = changed;
    } finally {
      time.unlock();
    }
  }

  @Override
  public List<Manifest> observe(GroupName group) {
    time.lock();
    try {
      return Stream.of(
              store.list(HelmController.GROUP, HelmController.KIND),
              store.list(WorkflowController.GROUP, WorkflowController.KIND),
              store.list("", "ConfigMap").stream().filter(EmbeddedCluster::hasRequests).toList())
          .flatMap(List::stream)
          .filter(object -> isOf(group, object))
          .map(object -> hasRequests(object) ? Fields.with(object, null, "data") : object)
          .toList();
    } finally {
      time.unlock();
    }
  }

  @Override
  public void apply(List<Manifest> objects) throws ClusterException {
    time.lock();
    try {
      for (Manifest object : objects) {
        store.apply(ObjectKey.of(object), object);
      }
    } catch (RejectedException e) {
      throw rejected("apply", e);
    } finally {
      time.unlock();
    }
  }

  @Override
  public boolean create(Manifest object) throws ClusterException {
    time.lock();
    try {
      ObjectKey key = ObjectKey.of(object);
      if (store.get(key).isPresent()) {
        return false;
      }
      store.create(key, object);
      return true;
    } catch (RejectedException e) {
      throw rejected("create", e);
    } finally {
      time.unlock();
    }
  }

  @Override
  public boolean patch(Manifest change) throws ClusterException {
    time.lock();
    try {
      ObjectKey key = ObjectKey.of(change);
      if (store.get(key).isEmpty()) {
        return false;
      }
      store.edit(
          key,
          object -> {
            Manifest merged = merged(object, change, "metadata", "annotations");
            return merged(merged, change, "spec");
          });
      return true;
    } catch (RejectedException e) {
      throw rejected("patch", e);
    } finally {
      time.unlock();
    }
  }

  private static Manifest merged(Manifest object, Manifest change, String... path) {
    return change.at(path) == null
        ? object
        : Fields.with(object, Fields.merged(object.map(path), change.map(path)), path);
  }

  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept) {
    time.lock();
    try {
      Set<ObjectKey> keep = new HashSet<>();
      kept.forEach(object -> keep.add(ObjectKey.of(object, namespace)));
      for (ObjectKey key : store.keys()) {
        boolean collectable =
            key.group().equals(ChartSources.GROUP)
                || (key.group().isEmpty() && COLLECTED_CORE_KINDS.contains(key.kind()));
        if (collectable
            && key.namespace().equals(namespace)
            && !keep.contains(key)
            && store
                .get(key)
                .filter(object -> isOf(group, object) && !hasRequests(object))
                .isPresent()) {
          store.delete(key);
        }
      }
    } finally {
      time.unlock();
    }
  }

  /** What plays helm-controller, for whoever has the time of this cluster to himself. */
  HelmController helm() {
    return helm;
  }

  /** Ends the simulation; what is asked afterwards is answered from what was. */
  @Override
  public void close() {
    time.close();
  }

  /** Makes every later action of Helm for that release (application) go wrong in that way. */
  public void fail(String release, Fault fault) {
    locked(() -> helm.fail(release, fault));
  }

  /** Makes the next action of Helm for that release (application) time out. */
  public void failOnce(String release) {
    locked(() -> helm.failOnce(release));
  }

  /** Makes every later install and upgrade of that release last so long, its timeout at most. */
  public void lasts(String release, Duration action) {
    locked(() -> helm.lasts(release, "install", action));
    locked(() -> helm.lasts(release, "upgrade", action));
  }

  /** Takes back {@link #fail}. */
  public void heal(String release) {
    locked(() -> helm.heal(release));
  }

  /**
   * Stands for a change by hand of an object that the release (application) deployed. Flux sees it
   * at the release's next pass, by token or interval, when its {@code driftDetection} looks for it.
   *
   * @throws IllegalArgumentException when no such release is installed
   */
  public void drift(String release) {
    locked(() -> helm.drift(release));
  }

  /**
   * Changes an object as {@code kubectl edit} does: everything but the status and what the server
   * itself writes.
   *
   * @throws IllegalArgumentException when there is no such object
   * @throws ClusterException when the change is refused
   */
  public void edit(String kind, String namespace, String name, UnaryOperator<Manifest> change)
      throws ClusterException {
    time.lock();
    try {
      ObjectKey key =
          find(kind, namespace, name)
              .map(ObjectKey::of)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "there is no " + kind + " \"" + namespace + "/" + name + "\""));
      store.edit(key, change);
    } catch (RejectedException e) {
      throw rejected("edit", e);
    } finally {
      time.unlock();
    }
  }

  /** Returns the object as it is now; empty when there is none. */
  public Optional<Manifest> find(String kind, String namespace, String name) {
    time.lock();
    try {
      return store.keys().stream()
          .filter(
              key ->
                  key.kind().equals(kind)
                      && key.namespace().equals(namespace)
                      && key.name().equals(name))
          .findFirst()
          .flatMap(store::get);
    } finally {
      time.unlock();
    }
  }

  /** Returns what of the group is there in that namespace, as {@code kind/name}; sorted. */
  public List<String> names(String group, String namespace) {
    time.lock();
    try {
      return store.keys().stream()
          .filter(key -> key.namespace().equals(namespace))
          .filter(key -> store.get(key).filter(o -> isOf(GroupName.parse(group), o)).isPresent())
          .map(key -> key.kind() + "/" + key.name())
          .sorted()
          .toList();
    } finally {
      time.unlock();
    }
  }

  /** Deletes the object as {@code kubectl delete --wait=false} does. */
  public void delete(String kind, String namespace, String name) {
    time.lock();
    try {
      find(kind, namespace, name).map(ObjectKey::of).ifPresent(store::delete);
    } finally {
      time.unlock();
    }
  }

  /**
   * Returns the objects that the HelmRelease has deployed, in Helm's order; none when it is not
   * installed.
   */
  public List<Manifest> deployed(String namespace, String helmRelease) {
    time.lock();
    try {
      return helm.deployed(
          new ObjectKey(HelmController.GROUP, HelmController.KIND, namespace, helmRelease));
    } finally {
      time.unlock();
    }
  }

  /**
   * Returns everything that any release deployed and that is there, sorted by kind, namespace and
   * name. An object that was deleted and made again has another {@code metadata.uid}.
   */
  public List<Manifest> objects() {
    time.lock();
    try {
      return helm.objects();
    } finally {
      time.unlock();
    }
  }

  /** Tells the watcher of the group, soon and without the lock; several changes are one. */
  private void notice(ObjectKey key, @Nullable Manifest before, @Nullable Manifest after) {
    boolean watched =
        HelmController.isRelease(key)
            || (key.kind().equals(WorkflowController.KIND)
                && key.group().equals(WorkflowController.GROUP));
    for (Manifest object : Stream.of(before, after).filter(Objects::nonNull).toList()) {
      GroupName group = watched || hasRequests(object) ? groupOf(object) : null;
      if (watcher != null && group != null && changedGroups.add(group)) {
        time.outside(() -> tell(group));
      }
    }
  }

  /** Whether it is a ConfigMap whose annotations are requests. */
  private static boolean hasRequests(Manifest object) {
    return object.kind().equals("ConfigMap")
        && object.label(Labels.REQUESTS).filter("true"::equals).isPresent();
  }

  private void tell(GroupName group) {
    Consumer<GroupName> told;
    time.lock();
    try {
      changedGroups.remove(group);
      told = watcher;
    } finally {
      time.unlock();
    }
    if (told != null) {
      told.accept(group);
    }
  }

  private static @Nullable GroupName groupOf(Manifest object) {
    String label = object.label(Labels.GROUP).orElse("");
    boolean ours = object.label(Labels.MANAGED_BY).filter(Labels.SEGUE::equals).isPresent();
    try {
      return ours && !label.isEmpty() ? GroupName.parse(label) : null;
    } catch (IllegalArgumentException e) {
      return null; // somebody else's label of the same name
    }
  }

  private static boolean isOf(GroupName group, Manifest object) {
    return Objects.equals(groupOf(object), group);
  }

  private void locked(Runnable action) {
    time.lock();
    try {
      action.run();
    } finally {
      time.unlock();
    }
  }

  private void say(String what) {
    Duration since = Duration.between(time.start(), time.now());
    log.accept(PREFIX + " " + Timestamps.offset(since) + " " + what);
  }

  private static ClusterException rejected(String operation, RejectedException cause) {
    return new ClusterException(
        ProblemCode.CLUSTER_REJECTED,
        false,
        "cannot " + operation + " on the embedded cluster: " + cause.getMessage(),
        cause);
  }
}
