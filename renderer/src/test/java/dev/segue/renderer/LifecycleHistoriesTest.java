// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.Histories.Version;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.ModelAgent;
import dev.segue.renderer.testing.ModelAgent.Aim;
import dev.segue.renderer.testing.ModelAgent.Fault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The laws of {@link LifecycleLaws} over random histories of larger products: soft dependencies,
 * several failures at once, and the next commit on top of whatever the last one left.
 */
class LifecycleHistoriesTest {
  @Property(tries = 200)
  void everyPlanOfAHistoryKeepsTheLaws(
      @ForAll(supplier = Histories.class) List<Version> history,
      @ForAll OnFailure onFailure,
      @ForAll Fault fault,
      @ForAll boolean failsOnTheWayBack) {
    ModelAgent agent = new ModelAgent();
    int number = 0;
    for (Version version : history) {
      DesiredGroup desired = version.desired(commit(++number));
      Aim aim = agent.aim(desired, onFailure);
      keepsTheLaws(agent, aim.plan());
      if (agent.pass(aim, faults(version.failing(), fault))) {
        LifecycleLaws.theReportIsTrue(agent, desired);
      }
      Aim next = agent.aim(desired, onFailure);
      keepsTheLaws(agent, next.plan());
      Set<String> failing = failsOnTheWayBack ? version.failing() : Set.of();
      if (agent.pass(next, faults(failing, fault))) {
        LifecycleLaws.theReportIsTrue(agent, next.plan().desired());
      }
      settles(agent, desired, onFailure);
    }
  }

  @Property(tries = 150)
  void orkestraIssue222ARemovalAtAnyMomentLeavesNothingAndEndsThere(
      @ForAll(supplier = Histories.class) List<Version> history,
      @ForAll Fault fault,
      @ForAll OnFailure onFailure) {
    ModelAgent agent = new ModelAgent();
    int number = 0;
    for (Version version : history) {
      DesiredGroup desired = version.desired(commit(++number));
      agent.pass(agent.aim(desired, onFailure), faults(version.failing(), fault));
      ModelAgent removed = agent.copy();
      Aim removal = removed.removal(desired);
      LifecycleLaws.whatGoesGoesInReverseOfTheDeployedOrder(removal.plan());
      dependantsGoFirst(removal.plan());
      removed.pass(removal, Map.of());
      assertThat(removed.live()).isEmpty();
      assertThat(removed.pass(removed.removal(desired), Map.of())).isFalse();
      assertThat(removed.report().phase()).isEqualTo(Phase.REMOVED);
      assertThat(removed.inventory().releases()).isEmpty();
    }
  }

  /** What of a removal fails stays with all that it stands on, and the next one ends it. */
  @Property(tries = 150)
  void aRemovalThatFailsLeavesWhatIsStoodOn(
      @ForAll(supplier = Histories.class) List<Version> history) {
    ModelAgent agent = new ModelAgent();
    DesiredGroup desired = history.get(0).desired(commit(1));
    agent.pass(agent.aim(desired, OnFailure.HOLD), Map.of());
    agent.pass(agent.removal(desired), faults(history.get(0).failing(), Fault.BEFORE_FLUX));
    for (ReleaseName left : agent.live().keySet()) {
      for (ReleaseName name : desired.releases().keySet()) {
        if (desired.graph().descendants(List.of(name)).contains(left)) {
          assertThat(agent.live()).as("%s stands on %s", left, name).containsKey(name);
        }
      }
    }
    assertThat(agent.inventory().releases().keySet()).isEqualTo(agent.live().keySet());
  }

  private static void keepsTheLaws(ModelAgent agent, Plan plan) {
    LifecycleLaws.everyStepBeginsAfterItsAncestry(agent, plan);
    LifecycleLaws.noSmallerPlanReachesTheSame(agent, plan);
    LifecycleLaws.whatGoesGoesInReverseOfTheDeployedOrder(plan);
    if (plan.purpose() == Purpose.ROLLBACK) {
      LifecycleLaws.whatWasAddedGoesFirst(plan);
    }
  }

  /** No more than one attempt follows, and it is the way back or what it left. */
  private static void settles(ModelAgent agent, DesiredGroup desired, OnFailure onFailure) {
    agent.pass(agent.aim(desired, onFailure), Map.of());
    Map<?, ?> live = Map.copyOf(agent.live());
    assertThat(agent.pass(agent.aim(desired, onFailure), Map.of())).isFalse();
    assertThat(agent.live()).isEqualTo(live);
  }

  /** By what each release was last given, where that does not go round. */
  private static void dependantsGoFirst(Plan removal) {
    Map<String, Set<String>> before = LifecycleLaws.before(removal);
    removal
        .inventory()
        .graph()
        .edges()
        .forEach(
            edge -> {
              String task = TaskNames.delete(edge.dependency());
              String dependant = TaskNames.delete(edge.dependant());
              if (before.containsKey(task) && before.containsKey(dependant)) {
                assertThat(before.get(task)).contains(dependant);
              }
            });
    assertThat(removal.steps().stream().map(Step::task)).allMatch(t -> t.startsWith("Delete-"));
  }

  private static Map<String, Fault> faults(Set<String> releases, Fault fault) {
    Map<String, Fault> faults = new HashMap<>();
    for (String release : releases) {
      faults.put(TaskNames.apply(ReleaseName.parse(release)), fault);
      faults.put(TaskNames.delete(ReleaseName.parse(release)), fault);
    }
    return faults;
  }

  private static CommitId commit(int number) {
    return CommitId.parse(Integer.toString(number).repeat(40));
  }
}
