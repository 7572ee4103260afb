// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartStore;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Flux's helm-controller: one pass per release at a time, begun some time after a change, so that
 * the old status stands for a while.
 */
final class HelmController implements ObjectStore.Listener {
  static final String GROUP = "helm.toolkit.fluxcd.io";
  static final String KIND = "HelmRelease";

  private final ObjectStore store;
  private final SimulatedTime time;
  private final ChartStore charts;
  private final ChartSources sources;
  private final Consumer<String> log;
  private final Map<String, Fault> faults = new HashMap<>();
  private final Map<String, Duration> lasting = new HashMap<>();
  private final Set<String> staying = new HashSet<>();
  private final Set<String> missing = new TreeSet<>();
  private final Set<String> failsOnce = new HashSet<>();
  private final Map<ObjectKey, Queue> queues = new TreeMap<>();
  private final HelmObjects objects = new HelmObjects();
  private final Set<ObjectKey> drifted = new TreeSet<>();
  private @Nullable Duration lastingOtherwise;
  private boolean doesWithout;
  private @Nullable ObjectKey restored;

  HelmController(
      ObjectStore store,
      SimulatedTime time,
      ChartStore charts,
      ChartSources sources,
      Consumer<String> log) {
    this.store = store;
    this.time = time;
    this.charts = charts;
    this.sources = sources;
    this.log = log;
  }

  /** What is to be done for one release. */
  private static final class Queue {
    private boolean busy;
    private boolean asked;
    private long ticket;
    private int errors;
    private Instant endedAt = Instant.EPOCH;
  }

  @Override
  public void changed(ObjectKey key, @Nullable Manifest before, @Nullable Manifest after) {
    if (key.group().equals(ChartSources.GROUP)) {
      wakeWaiting();
    } else if (isRelease(key) && !key.equals(restored)) {
      if (after == null) {
        queues.remove(key);
      } else if (before == null || isAsked(before, after)) {
        ask(key, Timings.HELM_REACTION);
      }
    }
  }

  static boolean isRelease(ObjectKey key) {
    return key.group().equals(GROUP) && key.kind().equals(KIND);
  }

  private static boolean isAsked(Manifest before, Manifest after) {
    return !Objects.equals(
            before.number("metadata", "generation"), after.number("metadata", "generation"))
        || !before.annotation(Labels.REQUESTED_AT).equals(after.annotation(Labels.REQUESTED_AT))
        || !Objects.equals(
            before.at("metadata", "deletionTimestamp"), after.at("metadata", "deletionTimestamp"));
  }

  /** A source has changed: releases that wait for one look again. */
  private void wakeWaiting() {
    for (Manifest release : store.list(GROUP, KIND)) {
      boolean waits =
          new Conditions(release.at("status", "conditions"))
              .get(Conditions.READY, "reason")
              .filter(Set.of("SourceNotReady", "ArtifactFailed")::contains)
              .isPresent();
      if (waits) {
        ask(ObjectKey.of(release), Timings.HELM_REACTION);
      }
    }
  }

  /** Has the release looked at after that time, or at once after the pass that is under way. */
  private void ask(ObjectKey key, Duration delay) {
    Queue queue = queues.computeIfAbsent(key, k -> new Queue());
    if (queue.busy) {
      queue.asked = true;
      return;
    }
    long ticket = ++queue.ticket;
    time.schedule(
        delay,
        () -> {
          if (queues.get(key) == queue && queue.ticket == ticket && !queue.busy) {
            begin(key, queue);
          }
        });
  }

  private void begin(ObjectKey key, Queue queue) {
    if (store.get(key).isEmpty()) {
      return;
    }
    queue.busy = true;
    queue.asked = false;
    new HelmPass(key, store, time, charts, sources, new Doing(), new Ending(key, queue)).run();
  }

  /** What was asked of this cluster. */
  private final class Doing implements Conduct {
    @Override
    public @Nullable Fault fault(Manifest release) {
      return faultOf(release);
    }

    @Override
    public boolean staysWhenDeleted(Manifest release) {
      return staying.contains(nameOf(release));
    }

    @Override
    public Optional<Drift> drift(Manifest release) {
      return driftOf(release);
    }

    @Override
    public Duration lasts(Manifest release, String action, Duration otherwise) {
      Duration known = lasting.getOrDefault(nameOf(release) + " " + action, lastingOtherwise);
      Duration timeout = new ReleaseSpec(release, "").timeout(action);
      return known == null ? otherwise : known.compareTo(timeout) > 0 ? timeout : known;
    }

    @Override
    public boolean doesWithout(String holder) {
      if (doesWithout) {
        missing.add(holder);
      }
      return doesWithout;
    }
  }

  private @Nullable Fault faultOf(Manifest release) {
    String name = nameOf(release);
    return failsOnce.remove(name) ? Fault.TIMES_OUT : faults.get(name);
  }

  private static String nameOf(Manifest release) {
    return release.label(Labels.RELEASE).orElse(release.name());
  }

