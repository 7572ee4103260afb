// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides for each release what is done, and the order of what is done. */
public final class Planner {
  /** The digits of a digest that a HelmRelease's label carries. */
  public static final int LABEL_DIGITS = 16;

  private final DesiredGroup desired;
  private final Purpose purpose;
  private final Inventory inventory;
  private final ReleaseGraph deployed;
  private final Map<ReleaseName, LiveRelease> live;
  private final Map<ReleaseName, List<String>> drift;
  private final Function<ReleaseName, Optional<Values>> previousValues;
  private final Handovers handovers;

  private Planner(
      DesiredGroup desired,
      Purpose purpose,
      Inventory inventory,
      Map<ReleaseName, LiveRelease> live,
      Map<ReleaseName, List<String>> drift,
      Function<ReleaseName, Optional<Values>> previousValues) {
    this.desired = desired;
    this.purpose = purpose;
    this.drift = drift;
    this.inventory = inventory;
    this.deployed = inventory.graph();
    this.live = live;
    this.previousValues = previousValues;
    this.handovers = new Handovers(desired, inventory, live);
  }

  /**
   * Returns the smallest plan that makes the cluster what {@code desired} says.
   *
   * @param live the group's HelmReleases by release
   * @param drift the fields of HelmReleases that are no longer what was applied, by release
   * @param previousValues what a release's values were, sensitive ones masked; asked for upgrades
   *     only
   */
  public static Plan plan(
      DesiredGroup desired,
      Purpose purpose,
      Inventory inventory,
      Map<ReleaseName, LiveRelease> live,
      Map<ReleaseName, List<String>> drift,
      Function<ReleaseName, Optional<Values>> previousValues) {
    return new Planner(desired, purpose, inventory, live, drift, previousValues).plan();
  }

  /** Returns the plan of a release where nobody changed anything by hand. */
  public static Plan plan(
      DesiredGroup desired,
      Inventory inventory,
      Map<ReleaseName, LiveRelease> live,
      Function<ReleaseName, Optional<Values>> previousValues) {
    return plan(desired, Purpose.RELEASE, inventory, live, Map.of(), previousValues);
  }

  private Plan plan() {
    List<Change> changes = new ArrayList<>();
    desired.graph().order().forEach(name -> changes.add(classify(desired.release(name))));
    changes.addAll(deletions());
    if (changes.stream().anyMatch(change -> !(change instanceof Change.Keep))) {
      changes.replaceAll(this::awaited);
    }
    List<Step> steps = StepOrder.steps(desired.graph(), deployed, purpose, changes);
    return new Plan(desired, purpose, inventory, changes, steps);
  }

  /**
   * A release that is as wanted and not ready is no reason for a Workflow; one that is made anyway
   * waits for it, since it must not end well before everything is.
   */
  private Change awaited(Change change) {
    LiveRelease now = live.get(change.release());
    return change instanceof Change.Keep keep
            && now != null
            && now.state() == LiveRelease.State.PROGRESSING
        ? new Change.Repair(
            keep.desired(),
            true,
            false,
            List.of(now.reason().isEmpty() ? "not ready" : "not ready: " + now.reason()))
        : change;
  }

  private Change classify(DesiredRelease release) {
    LiveRelease now = live.get(release.name());
    if (handovers.adopts(release)) {
      return new Change.Adopt(release, now != null, List.of(adoptReason(release)));
    }
    if (now == null) {
      return new Change.Install(release, List.of(installReason(release.name())));
    }
    String wanted = release.digest().prefix(LABEL_DIGITS);
    if (!handovers.yielded(release.name()).isEmpty()) {
      boolean yieldedBefore =
          List.of(LiveRelease.yielded(release.remaining()), wanted).contains(now.digest())
              || isDeployed(release, now);
      return new Change.Yield(release, now, !yieldedBefore, yieldReasons(release));
    }
    if (!now.digest().equals(wanted)) {
      boolean failed = now.state() == LiveRelease.State.FAILED;
      boolean forced = now.isHeld() || now.isBetween();
      return new Change.Upgrade(release, failed, forced, upgradeReasons(release));
    }
    if (now.state() == LiveRelease.State.FAILED) {
      return new Change.Repair(release, true, false, List.of("failed: " + now.reason()));
    }
    if (now.state() != LiveRelease.State.DELETING && isDrifted(release, now)) {
      List<String> reasons = new ArrayList<>();
      drift
          .getOrDefault(release.name(), List.of())
          .forEach(field -> reasons.add("drift: " + field + " was changed"));
      if (!now.drift().isEmpty()) {
        reasons.add("drift: " + now.drift());
      }
      return new Change.Repair(release, false, !now.drift().isEmpty(), reasons);
    }
    return new Change.Keep(release);
  }

  /** Where Flux is to correct what Helm deployed it does so by itself. */
  private boolean isDrifted(DesiredRelease release, LiveRelease now) {
    Object detection = release.settings().inlined().tree().get("driftDetection");
    boolean warns = PlainData.text(PlainData.map(detection), "mode").equals("warn");
    return drift.containsKey(release.name()) || (warns && !now.drift().isEmpty());
  }

