// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.yaml.YamlWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One pass of helm-controller over one release (helmrelease_controller.go and atomic_release.go of
 * Flux): prerequisites, then at most one action of Helm. Its status is written at the points at
 * which Flux writes it.
 */
final class HelmPass {
  static final String FINALIZER = "finalizers.fluxcd.io";

  private final ObjectKey key;
  private final ObjectStore store;
  private final SimulatedTime time;
  private final ChartStore charts;
  private final ChartSources sources;
  private final Conduct conduct;
  private final PassEnding ending;

  HelmPass(
      ObjectKey key,
      ObjectStore store,
      SimulatedTime time,
      ChartStore charts,
      ChartSources sources,
      Conduct conduct,
      PassEnding ending) {
    this.key = key;
    this.store = store;
    this.time = time;
    this.charts = charts;
    this.sources = sources;
    this.conduct = conduct;
    this.ending = ending;
  }

  void run() {
    store.get(key).ifPresent(this::begin);
  }

  private void begin(Manifest release) {
    if (release.at("metadata", "deletionTimestamp") != null) {
      new Uninstall(key, store, time, conduct, ending).run(release);
      return;
    }
    store.update(key, r -> Fields.with(r, List.of(FINALIZER), "metadata", "finalizers"));
    ReleaseStatus status = new ReleaseStatus(release);
    if (Boolean.TRUE.equals(release.at("spec", "suspend"))) {
      status.observeGeneration();
      finish(release, status);
      ending.done();
      return;
    }
    status.mark(
        Conditions.RECONCILING, "True", "Progressing", "Fulfilling prerequisites", time.now());
    write(status);
    later(Timings.HELM_PREPARATION, this::prepare);
  }

  private void prepare(Manifest release) {
    ReleaseStatus status = new ReleaseStatus(release);
    Optional<String> unready = spec(release).unreadyDependency(store);
    if (unready.isPresent()) {
      notReady(release, status, "DependencyNotReady", unready.get());
      ending.again(Timings.DEPENDENCY_RETRY);
      return;
    }
    ChartSources.Found found;
    try {
      found = sources.find(release, key.namespace());
    } catch (ChartSources.NotReadyException e) {
      notReady(release, status, e.reason(), e.getMessage());
      if (e.reason().equals("SourceNotReady")) {
        ending.again(Timings.DEPENDENCY_RETRY);
      } else {
        ending.againAfterError();
      }
      return;
    }
    Values values;
    try {
      values = new ReleaseValues(store, key.namespace(), conduct).of(release);
    } catch (IllegalArgumentException e) {
      notReady(release, status, "ValuesError", String.valueOf(e.getMessage()));
      ending.againAfterError();
      return;
    }
    String digest = Digest.of(YamlWriter.write(values.tree())).toString();
    resetFailures(release, status, found, digest);
    status.put("storageNamespace", spec(release).releaseNamespace());
    status.put("lastAttemptedGeneration", release.number("metadata", "generation").orElse(1L));
    status.put("lastAttemptedRevision", found.version());
    status.put("lastAttemptedConfigDigest", digest);
    decide(release, status, found, values, digest);
  }

  /** A new spec, chart or value forgives earlier failures, and so does a reset that is asked. */
  private static void resetFailures(
      Manifest release, ReleaseStatus status, ChartSources.Found found, String digest) {
    boolean asked = status.takesRequest(release, Labels.RESET_AT, "lastHandledResetAt");
    boolean changed =
        status.number("lastAttemptedGeneration")
                != release.number("metadata", "generation").orElse(1L)
            || !status.text("lastAttemptedRevision").equals(found.version())
            || !status.text("lastAttemptedConfigDigest").equals(digest);
    if (asked || changed) {
      status.clearFailures();
    }
  }

