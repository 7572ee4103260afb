// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.LiveWorkflow.Step;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.Products;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportsTest {
  private static final Instant T1 = Instant.parse("2026-11-21T03:00:00.123Z");
  private static final Instant T2 = Instant.parse("2026-11-21T03:05:00Z");
  private static final String WORKFLOW = "shop-abc-1";

  /** {@code cache} is soft for {@code web}; {@code db} is hard. */
  private static final DesiredGroup SHOP =
      Products.group("shop").app("db").app("cache").app("web", "db", "~cache").desired();

  private static StatusReport planned() {
    return new Reports(Optional.empty(), T1).planned(install(), 1, WORKFLOW, null);
  }

  private static Plan install() {
    return plan(Inventory.empty(SHOP.group().name(), Products.NAMESPACE), Map.of());
  }

  private static Plan plan(Inventory inventory, Map<ReleaseName, LiveRelease> live) {
    return Planner.plan(SHOP, inventory, live, name -> Optional.empty());
  }

  @Test
  void plannedIsReconcilingAndUnknown() {
    StatusReport report = planned();
    assertThat(report.phase()).isEqualTo(Phase.PLANNED);
    assertThat(report.ready())
        .isEqualTo(
            new Condition(
                "Ready",
                Condition.Status.UNKNOWN,
                "Progressing",
                "attempt 1: 3 install",
                "2026-11-21T03:00:00Z"));
    assertThat(report.condition("Reconciling")).isPresent();
    assertThat(states(report))
        .containsOnly(
            Map.entry("cache", State.PENDING),
            Map.entry("db", State.PENDING),
            Map.entry("web", State.PENDING));
    assertThat(report.file()).isEqualTo("products/shop.yaml:1");
    assertThat(report.digest()).isEqualTo(SHOP.digest().hex());
  }

  @Test
  void runningShowsEachReleaseAsFarAsItIs() {
    StatusReport report =
        observed(
            "Running",
            Map.of("db", step("Succeeded"), "cache", step("Running"), "web", step("Pending")),
            Map.of());
    assertThat(report.phase()).isEqualTo(Phase.PLANNED);
    assertThat(states(report))
        .containsOnly(
            Map.entry("cache", State.RUNNING),
            Map.entry("db", State.RELEASED),
            Map.entry("web", State.PENDING));
    assertThat(report.ready().status()).isEqualTo(Condition.Status.UNKNOWN);
    assertThat(release(report, "db").revision()).isEqualTo("1.0.0+1");
  }

  @Test
  void succeededIsReadyAndKeepsTheCommit() {
    StatusReport report =
        observed(
            "Succeeded",
            Map.of("db", step("Succeeded"), "cache", step("Succeeded"), "web", step("Succeeded")),
            Map.of());
    assertThat(report.phase()).isEqualTo(Phase.RELEASED);
    assertThat(report.ready().message()).isEqualTo("3 of 3 releases are ready");
    assertThat(report.ready().reason()).isEqualTo("Succeeded");
    assertThat(report.condition("Stalled")).isEmpty();
    assertThat(report.commit()).isEqualTo(Products.COMMIT_1.hex());
  }

  /** Argo says Succeeded of a Workflow whose leaf succeeded, whatever came before. */
  @Test
  void aFailedSoftDependencyIsNoSuccessWhateverArgoSays() {
    StatusReport report =
        observed(
            "Succeeded",
            Map.of(
                "db", step("Succeeded"), "cache", step("Failed", "boom"), "web", step("Succeeded")),
            Map.of());
    assertThat(report.phase()).isEqualTo(Phase.FAILED);
    assertThat(states(report))
        .contains(Map.entry("cache", State.FAILED), Map.entry("web", State.RELEASED));
    assertThat(report.ready().message()).isEqualTo("release cache failed: boom");
  }

  @Test
  void aFailureSaysWhatFailedWhyAndWhatWasNotTried() {
    DesiredGroup desired = SHOP;
    LiveRelease live =
        withToken(
            Products.live(desired.release(ReleaseName.parse("db")), LiveRelease.State.FAILED),
            WORKFLOW,
            "context deadline exceeded");
    StatusReport report =
        observed(
            "Failed",
            Map.of(
                "db",
                step(
                    "Failed",
                    "failure condition '{status.conditions.0.type == [Stalled]}' matched"),
                "cache",
                step("Succeeded"),
                "web",
                step("Omitted", "omitted: depends condition not met")),
            Map.of(ReleaseName.parse("db"), live));
    assertThat(report.phase()).isEqualTo(Phase.FAILED);
    assertThat(states(report))
        .contains(Map.entry("db", State.FAILED), Map.entry("web", State.OMITTED));
    assertThat(report.ready().reason()).isEqualTo("WorkflowFailed");
    assertThat(report.ready().message())
        .isEqualTo("release db failed: UpgradeFailed: context deadline exceeded; 1 not tried");
    assertThat(report.condition("Stalled")).isPresent();
  }

  @Test
  void anOldFailureOfTheReleaseIsNotTakenForTheNewOne() {
    LiveRelease live =
        withToken(
            Products.live(SHOP.release(ReleaseName.parse("db")), LiveRelease.State.FAILED),
            "shop-abc-0",
            "old");
    StatusReport report =
        observed(
            "Failed",
            Map.of("db", step("Failed", "pod deleted")),
            Map.of(ReleaseName.parse("db"), live));
    assertThat(release(report, "db").message()).isEqualTo("pod deleted");
  }

  @Test
  void orkestraDefect08TheWorkflowsPhaseErrorIsAFailure() {
    StatusReport report =
        observed("Error", Map.of("db", step("Error", "pods is forbidden")), Map.of());
    assertThat(report.phase()).isEqualTo(Phase.FAILED);
    assertThat(states(report))
        .contains(
            Map.entry("db", State.FAILED),
            Map.entry("cache", State.OMITTED),
            Map.entry("web", State.OMITTED));
    assertThat(report.ready().message())
        .isEqualTo("release db failed: pods is forbidden; 2 not tried");
  }

  @Test
  void anErrorBeforeTheFirstStepIsTold() {
    assertThat(observed("Error", Map.of(), Map.of()).ready().message())
        .isEqualTo("Workflow shop-abc-1 ended as Error: why Error");
  }

  /** Argo marks steps that never began as failed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "workflow shutdown with strategy: Stop",
        "workflow shutdown with strategy:  Terminate"
      })
  void aStoppedWorkflowFailedNoReleaseThatItDidNotTouch(String message) {
    LiveRelease touched =
        withToken(
            Products.live(SHOP.release(ReleaseName.parse("db")), LiveRelease.State.PROGRESSING),
            WORKFLOW,
            "Running 'install' action");
    StatusReport report =
        observed(
            "Failed",
            Map.of("db", step("Failed", message), "cache", step("Failed", message)),
            Map.of(ReleaseName.parse("db"), touched));
    assertThat(report.phase()).isEqualTo(Phase.FAILED);
    assertThat(states(report))
        .containsOnly(
            Map.entry("db", State.FAILED),
            Map.entry("cache", State.OMITTED),
            Map.entry("web", State.OMITTED));
  }

  @ParameterizedTest(name = "Reset is {0}, the release itself {1}, the Workflow {2}: {3}")
  @CsvSource({
    "Running,   '',        Running,   RUNNING",
    "Succeeded, '',        Running,   RUNNING",
    "Succeeded, '',        Failed,    FAILED",
    "Succeeded, Running,   Running,   RUNNING",
    "Succeeded, Succeeded, Succeeded, RELEASED",
    "Succeeded, Failed,    Failed,    FAILED",
    "Failed,    Omitted,   Failed,    FAILED",
    "'',        '',        Running,   PENDING",
    "'',        '',        Failed,    OMITTED",
  })
  void aRepairIsDoneOnlyWhenTheReleaseWasAwaited(
      String reset, String own, String workflow, State state) {
    Map<String, Step> steps = new TreeMap<>();
    if (!reset.isEmpty()) {
      steps.put("Reset-db", step(reset));
    }
    if (!own.isEmpty()) {
      steps.put("db", step(own));
    }
    assertThat(states(observed(workflow, steps, Map.of()))).contains(Map.entry("db", state));
  }

  @Test
  void whatWasDeletedIsNotCountedAmongTheReady() {
    DesiredGroup before = Products.group("shop").app("db").app("old").desired();
    DesiredGroup after = Products.group("shop").app("db").desired();
    Plan plan =
        Planner.plan(
            after, Products.inventory(before), Products.live(before), name -> Optional.empty());
    StatusReport planned = new Reports(Optional.empty(), T1).planned(plan, 2, WORKFLOW, null);
    assertThat(planned.ready().message()).isEqualTo("attempt 2: 1 delete, 1 keep");
    StatusReport report =
        new Reports(Optional.of(planned), T2)
            .observed(
                planned, workflow("Succeeded", Map.of("Delete-old", step("Succeeded"))), Map.of());
    assertThat(states(report))
        .containsOnly(Map.entry("db", State.RELEASED), Map.entry("old", State.DELETED));
    assertThat(report.ready().message()).isEqualTo("1 of 1 releases are ready");
  }

  @Test
  void releasedSaysThatNothingIsLeft() {
    Plan plan = plan(Products.inventory(SHOP), Products.live(SHOP));
    StatusReport report = new Reports(Optional.empty(), T1).done(plan, 4, WORKFLOW, null);
    assertThat(report.phase()).isEqualTo(Phase.RELEASED);
    assertThat(report.attempt().number()).isEqualTo(4);
    assertThat(report.releases()).extracting(ReleaseStatus::state).containsOnly(State.RELEASED);
    assertThat(report.ready().message()).isEqualTo("3 of 3 releases are ready");
  }

  @Test
  void invalidKeepsWhatWasKnownAndListsEveryProblem() {
    StatusReport before = planned();
    Origin origin = new Origin(RepoPath.parse("products/shop.yaml"), 7);
    List<Problem> problems =
        List.of(
            Problem.at(origin, ProblemCode.NOT_SUPPORTED_YET, "a", "must not be", "Remove it."),
            Problem.at(origin, ProblemCode.NOT_SUPPORTED_YET, "b", "must not be", "Remove it."));
    StatusReport report =
        new Reports(Optional.of(before), T2)
            .invalid(
                SHOP.group().name(), origin, Products.COMMIT_2, "InvalidDeclaration", problems);
    assertThat(report.phase()).isEqualTo(Phase.INVALID);
    assertThat(report.attempt()).isEqualTo(before.attempt());
    assertThat(report.workflow()).isEqualTo(WORKFLOW);
    assertThat(report.releases()).isEqualTo(before.releases());
    assertThat(report.commit()).isEqualTo(Products.COMMIT_2.hex());
    assertThat(report.ready().message()).isEqualTo(problems.get(0) + " (and 1 more)");
    assertThat(report.problems()).hasSize(2);
  }

  @Test
  void aConditionKeepsItsTimeUntilItsStatusChanges() {
    StatusReport planned = planned();
    StatusReport running =
        new Reports(Optional.of(planned), T2)
            .observed(planned, workflow("Running", Map.of("db", step("Running"))), Map.of());
    assertThat(running.conditions()).isEqualTo(planned.conditions());
    StatusReport failed =
        new Reports(Optional.of(running), T2)
            .observed(running, workflow("Failed", Map.of("db", step("Failed"))), Map.of());
    assertThat(failed.ready().lastTransitionTime()).isEqualTo("2026-11-21T03:05:00Z");
    StatusReport again =
        new Reports(Optional.of(failed), T2.plusSeconds(600))
            .observed(running, workflow("Failed", Map.of("db", step("Failed"))), Map.of());
    assertThat(again).isEqualTo(failed);
  }

  private static StatusReport observed(
      String phase, Map<String, Step> steps, Map<ReleaseName, LiveRelease> live) {
    StatusReport planned = planned();
    return new Reports(Optional.of(planned), T2).observed(planned, workflow(phase, steps), live);
  }

  private static LiveWorkflow workflow(String phase, Map<String, Step> steps) {
    return Products.workflow(WORKFLOW, phase, "why " + phase, steps);
  }

  private static Step step(String phase) {
    return step(phase, "");
  }

  private static Step step(String phase, String message) {
    return new Step(phase, message, "", "", phase.equals("Succeeded") ? "1.0.0+1" : "");
  }

  private static LiveRelease withToken(LiveRelease live, String token, String message) {
    return new LiveRelease(
        live.release(),
        live.object(),
        live.digest(),
        token,
        live.state(),
        live.reason(),
        message,
        live.chartVersion(),
        live.drift());
  }

  private static Map<String, State> states(StatusReport report) {
    Map<String, State> states = new TreeMap<>();
    report.releases().forEach(release -> states.put(release.name().value(), release.state()));
    return states;
  }

  private static ReleaseStatus release(StatusReport report, String name) {
    return report.releases().stream()
        .filter(release -> release.name().value().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