  private String installReason(ReleaseName name) {
    return inventory.find(name).isPresent() ? "was released before and is not there" : "not there";
  }

  /** Whether Helm compares the next upgrade with this very chart, whatever failed since. */
  private static boolean isDeployed(DesiredRelease release, LiveRelease now) {
    return release.chart().pin() instanceof ChartPin.Derived parent
        && parent.commit() != null
        && now.deployed().endsWith("+" + parent.commit().shortHex());
  }

  private String adoptReason(DesiredRelease release) {
    ChartPin.Derivation part = DeployedRelease.part(release.chart().pin()).orElseThrow();
    return "takes over the objects of sub-chart \""
        + part.subchart()
        + "\" from release "
        + part.application()
        + ", no object is deleted";
  }

  private List<String> yieldReasons(DesiredRelease release) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "hands the objects of "
            + Handovers.named(handovers.yielded(release.name()))
            + " over to releases of their own, no object is deleted");
    boolean sameChart =
        release.chart().pin() instanceof ChartPin.Derived parent
            && inventory
                .find(release.name())
                .map(DeployedRelease::whole)
                .filter(parent.from().content()::equals)
                .isPresent();
    if (!sameChart) {
      reasons.add("the chart changes too: objects that it has no longer stay in the cluster");
    }
    reasons.addAll(upgradeReasons(release));
    return reasons;
  }

  private List<String> upgradeReasons(DesiredRelease release) {
    DeployedRelease before = inventory.find(release.name()).orElse(null);
    if (before == null) {
      return List.of("is there and was not released by this agent's record");
    }
    List<String> reasons = new ArrayList<>();
    SortedSet<String> taken = handovers.taken(release.name());
    if (!taken.isEmpty()) {
      reasons.add("takes over the objects of " + Handovers.named(taken) + ", no object is deleted");
    }
    if (!before.version().equals(release.chart().version())
        || !before.chart().equals(release.chart().name())) {
      reasons.add(
          "chart "
              + before.chart()
              + " "
              + before.version()
              + " → "
              + release.chart().name()
              + " "
              + release.chart().version());
    } else if (!before.content().equals(release.chart().content())) {
      reasons.add("chart " + before.chart() + " " + before.version() + " has other content");
    }
    if (!before.values().equals(release.valuesDigest())) {
      reasons.add(valuesReason(release));
    }
    if (!before.settings().equals(release.settingsDigest())) {
      reasons.add("release settings changed");
    }
    return reasons.isEmpty() ? List.of("the last attempt did not reach it") : reasons;
  }

  private String valuesReason(DesiredRelease release) {
    Values now = release.settings().values();
    List<String> paths =
        previousValues
            .apply(release.name())
            .map(before -> ValuesDiff.changedPaths(before, now, release.settings().sensitive()))
            .orElse(List.of());
    return paths.isEmpty() ? "values changed" : "values changed: " + String.join(", ", paths);
  }

  /** What was deployed and is no longer wanted: dependants before what they depend on. */
  private List<Change> deletions() {
    List<Change> deletions = new ArrayList<>();
    for (ReleaseName name : deployed.order()) {
      DeployedRelease release = inventory.find(name).orElseThrow();
      if (!desired.releases().containsKey(name) && live.containsKey(name)) {
        deletions.add(deletion(release));
      }
    }
    Collections.reverse(deletions);
    return deletions;
  }

  /** What a failed commit added goes again in any case: it was never anybody's. */
  private Change deletion(DeployedRelease release) {
    LiveRelease now = java.util.Objects.requireNonNull(live.get(release.name()));
    Optional<ReleaseName> into = handovers.into(release);
    if (into.isPresent()) {
      String reason = "its objects go to release " + into.get() + ", no object is deleted";
      return new Change.Dissolve(release, now, into.get(), List.of(reason));
    }
    if (purpose != Purpose.ROLLBACK && release.deletion() == Deletion.ORPHAN) {
      return new Change.Orphan(release, List.of("no longer declared, and to be left as it is"));
    }
    List<String> reasons = new ArrayList<>();
    reasons.add(purpose == Purpose.ROLLBACK ? "was not there before" : "no longer declared");
    if (now.hasYielded()) {
      reasons.add("what it was handing over to releases of their own stays in the cluster");
    }
    return keeps(now)
        ? new Change.Reclaim(release, now, reasons)
        : new Change.Delete(release, reasons);
  }

  /** Whether Helm's last manifest may keep the objects: where a release failed it may be older. */
  private static boolean keeps(LiveRelease now) {
    return now.isHeld() || (now.hasYielded() && now.state() == LiveRelease.State.FAILED);
  }

  /** Returns the live HelmReleases among {@code objects} by release. */
  public static Map<ReleaseName, LiveRelease> live(
      Iterable<dev.segue.renderer.model.Manifest> objects) {
    Map<ReleaseName, LiveRelease> live = new TreeMap<>();
    for (dev.segue.renderer.model.Manifest object : objects) {
      if (object.kind().equals("HelmRelease")) {
        @Nullable LiveRelease release = LiveRelease.of(object).orElse(null);
        if (release != null) {
          live.put(release.release(), release);
        }
      }
    }
    return live;
  }
}
