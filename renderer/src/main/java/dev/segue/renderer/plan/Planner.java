// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides for each release what is done, and the order of what is done. */
public final class Planner {
  /** The digits of a digest that a HelmRelease's label carries. */
  public static final int LABEL_DIGITS = 16;

  private final DesiredGroup desired;
  private final Inventory inventory;
  private final ReleaseGraph deployed;
  private final Map<ReleaseName, LiveRelease> live;
  private final Function<ReleaseName, Optional<Values>> previousValues;

  private Planner(
      DesiredGroup desired,
      Inventory inventory,
      Map<ReleaseName, LiveRelease> live,
      Function<ReleaseName, Optional<Values>> previousValues) {
    this.desired = desired;
    this.inventory = inventory;
    this.deployed = inventory.graph();
    this.live = live;
    this.previousValues = previousValues;
  }

  /**
   * Returns the smallest plan that makes the cluster what {@code desired} says.
   *
   * @param live the group's HelmReleases by release
   * @param previousValues what a release's values were, sensitive ones masked; asked for upgrades
   *     only
   */
  public static Plan plan(
      DesiredGroup desired,
      Inventory inventory,
      Map<ReleaseName, LiveRelease> live,
      Function<ReleaseName, Optional<Values>> previousValues) {
    return new Planner(desired, inventory, live, previousValues).plan();
  }

  private Plan plan() {
    List<Change> changes = new ArrayList<>();
    desired.graph().order().forEach(name -> changes.add(classify(desired.release(name))));
    changes.addAll(deletions());
    if (changes.stream().anyMatch(change -> !(change instanceof Change.Keep))) {
      changes.replaceAll(this::awaited);
    }
    return new Plan(desired, inventory, changes, steps(changes));
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
            List.of(now.reason().isEmpty() ? "not ready" : "not ready: " + now.reason()))
        : change;
  }

  private Change classify(DesiredRelease release) {
    LiveRelease now = live.get(release.name());
    if (now == null) {
      return new Change.Install(release, List.of(installReason(release.name())));
    }
    if (!now.digest().equals(release.digest().prefix(LABEL_DIGITS))) {
      return new Change.Upgrade(
          release, now.state() == LiveRelease.State.FAILED, upgradeReasons(release));
    }
    if (now.state() == LiveRelease.State.FAILED) {
      return new Change.Repair(release, List.of("failed: " + now.reason()));
    }
    return new Change.Keep(release);
  }

  private String installReason(ReleaseName name) {
    return inventory.find(name).isPresent() ? "was released before and is not there" : "not there";
  }

  private List<String> upgradeReasons(DesiredRelease release) {
    DeployedRelease before = inventory.find(release.name()).orElse(null);
    if (before == null) {
      return List.of("is there and was not released by this agent's record");
    }
    List<String> reasons = new ArrayList<>();
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
        deletions.add(new Change.Delete(release, List.of("no longer declared")));
      }
    }
    Collections.reverse(deletions);
    return deletions;
  }

  private List<Step> steps(List<Change> changes) {
    Set<ReleaseName> applied = new TreeSet<>();
    Set<ReleaseName> deleted = new TreeSet<>();
    for (Change change : changes) {
      if (change instanceof Change.Apply) {
        applied.add(change.release());
      } else if (change instanceof Change.Delete) {
        deleted.add(change.release());
      }
    }
    Map<ReleaseName, List<Step.Wait>> waits = waits(applied);
    List<Step> steps = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.Apply) {
        steps.add(
            new Step(
                TaskNames.apply(change.release()),
                change,
                waits.getOrDefault(change.release(), List.of())));
      } else if (change instanceof Change.Delete) {
        steps.add(
            new Step(
                TaskNames.delete(change.release()),
                change,
                deletionWaits(change.release(), applied, deleted)));
      }
    }
    return steps;
  }

  /** What each release that is applied waits for among the others, in the fewest words. */
  private Map<ReleaseName, List<Step.Wait>> waits(Set<ReleaseName> applied) {
    Map<ReleaseName, List<Step.Wait>> waits = new TreeMap<>();
    for (ReleaseGraph.Edge edge : desired.graph().over(applied).reduction()) {
      waits
          .computeIfAbsent(edge.dependant(), name -> new ArrayList<>())
          .add(new Step.Wait(TaskNames.apply(edge.dependency()), edge.soft()));
    }
    return waits;
  }

  /**
   * A release goes only when all that depended on it, as deployed, have gone or have been released
   * without it.
   */
  private List<Step.Wait> deletionWaits(
      ReleaseName release, Set<ReleaseName> applied, Set<ReleaseName> deleted) {
    List<Step.Wait> waits = new ArrayList<>();
    for (ReleaseName dependant : deployed.descendants(List.of(release))) {
      if (deleted.contains(dependant)) {
        waits.add(new Step.Wait(TaskNames.delete(dependant), false));
      } else if (applied.contains(dependant)) {
        waits.add(new Step.Wait(TaskNames.apply(dependant), false));
      }
    }
    return waits;
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