  private void decide(
      Manifest release,
      ReleaseStatus status,
      ChartSources.Found found,
      Values values,
      String digest) {
    Optional<String> latest = status.latest("status");
    boolean install = latest.isEmpty();
    boolean inSync =
        latest.filter("deployed"::equals).isPresent()
            && status.latest("chartName").filter(found.chart().name()::equals).isPresent()
            && status.latest("chartVersion").filter(found.version()::equals).isPresent()
            && status.latest("configDigest").filter(digest::equals).isPresent()
            && !spec(release).hasOtherCommonMetadata(status);
    HelmAction action = new HelmAction(spec(release), install, found, values, digest);
    boolean forced = status.takesRequest(release, Labels.FORCE_AT, "lastHandledForceAt");
    Optional<Drift> drift = inSync ? conduct.drift(release) : Optional.empty();
    if (drift.isPresent()) {
      drifted(action, status, drift.get()); // before a forced upgrade, which is then taken as done
    } else if (inSync && !forced) {
      status.truncateHistory();
      Drift.none(action.spec(), status, time.now());
      inSync(action, status);
    } else if (!forced && failures(status, install) > spec(release).retries(install)) {
      stall(action, status);
    } else {
      act(action, status);
    }
  }

  /** Nothing is to be done, or no more. */
  private void inSync(HelmAction action, ReleaseStatus status) {
    status.conditions().remove(Conditions.RECONCILING);
    if (!status.conditions().isTrue(Conditions.RELEASED)) {
      released(action, status);
    }
    status.summarize(action.spec(), time.now());
    status.observeGeneration();
    finish(action.spec().release(), status);
    ending.done();
  }

  private void drifted(HelmAction action, ReleaseStatus status, Drift drift) {
    drift.mark(action.spec(), status, time.now());
    ending.say("Drifted: " + drift.object());
    if (!action.spec().correctsDrift()) {
      inSync(action, status);
      return;
    }
    String message = Drift.correcting(action.spec().timeout(action.verb()));
    status.mark(Conditions.RECONCILING, "True", "Progressing", message, time.now());
    write(status);
    later(
        Timings.HELM_ACTION,
        now -> {
          ReleaseStatus corrected = new ReleaseStatus(now, action.spec().release());
          ending.corrected(action.spec());
          ending.say("drift corrected");
          Drift.none(action.spec(), corrected, time.now());
          inSync(action, corrected);
        });
  }

  private void act(HelmAction action, ReleaseStatus status) {
    Duration timeout = action.spec().timeout(action.verb());
    String message =
        "Running '" + action.verb() + "' action with timeout of " + Timestamps.go(timeout);
    status.mark(Conditions.RECONCILING, "True", "Progressing", message, time.now());
    status.mark(Conditions.READY, "Unknown", "Progressing", message, time.now());
    status.put("lastAttemptedReleaseAction", action.verb());
    write(status);
    ending.say(action.verb() + " of " + action.chart());
    Fault fault = conduct.fault(action.spec().release());
    if (fault == Fault.NEVER_READY) {
      hang();
      return;
    }
    List<Manifest> objects;
    try {
      if (fault == Fault.ERRORS) {
        throw new IllegalArgumentException("an error was asked for");
      }
      objects = render(action);
    } catch (ChartException | IllegalArgumentException e) {
      notRendered(action, status, String.valueOf(e.getMessage()));
      return;
    }
    Duration needed =
        conduct.lasts(action.spec().release(), action.verb(), HelmAction.duration(objects));
    boolean succeeds = fault == null && needed.compareTo(timeout) <= 0;
    later(
        succeeds ? needed : timeout,
        now -> {
          if (succeeds) {
            succeed(action, new ReleaseStatus(now, action.spec().release()), objects);
          } else {
            ending.released(action.spec(), objects, false);
            timedOut(action, new ReleaseStatus(now, action.spec().release()), timeout);
          }
        });
  }

  /** Keeps the pass under way until the release is deleted or healed. */
  private void hang() {
    later(
        Timings.DEPENDENCY_RETRY,
        now -> {
          boolean deleted = now.at("metadata", "deletionTimestamp") != null;
          if (deleted || conduct.fault(now) != Fault.NEVER_READY) {
            ending.again(Duration.ZERO);
          } else {
            hang();
          }
        });
  }

