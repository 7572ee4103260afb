// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveRelease.State;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The least that a cluster can be: what is live, what was recorded, and steps that wait. */
public final class ModelCluster {
  private static final GroupName GROUP = GroupName.parse("shop");

  private final Map<ReleaseName, LiveRelease> live = new TreeMap<>();
  private Inventory inventory = Inventory.empty(GROUP, Products.NAMESPACE);

  public Plan plan(DesiredGroup desired) {
    return Planner.plan(desired, inventory, live, name -> Optional.empty());
  }

  public Inventory inventory() {
    return inventory;
  }

  public Set<ReleaseName> releases() {
    return new TreeSet<>(live.keySet());
  }

  public @Nullable State state(ReleaseName name) {
    LiveRelease release = live.get(name);
    return release == null ? null : release.state();
  }

  /** Whether it is live, as wanted, and well. */
  public boolean isReady(DesiredRelease release) {
    LiveRelease now = live.get(release.name());
    return now != null
        && now.state() == State.READY
        && now.digest().equals(release.digest().prefix(Planner.LABEL_DIGITS));
  }

  /**
   * Runs a plan's steps as Argo does and records what was given to Flux. Returns the releases whose
   * step failed or was left out.
   */
  public Set<ReleaseName> run(Plan plan, Set<String> failing) {
    Set<String> succeeded = new HashSet<>();
    Set<ReleaseName> notDone = new TreeSet<>();
    plan.changes().stream()
        .filter(Change.Keep.class::isInstance)
        .forEach(kept -> record(((Change.Keep) kept).desired()));
    for (Step step : plan.steps()) {
      ReleaseName name = step.change().release();
      boolean runs =
          step.waits().stream().allMatch(wait -> wait.soft() || succeeded.contains(wait.task()));
      boolean fails = failing.contains(name.value());
      if (runs && step.change() instanceof Change.Apply apply) {
        record(apply.desired());
        live.put(name, Products.live(apply.desired(), fails ? State.FAILED : State.READY));
      } else if (runs && !fails) {
        inventory = inventory.without(name);
        live.remove(name);
      }
      if (runs && !fails) {
        succeeded.add(step.task());
      } else {
        notDone.add(name);
      }
    }
    return notDone;
  }

  private void record(DesiredRelease release) {
    inventory =
        inventory.with(
            DeployedRelease.of(release, Names.helmRelease(GROUP, release.name()), Deletion.REMOVE));
  }
}
