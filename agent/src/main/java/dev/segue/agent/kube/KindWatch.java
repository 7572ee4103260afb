// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The watch of the objects of one kind. */
final class KindWatch implements AutoCloseable {
  /** So many Workflows come at once with a first list, each with all its templates. */
  private static final long PAGE = 50;

  private final Selection selection;
  private final KubernetesClient client;
  private final ApiServer server;
  private final Limits limits;
  private final WatchedItems items;
  private final OwnWrites writes;
  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private volatile long aliveAt = System.nanoTime();
  private volatile @Nullable ClusterException cause;

  /**
   * @param changed told of each object that changed, as it was and as it is
   */
  KindWatch(
      Selection selection,
      KubernetesClient client,
      ApiServer server,
      Limits limits,
      Consumer<List<ObjectMeta>> changed) {
    this.selection = selection;
    this.client = client;
    this.server = server;
    this.limits = limits;
    this.items = new WatchedItems(client.getKubernetesSerialization());
    this.writes = new OwnWrites(limits.staleAfter());
    var kind = client.genericKubernetesResources(selection.resource().context());
    @Nullable String namespace = selection.namespace();
    this.informer =
        (namespace == null ? kind.inAnyNamespace() : kind.inNamespace(namespace))
            .withLabels(selection.labels()) // none selects all
            .withLimit(PAGE)
            .runnableInformer(0)
            .removeNamespaceIndex()
            .itemStore(items)
            .exceptionHandler((started, failure) -> started)
            .addEventHandler(new Notifier(changed));
  }

  /** Returns when the first list is complete. */
  void start() throws ClusterException {
    probe(true);
    try {
      informer
          .start()
          .toCompletableFuture()
          .get(limits.firstList().toMillis(), TimeUnit.MILLISECONDS);
      aliveAt = System.nanoTime();
    } catch (ExecutionException e) {
      throw classify(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw classify(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw classify(e);
    }
  }

  /** To be called now and then: notes whether the watch stands, and if not, why. */
  void check() {
    writes.settle(items::find);
    if (informer.isWatching()) {
      aliveAt = System.nanoTime();
      cause = null;
    } else if (downNanos() > limits.staleAfter().toNanos() / 2) {
      try {
        probe(false);
      } catch (ClusterException e) {
        cause = e;
      }
    }
  }

  /** The group's objects as they are now, in no order. */
  List<Manifest> observe(GroupName group) throws ClusterException {
    demandFresh();
    // First the writes, then the watch: what moves from one to the other meanwhile is seen.
    List<Manifest> ahead = writes.ahead(group, items::find);
    return merged(ahead, items.of(group));
  }

  /** All objects as they are now, in no order. */
  List<Manifest> observe() throws ClusterException {
    demandFresh();
    List<Manifest> ahead = writes.ahead(items::find);
    return merged(ahead, items.all());
  }

  /**
   * One object as it is now.
   *
   * @param key see {@link WatchedItems#keyOf}
   */
  Optional<Manifest> find(String key) throws ClusterException {
    demandFresh();
    Optional<Manifest> ahead = writes.ahead(key, items::find);
    return ahead.isPresent() ? ahead : items.find(key);
  }

  private static List<Manifest> merged(List<Manifest> ahead, List<Manifest> watched) {
    Set<String> newer = ahead.stream().map(WatchedItems::keyOf).collect(Collectors.toSet());
    List<Manifest> found = new ArrayList<>(ahead);
    watched.stream().filter(item -> !newer.contains(WatchedItems.keyOf(item))).forEach(found::add);
    return found;
  }

  private void demandFresh() throws ClusterException {
    long down = downNanos();
    if (down > limits.staleAfter().toNanos()) {
      ClusterException why = cause;
      String since =
          target("watch").cannot() + " for " + TimeUnit.NANOSECONDS.toSeconds(down) + " s";
      throw why == null
          ? new ClusterException(ProblemCode.CLUSTER_UNREACHABLE, true, since, null)
          : new ClusterException(why.code(), true, since + ": " + why.getMessage(), why);
    }
  }

  /** Takes what the API server returned for a write of ours, when it is one that is watched. */
  void wrote(Manifest written) {
    if (selection.contains(written)) {
      writes.add(Reduced.of(written.fields()));
    }
  }

  /** What we wrote of it last says nothing any more. */
  void forget(Manifest object) {
    if (selection.contains(object)) {
      writes.forget(WatchedItems.keyOf(object));
    }
  }

  @Override
  public void close() {
    informer.stop();
  }

  private long downNanos() {
    return System.nanoTime() - aliveAt;
  }

  /** Lists one object's name, to hear in plain words what stands in the way. */
  private void probe(boolean patiently) throws ClusterException {
    Target target = target("watch");
    String path = selection.path() + "?limit=1&" + selection.query();
    Request request = Request.listMetadata(target, path);
    Answer answer = patiently ? server.ask(request) : server.send(request);
    if (!answer.successful() || answer.fields() == null) {
      throw Failures.answered(target, selection.resource(), answer);
    }
  }

  private ClusterException classify(Throwable failure) {
    if (Failures.find(failure, KubernetesClientException.class)
            instanceof KubernetesClientException refused
        && refused.getCode() >= 400) {
      String message =
          refused.getStatus() == null || refused.getStatus().getMessage() == null
              ? ""
              : refused.getStatus().getMessage();
      Answer answer = new Answer(refused.getCode(), 0, Map.of("message", message));
      return Failures.answered(target("watch"), selection.resource(), answer);
    }
    return Failures.unanswered(target("watch"), client.getMasterUrl(), limits.firstList(), failure);
  }

  private Target target(String operation) {
    @Nullable String namespace = selection.namespace();
    String all = namespace == null ? " in all namespaces" : "";
    return new Target(operation, selection.resource().kind() + "s" + all, namespace, null);
  }

  /** Tells of what changed, and the writes of what ended. */
  private final class Notifier implements ResourceEventHandler<GenericKubernetesResource> {
    private final Consumer<List<ObjectMeta>> changed;

    private Notifier(Consumer<List<ObjectMeta>> changed) {
      this.changed = changed;
    }

    @Override
    public void onAdd(GenericKubernetesResource object) {
      changed.accept(List.of(object.getMetadata()));
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
      changed.accept(List.of(before.getMetadata(), now.getMetadata()));
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
      writes.ended(items.getKey(object), object.getMetadata().getResourceVersion());
      changed.accept(List.of(object.getMetadata()));
    }
  }
}