  private List<Manifest> render(HelmAction action) throws ChartException {
    HelmOutput output =
        charts.render(
            new ChartStore.RenderRequest(
                action.found().chart(),
                ReleaseName.parse(action.spec().releaseName()),
                Namespace.parse(action.spec().releaseNamespace()),
                EmbeddedCluster.KUBERNETES_VERSION,
                action.values()));
    return HelmObjects.withCommonMetadata(RenderedObjects.of(output), action.spec());
  }

  private void succeed(HelmAction action, ReleaseStatus status, List<Manifest> objects) {
    record(action, status, true);
    status.truncateHistory();
    status.clearFailures();
    released(action, status);
    status.conditions().remove(Conditions.RECONCILING);
    Drift.none(action.spec(), status, time.now());
    status.summarize(action.spec(), time.now());
    status.observeGeneration();
    ending.released(action.spec(), objects, true);
    finish(action.spec().release(), status);
    ending.say("Ready");
    ending.done();
  }

  private void released(HelmAction action, ReleaseStatus status) {
    String message = action.succeeded(status.latest("version").orElse("1"));
    status.mark(Conditions.RELEASED, "True", action.reason("Succeeded"), message, time.now());
  }

  private void timedOut(HelmAction action, ReleaseStatus status, Duration timeout) {
    record(action, status, false);
    status.countFailure(action.install());
    markFailed(
        action,
        status,
        "resource "
            + action.spec().release().name()
            + " not ready after "
            + Timestamps.go(timeout)
            + ": context deadline exceeded");
    if (failures(status, action.install()) > action.spec().retries(action.install())) {
      stall(action, status);
    } else {
      status.mark(
          Conditions.RECONCILING,
          "True",
          "ProgressingWithRetry",
          status.conditions().get(Conditions.READY, "message").orElse(""),
          time.now());
      finish(action.spec().release(), status);
      ending.again(action.spec().retryInterval(action.verb()));
    }
  }

  private void notRendered(HelmAction action, ReleaseStatus status, String why) {
    if (action.install()) {
      status.clearHistory();
    }
    markFailed(action, status, why);
    finish(action.spec().release(), status);
    ending.say("does not render: " + why);
    ending.againAfterError();
  }

  private void markFailed(HelmAction action, ReleaseStatus status, String why) {
    status.mark(
        Conditions.RELEASED, "False", action.reason("Failed"), action.failed(why), time.now());
    status.summarize(action.spec(), time.now());
  }

  private void stall(HelmAction action, ReleaseStatus status) {
    String message =
        "Failed to "
            + action.verb()
            + " after "
            + failures(status, action.install())
            + " attempt(s)";
    status.mark(Conditions.STALLED, "True", "RetriesExceeded", message, time.now());
    status.observeGeneration();
    finish(action.spec().release(), status);
    ending.say("Stalled: " + message);
    ending.done();
  }

  private void record(HelmAction action, ReleaseStatus status, boolean deployed) {
    if (action.install()) {
      status.clearHistory();
    }
    status.record(action.snapshot(deployed), time.now());
  }

  private void notReady(Manifest release, ReleaseStatus status, String reason, String message) {
    status.mark(Conditions.READY, "False", reason, message, time.now());
    finish(release, status);
    ending.say(reason + ": " + message);
  }

  /** Writes the status at the pass's end: whoever asked for the pass sees that it was done. */
  private void finish(Manifest release, ReleaseStatus status) {
    release
        .annotation(Labels.REQUESTED_AT)
        .ifPresent(token -> status.put("lastHandledReconcileAt", token));
    write(status);
  }

  private void write(ReleaseStatus status) {
    store.updateStatus(key, status.toStatus());
  }

  /**
   * Goes on after that time with the release as it is then, if it is still there. The pass keeps
   * the spec with which it began.
   */
  private void later(Duration delay, Consumer<Manifest> next) {
    time.schedule(delay, () -> store.get(key).ifPresent(next));
  }

  private static long failures(ReleaseStatus status, boolean install) {
    return status.number(install ? "installFailures" : "upgradeFailures");
  }

  private ReleaseSpec spec(Manifest release) {
    return new ReleaseSpec(release, key.namespace());
  }
}
