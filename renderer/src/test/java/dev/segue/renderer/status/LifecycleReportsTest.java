// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.Products;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reports of everything else than a commit that goes out. */
class LifecycleReportsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
  private static final String WORKFLOW = "shop-abc-4";

  /** What was good: {@code web} stands on {@code db}. */
  private static final DesiredGroup GOOD =
      Products.group("shop").app("db").app("web", "db").desired();

  /** What failed: another {@code web}, and one more on top. */
  private static final DesiredGroup BAD =
      Products.group("shop")
          .at(Products.COMMIT_2)
          .app("db")
          .app("web", "2.0.0", Map.of(), "db")
          .app("added", "web")
          .desired();

  private static final Held HELD =
      new Held(Products.COMMIT_2.hex(), BAD.digest().hex(), 3, "attempt 3: release web failed");

  @Test
  void onTheWayBackTheReportIsOfTheCommitThatIsHeldAndSaysWhereItGoes() {
    StatusReport report = planned(rollback(), HELD);
    assertThat(report.phase()).isEqualTo(Phase.PLANNED);
    assertThat(report.commit()).isEqualTo(Products.COMMIT_2.hex());
    assertThat(report.attempt().commit()).isEqualTo(Products.COMMIT_1.hex());
    assertThat(report.held()).isEqualTo(HELD);
    assertThat(report.ready().reason()).isEqualTo("RollingBack");
    assertThat(report.ready().message())
        .isEqualTo("attempt 4 rolls back to 111111111111: 1 upgrade, 1 delete, 1 keep");
  }

  @Test
  void rolledBackIsNotReadyAndSaysWhatIsHeldAndWhy() {
    StatusReport report = ended(planned(rollback(), HELD), "", "web", "Delete-added");
    assertThat(report.phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(report.ready().status()).isEqualTo(Status.FALSE);
    assertThat(report.condition("Stalled")).isPresent();
    assertThat(report.ready().message())
        .isEqualTo(
            "back at commit 111111111111, 2 of 2 releases are ready; commit 222222222222 is held:"
                + " attempt 3: release web failed");
    assertThat(report.held()).isEqualTo(HELD);
  }

  @Test
  void aFailedFirstInstallThatWasRemovedSaysSo() {
    Plan plan = plan(nothing(), Purpose.ROLLBACK, BAD);
    StatusReport report = ended(planned(plan, HELD), "", "Delete-added", "Delete-db", "Delete-web");
    assertThat(report.phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(report.ready().message())
        .isEqualTo(
            "3 releases were removed; commit 222222222222 is held: attempt 3: release web failed");
  }

  /** What fails on the way back is not the commit that is gone back to. */
  @Test
  void aFailedWayBackHoldsTheCommitThatFailedAndSaysWhatIsInWhichState() {
    StatusReport report = ended(planned(rollback(), HELD), "web", "Delete-added");
    assertThat(report.phase()).isEqualTo(Phase.FAILED);
    assertThat(report.ready().reason()).isEqualTo("RollbackFailed");
    assertThat(report.ready().status()).isEqualTo(Status.FALSE);
    assertThat(report.held()).isEqualTo(HELD);
    assertThat(report.releases())
        .extracting(ReleaseStatus::name, ReleaseStatus::state)
        .containsExactlyInAnyOrder(
            tuple(ReleaseName.parse("db"), State.RELEASED),
            tuple(ReleaseName.parse("web"), State.FAILED),
            tuple(ReleaseName.parse("added"), State.DELETED));
  }

  @Test
  void aFailedCommitIsHeldWithItsAttemptAndWhatFailed() {
    StatusReport report = ended(planned(plan(BAD, Purpose.RELEASE, GOOD), null), "web");
    assertThat(report.held())
        .isEqualTo(
            new Held(
                Products.COMMIT_2.hex(),
                BAD.digest().hex(),
                4,
                "attempt 4: release web failed: it failed; 1 not tried"));
  }

  @Test
  void whatFailsToBeMendedIsNoFailureOfTheCommit() {
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(GOOD));
    live.remove(ReleaseName.parse("web"));
    Plan plan =
        Planner.plan(
            GOOD,
            Purpose.CORRECT,
            Products.inventory(GOOD),
            live,
            Map.of(),
            name -> Optional.empty());
    StatusReport report = ended(planned(plan, null), "web");
    assertThat(report.phase()).isEqualTo(Phase.FAILED);
    assertThat(report.held()).isNull();
  }

  @Test
  void orkestraIssue222RemovedSaysHowManyAreGone() {
    StatusReport report =
        ended(planned(plan(nothing(), Purpose.REMOVE, GOOD), null), "", "Delete-web", "Delete-db");
    assertThat(report.phase()).isEqualTo(Phase.REMOVED);
    assertThat(report.ready().status()).isEqualTo(Status.UNKNOWN);
    assertThat(report.ready().message()).isEqualTo("2 releases were removed");
  }

  @ParameterizedTest
  @CsvSource({
    "RELEASE, Progressing, WorkflowFailed",
    "CORRECT, Correcting, WorkflowFailed",
    "ROLLBACK, RollingBack, RollbackFailed",
    "REMOVE, Terminating, RemovalFailed"
  })
  void orkestraIssue254WhatGoesAndWhatGoesBackAreToldApart(
      Purpose purpose, String underWay, String failed) {
    Plan plan = plan(purpose == Purpose.REMOVE ? nothing() : GOOD, purpose, BAD);
    StatusReport planned = planned(plan, null);
    assertThat(planned.ready().reason()).isEqualTo(underWay);
    assertThat(planned.condition("Reconciling").orElseThrow().reason()).isEqualTo(underWay);
    StatusReport ended = ended(planned, plan.steps().get(0).task());
    assertThat(ended.ready().reason()).isEqualTo(failed);
    assertThat(ended.condition("Reconciling")).isEmpty();
  }

  @Test
  void stoppedHoldsNothingAndSaysForWhat() {
    StatusReport planned = planned(plan(BAD, Purpose.RELEASE, GOOD), null);
    LiveWorkflow stopped =
        new LiveWorkflow(
            WORKFLOW,
            "Failed",
            "Stopped with strategy 'Stop'",
            "",
            "",
            "",
            "",
            "3".repeat(40),
            false,
            false,
            Map.of("web", step("Succeeded")));
    StatusReport report = new Reports(Optional.of(planned), NOW).observed(planned, stopped, live());
    assertThat(report.phase()).isEqualTo(Phase.STOPPED);
    assertThat(report.held()).isNull();
    assertThat(report.ready().reason()).isEqualTo("Stopped");
    assertThat(report.ready().status()).isEqualTo(Status.UNKNOWN);
    assertThat(report.ready().message()).isEqualTo("stopped for commit 333333333333");
    assertThat(report.condition("Stalled")).isEmpty();
  }

  @Test
  void waitingKeepsWhatWasKnown() {
    StatusReport good = done(GOOD, Purpose.RELEASE);
    StatusReport report = waiting(good);
    assertThat(report.phase()).isEqualTo(Phase.WAITING);
    assertThat(report.releases()).isEqualTo(good.releases());
    assertThat(report.attempt()).isEqualTo(good.attempt());
    assertThat(report.commit()).isEqualTo(Products.COMMIT_2.hex());
    assertThat(report.ready().reason()).isEqualTo("OutsideWindow");
  }

  @Test
  void driftedNamesEachReleaseAndFieldAndIsNotReady() {
    StatusReport good = done(GOOD, Purpose.RELEASE);
    StatusReport report = new Reports(Optional.of(good), NOW).drifted(drift());
    assertThat(report.phase()).isEqualTo(Phase.RELEASED);
    assertThat(report.ready().status()).isEqualTo(Status.FALSE);
    assertThat(report.condition("Drifted").orElseThrow().status()).isEqualTo(Status.TRUE);
    assertThat(report.ready().message()).isEqualTo("drifted: db (drift: spec.timeout was changed)");
  }

  /** Ready is True of what was released as its commit wants it, and of nothing else. */
  @Test
  void orkestraIssues232And331ReadyIsNeverTrueUnlessAllIsAsWanted() {
    List<StatusReport> others = new ArrayList<>();
    StatusReport good = done(GOOD, Purpose.RELEASE);
    Reports after = new Reports(Optional.of(good), NOW);
    for (Purpose purpose : Purpose.values()) {
      Plan plan = plan(purpose == Purpose.REMOVE ? nothing() : GOOD, purpose, BAD);
      StatusReport planned = after.planned(plan, 4, WORKFLOW, null);
      others.add(planned);
      others.add(after.refused(planned, "no"));
      others.add(observed(planned, "Running", "", Map.of()));
      others.add(observed(planned, "Succeeded", "", Map.of()));
      others.add(observed(planned, "Error", "", Map.of()));
      plan.steps().forEach(failing -> others.add(ended(planned, failing.task())));
      plan.steps().forEach(left -> others.add(allBut(planned, plan, left.task())));
    }
    others.add(ended(planned(rollback(), HELD), "", "web", "Delete-added"));
    others.add(done(GOOD, Purpose.ROLLBACK));
    others.add(done(nothing(), Purpose.REMOVE));
    others.add(waiting(good));
    others.add(after.drifted(drift()));
    others.add(
        after.invalid(
            GOOD.group().name(), origin(), Products.COMMIT_2, "Invalid", List.of(problem())));
    assertThat(others)
        .hasSizeGreaterThan(30)
        .allSatisfy(report -> assertThat(report.ready().status()).isNotEqualTo(Status.TRUE));
    assertThat(good.ready().status()).isEqualTo(Status.TRUE);
    assertThat(done(GOOD, Purpose.CORRECT).ready().status()).isEqualTo(Status.TRUE);
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void aPhaseIsReadAsItIsWritten(Phase phase) {
    assertThat(Phase.parse(phase.text())).isEqualTo(phase);
  }

  private static StatusReport allBut(StatusReport planned, Plan plan, String left) {
    Map<String, LiveWorkflow.Step> steps = new TreeMap<>();
    plan.steps().stream()
        .filter(step -> !step.task().equals(left))
        .forEach(step -> steps.put(step.task(), step("Succeeded")));
    return observed(planned, "Succeeded", "", steps);
  }

  /** The Workflow ended; {@code failed} is the task that failed, "" for none. */
  private static StatusReport ended(StatusReport planned, String failed, String... succeeded) {
    Map<String, LiveWorkflow.Step> steps = new TreeMap<>();
    for (String task : succeeded) {
      steps.put(task, step("Succeeded"));
    }
    if (!failed.isEmpty()) {
      steps.put(failed, step("Failed"));
    }
    return observed(planned, failed.isEmpty() ? "Succeeded" : "Failed", "", steps);
  }

  private static StatusReport observed(
      StatusReport planned, String phase, String message, Map<String, LiveWorkflow.Step> steps) {
    LiveWorkflow workflow = Products.workflow(WORKFLOW, phase, message, steps);
    return new Reports(Optional.of(planned), NOW).observed(planned, workflow, live());
  }

  private static LiveWorkflow.Step step(String phase) {
    String message = phase.equals("Failed") ? "it failed" : "";
    return new LiveWorkflow.Step(phase, message, NOW.toString(), NOW.toString(), "");
  }

  private static StatusReport planned(Plan plan, @Nullable Held held) {
    return new Reports(Optional.empty(), NOW).planned(plan, 4, WORKFLOW, held);
  }

  private static StatusReport done(DesiredGroup desired, Purpose purpose) {
    Plan plan = plan(desired, purpose, desired);
    assertThat(plan.isEmpty()).isTrue();
    return new Reports(Optional.empty(), NOW).done(plan, 4, WORKFLOW, null);
  }

  private static StatusReport waiting(StatusReport last) {
    return new Reports(Optional.of(last), NOW)
        .waiting(
            GOOD.group().name(), "f:1", Products.COMMIT_2, "OutsideWindow", "waits for a window");
  }

  private static Plan rollback() {
    return plan(GOOD, Purpose.ROLLBACK, BAD);
  }

  private static Plan drift() {
    return Planner.plan(
        GOOD,
        Purpose.CORRECT,
        Products.inventory(GOOD),
        Products.live(GOOD),
        Map.of(ReleaseName.parse("db"), List.of("spec.timeout")),
        name -> Optional.empty());
  }

  private static Plan plan(DesiredGroup desired, Purpose purpose, DesiredGroup before) {
    Inventory inventory = Products.inventory(before);
    return Planner.plan(
        desired, purpose, inventory, Products.live(before), Map.of(), name -> Optional.empty());
  }

  private static Map<ReleaseName, LiveRelease> live() {
    return Products.live(BAD);
  }

  private static DesiredGroup nothing() {
    return DesiredGroup.nothing(
        GOOD.group().name(), Products.NAMESPACE, GOOD.group().origin(), Products.COMMIT_2);
  }

  private static Origin origin() {
    return new Origin(RepoPath.parse("products/shop.yaml"), 1);
  }

  private static Problem problem() {
    return Problem.at(origin(), ProblemCode.NO_WAY_BACK, "metadata.name", "must be there", "Mend.");
  }
}
