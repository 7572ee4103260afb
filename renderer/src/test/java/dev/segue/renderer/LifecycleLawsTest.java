// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.ModelAgent;
import dev.segue.renderer.testing.ModelAgent.Aim;
import dev.segue.renderer.testing.ModelAgent.Fault;
import dev.segue.renderer.testing.Products;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every product of up to three releases, changed into every other, with every single step failing:
 * nothing here is left to chance.
 */
@Execution(ExecutionMode.CONCURRENT)
class LifecycleLawsTest {
  private static final List<DesiredGroup> BEFORE = SmallGraphs.before(Products.COMMIT_1);
  private static final List<DesiredGroup> AFTER = SmallGraphs.after(Products.COMMIT_2);

  @Test
  void thereAreAsManySmallProductsAsThereAreGraphs() {
    assertThat(BEFORE).hasSize(1 + 3 + 3 * 2 + 8);
    assertThat(AFTER).hasSize(1 + 3 * 2 + 3 * 3 * 4 + 25 * 8);
    assertThat(AFTER).extracting(DesiredGroup::digest).doesNotHaveDuplicates();
  }

  @Test
  void aPlanIsInOrderAndTheSmallestAndLeavesNothingToDo() {
    forEveryChange(
        (agent, last, after) -> {
          Aim aim = agent.aim(after, OnFailure.ROLLBACK);
          LifecycleLaws.everyStepBeginsAfterItsAncestry(agent, aim.plan());
          LifecycleLaws.noSmallerPlanReachesTheSame(agent, aim.plan());
          LifecycleLaws.whatGoesGoesInReverseOfTheDeployedOrder(aim.plan());
          agent.pass(aim, Map.of());
          assertThat(agent.isExactly(after)).isTrue();
          LifecycleLaws.theRecordIsOf(agent.inventory(), after);
          LifecycleLaws.theReportIsTrue(agent, after);
          nothingRuns(agent, after, OnFailure.ROLLBACK);
        });
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void orkestraIssue270AfterAnySingleFailedStepTheGroupIsBackAtItsLastGoodCommit(Fault fault) {
    forEveryChange(
        (good, last, after) -> {
          for (Step failing : good.aim(after, OnFailure.ROLLBACK).plan().steps()) {
            ModelAgent agent = failed(good, after, failing, fault, OnFailure.ROLLBACK);
            Plan rollback = agent.aim(after, OnFailure.ROLLBACK).plan();
            LifecycleLaws.everyStepBeginsAfterItsAncestry(agent, rollback);
            LifecycleLaws.noSmallerPlanReachesTheSame(agent, rollback);
            LifecycleLaws.whatGoesGoesInReverseOfTheDeployedOrder(rollback);
            LifecycleLaws.whatWasAddedGoesFirst(rollback);
            for (Step second : rollback.steps()) {
              heldWhenTheWayBackFails(agent.copy(), after, last, second, fault);
            }
            agent.pass(agent.aim(after, OnFailure.ROLLBACK), Map.of());
            assertThat(agent.isExactly(last)).as("after %s", failing).isTrue();
            nothingRuns(agent, after, OnFailure.ROLLBACK);
            LifecycleLaws.theReportIsTrue(agent, last);
            LifecycleLaws.theRecordIsOf(agent.inventory(), last);
            assertThat(agent.report().phase()).isEqualTo(Phase.ROLLED_BACK);
            assertThat(agent.report().ready().status()).isEqualTo(Condition.Status.FALSE);
          }
        });
  }

  /** What the file says of failures makes no difference to the attempt that fails. */
  @ParameterizedTest
  @EnumSource(Fault.class)
  void afterAnySingleFailedStepTheGroupStaysOrGoesAsTheFileSays(Fault fault) {
    forEveryChange(
        (good, last, after) -> {
          for (Step failing : good.aim(after, OnFailure.HOLD).plan().steps()) {
            ModelAgent agent = failed(good, after, failing, fault, OnFailure.HOLD);
            nothingRuns(agent, after, OnFailure.HOLD);
            leavesNothing(agent.copy(), agent.aim(after, OnFailure.REMOVE));
            leavesNothing(agent, agent.removal(after));
            assertThat(agent.removal(after).plan().isEmpty()).isTrue();
            agent.pass(agent.removal(after), Map.of());
            assertThat(agent.report().phase()).isEqualTo(Phase.REMOVED);
            assertThat(agent.inventory().releases()).isEmpty();
          }
        });
  }

  private static void leavesNothing(ModelAgent agent, Aim aim) {
    LifecycleLaws.whatGoesGoesInReverseOfTheDeployedOrder(aim.plan());
    agent.pass(aim, Map.of());
    assertThat(agent.live()).isEmpty();
  }

  private static void heldWhenTheWayBackFails(
      ModelAgent agent, DesiredGroup after, DesiredGroup last, Step failing, Fault fault) {
    assertThat(agent.pass(agent.aim(after, OnFailure.ROLLBACK), Map.of(failing.task(), fault)))
        .isTrue();
    LifecycleLaws.theReportIsTrue(agent, last);
    assertThat(agent.report().phase()).isEqualTo(Phase.FAILED);
    assertThat(agent.report().ready().reason()).isEqualTo("RollbackFailed");
    assertThat(agent.report().ready().message())
        .startsWith("release " + failing.change().release() + " failed: ");
    assertThat(agent.report().held()).isNotNull();
    nothingRuns(agent, after, OnFailure.ROLLBACK);
  }

  /** The group after one step failed, with a report that says so. */
  private static ModelAgent failed(
      ModelAgent good, DesiredGroup after, Step failing, Fault fault, OnFailure onFailure) {
    ModelAgent agent = good.copy();
    agent.pass(agent.aim(after, onFailure), Map.of(failing.task(), fault));
    LifecycleLaws.theReportIsTrue(agent, after);
    assertThat(agent.report().phase()).isEqualTo(Phase.FAILED);
    assertThat(agent.report().ready().reason()).isEqualTo("WorkflowFailed");
    assertThat(agent.report().held()).isNotNull();
    return agent;
  }

  private static void nothingRuns(ModelAgent agent, DesiredGroup desired, OnFailure onFailure) {
    Map<?, ?> live = Map.copyOf(agent.live());
    assertThat(agent.pass(agent.aim(desired, onFailure), Map.of())).isFalse();
    assertThat(agent.live()).isEqualTo(live);
  }

  private interface Law {
    /**
     * @param agent of a group that is in sync with {@code last}; the law's own to change
     */
    void check(ModelAgent agent, DesiredGroup last, DesiredGroup after);
  }

  private static void forEveryChange(Law law) {
    for (DesiredGroup before : BEFORE) {
      ModelAgent good = new ModelAgent();
      good.pass(good.aim(before, OnFailure.ROLLBACK), Map.of());
      for (DesiredGroup after : AFTER) {
        if (!after.digest().equals(before.digest())) {
          law.check(good.copy(), before, after);
        }
      }
    }
  }
}