  void failOnce(String release) {
    failsOnce.add(release);
  }

  void fail(String release, Fault fault) {
    faults.put(release, fault);
  }

  /** Has every uninstall of the release time out. */
  void failToUninstall(String release) {
    staying.add(release);
  }

  void heal(String release) {
    faults.remove(release);
    staying.remove(release);
  }

  /** Has each action of the release take that long, its timeout at most. */
  void lasts(String release, String action, Duration duration) {
    lasting.put(release + " " + action, duration);
  }

  /** Has every action take that long of which nothing else is said, its timeout at most. */
  void lastsOtherwise(Duration duration) {
    lastingOtherwise = duration;
  }

  /** From now on values that are not there are none. */
  void doWithoutValues() {
    doesWithout = true;
  }

  /** The ConfigMaps and Secrets with values that were done without; sorted. */
  List<String> missingValues() {
    return List.copyOf(missing);
  }

  /**
   * Puts in a release as it was left in another cluster: nothing is done for it until it changes.
   *
   * @param version of the chart that was released last
   * @param ready whether that went well; otherwise Flux has given up
   * @param deployed the objects that it left
   */
  void restore(
      Manifest release, String chart, String version, boolean ready, List<Manifest> deployed)
      throws RejectedException {
    ObjectKey key = ObjectKey.of(release);
    restored = key;
    try {
      store.create(key, release);
      Manifest created = store.get(key).orElseThrow();
      ReleaseSpec spec = new ReleaseSpec(created, key.namespace());
      ReleaseStatus status = ReleaseStatus.left(spec, chart, version, ready, time.now());
      store.update(
          key,
          r -> {
            Manifest held = Fields.with(r, List.of(HelmPass.FINALIZER), "metadata", "finalizers");
            return Fields.with(held, status.toStatus(), "status");
          });
      objects.release(key, spec, deployed, ready);
    } finally {
      restored = null;
    }
  }

  /** An object of the release is changed by hand: seen by a pass that looks for it. */
  void drift(String release) {
    List<ObjectKey> keys = new ArrayList<>();
    for (Manifest object : store.list(GROUP, KIND)) {
      ObjectKey key = ObjectKey.of(object);
      if (nameOf(object).equals(release) && !deployed(key).isEmpty()) {
        keys.add(key);
        drifted.add(key);
        if (new ReleaseSpec(object, key.namespace()).detectsDrift()) {
          ask(key, untilNextPass(key, object));
        }
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("\"" + release + "\" must be an installed release");
    }
  }

  private Duration untilNextPass(ObjectKey key, Manifest release) {
    Queue queue = queues.get(key);
    Instant last = queue == null ? time.now() : queue.endedAt;
    Duration interval =
        release.text("spec", "interval").flatMap(Timestamps::parse).orElse(Timings.HELM_INTERVAL);
    Duration left = Duration.between(time.now(), last.plus(interval));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Optional<Drift> driftOf(Manifest release) {
    ObjectKey key = ObjectKey.of(release);
    ReleaseSpec spec = new ReleaseSpec(release, key.namespace());
    return drifted.contains(key) && spec.detectsDrift()
        ? deployed(key).stream().findFirst().map(object -> Drift.of(object, spec))
        : Optional.empty();
  }

  /** The objects of the release as they were deployed last; none when it is not installed. */
  List<Manifest> deployed(ObjectKey release) {
    return objects.deployed(release);
  }

  /** Everything that Helm released and nobody deleted. */
  List<Manifest> objects() {
    return objects.all();
  }

  /** What happens when a pass is over. */
  private final class Ending implements PassEnding {
    private final ObjectKey key;
    private final Queue queue;

    Ending(ObjectKey key, Queue queue) {
      this.key = key;
      this.queue = queue;
    }

    @Override
    public void released(ReleaseSpec spec, List<Manifest> manifest, boolean well) {
      drifted.remove(key);
      objects.release(key, spec, manifest, well);
    }

    @Override
    public void uninstalled(ReleaseSpec spec) {
      drifted.remove(key);
      objects.uninstall(key, spec);
    }

    @Override
    public void corrected(ReleaseSpec spec) {
      drifted.remove(key);
      objects.correct(key, spec);
    }

    @Override
    public void done() {
      queue.errors = 0;
      release(null);
    }

    @Override
    public void again(Duration delay) {
      queue.errors = 0;
      release(delay);
    }

    @Override
    public void againAfterError() {
      long factor = 1L << Math.min(queue.errors++, 20);
      Duration wait = Timings.BACKOFF.multipliedBy(factor);
      release(wait.compareTo(Timings.BACKOFF_MOST) > 0 ? Timings.BACKOFF_MOST : wait);
    }

    private void release(@Nullable Duration next) {
      queue.busy = false;
      queue.endedAt = time.now();
      if (queue.asked) {
        ask(key, Timings.HELM_PREPARATION);
      } else if (next != null) {
        ask(key, next);
      }
    }

    @Override
    public void say(String what) {
      log.accept("release " + key.name() + " " + what);
    }
  }
}
