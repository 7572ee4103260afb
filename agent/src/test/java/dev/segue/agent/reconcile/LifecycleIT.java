// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.status.Attempt.Result;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a failure back to the last good commit, and from a removed file to nothing. */
final class LifecycleIT {
  @TempDir static Path chartCache;
  @TempDir Path folder;
  private ReleaseLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new ReleaseLab(folder, chartCache);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aFailedUpgradeGoesBackToTheLastGoodCommitAndIsHeld() throws Exception {
    CommitId good = lab.group("shop", "db=red", "api=red<db", "web=red<api").push();
    lab.start().release();
    Map<String, String> before = digests();

    lab.cluster().fail("web", Fault.TIMES_OUT);
    CommitId bad = lab.group("shop", "db=blue", "api=red<db", "web=blue<api").push();
    lab.poll().until(() -> lab.status("shop").attempt().number() == 3);
    lab.cluster().heal("web");
    lab.settle();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
    StatusReport status = lab.status("shop");
    assertThat(status.phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(status.ready().status()).isEqualTo(Condition.Status.FALSE);
    assertThat(status.ready().message())
        .contains("back at commit " + good.shortHex(), bad.shortHex() + " is held", "web failed");
    assertThat(status.commit()).isEqualTo(bad.hex());
    assertThat(digests()).isEqualTo(before);
    assertThat(lastTasks()).contains("db", "web").doesNotContain("api");
  }

  @Test
  void whatAFailedAttemptDidNotReachIsLeftOnTheWayBackThoughItsChartChanges() throws Exception {
    lab.group("shop", "db", "api<db", "web<api").push();
    lab.start().release();
    Map<String, String> before = digests();

    lab.cluster().fail("api", Fault.TIMES_OUT);
    lab.chart("web", "1.1.0").push();
    lab.poll().until(() -> lab.status("shop").attempt().number() == 3);
    lab.cluster().heal("api");
    lab.settle();

    assertThat(lab.status("shop").phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(digests()).isEqualTo(before);
    assertThat(lastTasks()).contains("db", "api").doesNotContain("web");
  }

  @Test
  void orkestraDefect07AFailedForwardRollsBackOnceWhateverHappensAfterwards() throws Exception {
    lab.group("shop", "db=red", "web=red<db").push();
    lab.start().release();
    failing("web", "db=blue", "web=blue<db");
    List<String> workflows = lab.workflows("shop");

    lab.start().release();
    lab.file("README.md", "another commit\n").push();
    lab.release();
    lab.start().release();

    assertThat(lab.workflows("shop")).isEqualTo(workflows).hasSize(3);
    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
  }

  @Test
  void orkestraIssue270WhatTheFailedCommitAddedIsRemovedAndWhatItRemovedComesBack()
      throws Exception {
    lab.group("shop", "db", "cache<db", "web<cache").push();
    lab.start().release();
    Map<String, String> before = digests();

    failing("web", "db=blue", "extra<db", "web=blue<extra");

    assertThat(lab.status("shop").phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(digests()).isEqualTo(before);
    assertThat(lastTasks()).contains("Delete-extra");
  }

  @Test
  void orkestraIssue207AFailedFirstInstallLeavesNothing() throws Exception {
    lab.cluster().fail("web", Fault.TIMES_OUT);
    lab.group("shop", "db", "web<db").push();
    lab.start().release();

    StatusReport status = lab.status("shop");
    assertThat(status.phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(status.ready().status()).isEqualTo(Condition.Status.FALSE);
    assertThat(lab.objects("shop", "HelmRelease")).isEmpty();
    assertThat(lab.cluster().deployed(ReleaseLab.NAMESPACE.value(), "shop.db")).isEmpty();
    assertThat(lastTasks()).contains("Delete-db");
    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
  }

  @Test
  void aFailedFirstInstallIsKeptForInspectionWhereTheFileSaysSo() throws Exception {
    lab.cluster().fail("web", Fault.TIMES_OUT);
    lab.spec("onFailure: hold").group("shop", "db", "web<db").push();
    lab.start().release();

    assertThat(lab.status("shop").phase()).isEqualTo(Phase.FAILED);
    assertThat(lab.objects("shop", "HelmRelease")).hasSize(2);
    assertThat(lab.workflows("shop")).hasSize(1);
  }

  @Test
  void theWholeGroupGoesAfterAFailureWhereTheFileSaysSo() throws Exception {
    lab.spec("onFailure: remove").group("shop", "db=red", "web<db").push();
    lab.start().release();

    failing("web", "db=blue", "web=blue<db");

    assertThat(lab.objects("shop", "HelmRelease")).isEmpty();
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.ROLLED_BACK);
  }

  @Test
  void aRollbackThatFailsIsHeldAndSaysWhatIsInWhichState() throws Exception {
    lab.group("shop", "db=red", "web=red<db").push();
    lab.start().release();
    lab.cluster().fail("web", Fault.TIMES_OUT);

    lab.group("shop", "db=blue", "web=blue<db").push();
    lab.release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
    StatusReport status = lab.status("shop");
    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.ready().reason()).isEqualTo("RollbackFailed");
    assertThat(status.ready().message()).contains("release web failed");
    assertThat(lab.workflows("shop")).hasSize(3);
    lab.start().release();
    assertThat(lab.workflows("shop")).hasSize(3);
  }

  @Test
  void aCommitThatMendsAHeldGroupIsReleased() throws Exception {
    lab.group("shop", "db=red", "web=red<db").push();
    lab.start().release();
    failing("web", "db=blue", "web=blue<db");

    lab.group("shop", "db=blue", "web=green<db").push();
    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.status("shop").held()).isNull();
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
  }

  @Test
  void orkestraDefect17NoValueStandsInAnAnnotationOrInTheRecordOfTheLastGoodCommit()
      throws Exception {
    lab.group("shop", "db=sesame").push();
    lab.start().release();
    failing("db", "db=blue");

    assertThat(lab.statusFile("groups/shop/good.yaml").orElseThrow()).doesNotContain("sesame");
    for (Manifest release : lab.objects("shop", "HelmRelease")) {
      assertThat(String.valueOf(release.map("metadata"))).doesNotContain("sesame");
    }
  }

  @Test
  void orkestraDefect01AnApplicationThatIsRemovedFromTheFileIsUninstalled() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().release();

    lab.group("shop", "db").push();
    lab.release();

    assertThat(digests()).containsOnlyKeys("db");
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
  }

  @Test
  void orkestraDefect02ADeletionAfterARollbackRemovesWhatIsDeployedAndNotWhatFailed()
      throws Exception {
    lab.group("shop", "db=red", "old=red<db").group("other", "elsewhere").push();
    lab.start().release();
    failing("extra", "db=blue", "extra<db");
    assertThat(digests()).containsOnlyKeys("db", "old");

    lab.remove("products/shop.yaml").push();
    lab.release();

    assertThat(lab.objects("shop", "HelmRelease")).isEmpty();
    assertThat(lastTasks()).containsExactly("Delete-old", "Delete-db");
  }

  @Test
  void aGroupWhoseFileIsGoneIsRemovedInReverseOrder() throws Exception {
    lab.group("gone", "db", "api<db", "web<api").group("fine", "elsewhere").push();
    lab.start().release();

    lab.remove("products/gone.yaml").push();
    lab.release();

    assertThat(lab.objects("gone", "HelmRelease")).isEmpty();
    StatusReport status = lab.status("gone");
    assertThat(status.phase()).isEqualTo(Phase.REMOVED);
    assertThat(lab.outcome("gone")).isNull();
    Manifest workflow = lab.workflow(status.workflow());
    assertThat(ends(workflow, "Delete-web")).isLessThan(ends(workflow, "Delete-api"));
    assertThat(ends(workflow, "Delete-api")).isLessThan(ends(workflow, "Delete-db"));
    List<String> commits = lab.statusCommits();
    lab.start().release();
    assertThat(lab.statusCommits()).isEqualTo(commits);
  }

  @Test
  void aRenamedGroupIsInstalledWhenNothingOfItIsLeftUnderTheOldName() throws Exception {
    lab.group("fine", "elsewhere").group("shop", "db", "web<db").push();
    lab.start().release();

    lab.remove("products/shop.yaml").group("store", "db", "web<db").push();
    lab.poll().until(() -> lab.outcome("store") instanceof Outcome.Waiting);
    assertThat(requireNonNull(lab.outcome("store")).describe())
        .contains("group \"shop\" no longer has release \"db\"");
    assertThat(lab.status("store").ready().reason()).isEqualTo("HeldElsewhere");
    lab.until(
        () -> {
          if (!lab.workflows("store").isEmpty()) {
            assertThat(lab.status("shop").phase()).isEqualTo(Phase.REMOVED);
          }
          return lab.reconciler().settled();
        });

    assertThat(lab.outcome("store")).isEqualTo(new Outcome.InSync());
    assertThat(lab.objects("shop", "HelmRelease")).isEmpty();
    assertThat(lab.objects("store", "HelmRelease")).hasSize(2);
  }

  @Test
  void anApplicationThatGoesToAnotherGroupIsGoneFromTheFirstBefore() throws Exception {
    lab.group("one", "db", "web<db").group("two", "page").push();
    lab.start().release();

    lab.group("one", "db").group("two", "page", "web").push();
    lab.poll();
    lab.until(
        () -> {
          if (lab.workflows("two").size() > 1) {
            assertThat(lab.objects("one", "HelmRelease")).hasSize(1);
          }
          return lab.reconciler().settled();
        });

    assertThat(lab.outcome("one")).isEqualTo(new Outcome.InSync());
    assertThat(lab.outcome("two")).isEqualTo(new Outcome.InSync());
    assertThat(lab.workflows("two")).hasSize(2);
  }

  @Test
  void orkestraIssue222ARemovalLeavesNoSourceAndNoConfiguration() throws Exception {
    lab.group("gone", "db", "web<db").group("fine", "elsewhere").push();
    lab.start().release();
    assertThat(lab.cluster().names("gone", ReleaseLab.NAMESPACE.value())).isNotEmpty();

    lab.remove("products/gone.yaml").push();
    lab.release();

    assertThat(lab.cluster().names("gone", ReleaseLab.NAMESPACE.value()))
        .allMatch(name -> name.startsWith("Workflow/"));
  }

  @Test
  void orkestraIssue240AGroupThatComesBackWhileItIsRemovedIsReleasedAfterTheRemoval()
      throws Exception {
    lab.group("shop", "db", "web<db").group("fine", "elsewhere").push();
    lab.start().release();
    lab.remove("products/shop.yaml").push();
    lab.poll().until(() -> lab.workflows("shop").size() == 2);

    lab.group("shop", "db", "web<db").push();
    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(digests()).containsOnlyKeys("db", "web");
    assertThat(lab.status("shop").attempt().number()).isEqualTo(3);
    assertThat(history(2).attempt().result()).isEqualTo(Result.SUCCEEDED);
  }

  @Test
  void orkestraIssue233ADeletionStopsAReleaseThatRuns() throws Exception {
    lab.group("fine", "elsewhere").push();
    lab.start().release();
    lab.group("shop", "db", "api<db", "web<api").push();
    lab.begin("shop");

    lab.remove("products/shop.yaml").push();
    lab.release();

    assertThat(lab.objects("shop", "HelmRelease")).isEmpty();
    assertThat(history(1).attempt().result()).isEqualTo(Result.STOPPED);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.REMOVED);
  }

  @Test
  void orkestraIssue254ARemovalIsToldFromARollback() throws Exception {
    lab.group("shop", "db", "web<db").group("fine", "elsewhere").push();
    lab.start().release();
    lab.remove("products/shop.yaml").push();
    lab.poll().until(() -> lab.workflows("shop").size() == 2);

    assertThat(lab.status("shop").ready().reason()).isEqualTo("Terminating");
  }

  @Test
  void aGroupThatIsToBeLeftIsLeft() throws Exception {
    lab.spec("deletion: orphan").group("left", "db", "web<db").group("fine", "elsewhere").push();
    lab.start().release();
    List<String> objects = lab.cluster().names("left", ReleaseLab.NAMESPACE.value());

    lab.remove("products/left.yaml").push();
    lab.release();

    assertThat(lab.objects("left", "HelmRelease")).hasSize(2);
    assertThat(lab.cluster().names("left", ReleaseLab.NAMESPACE.value())).isEqualTo(objects);
    assertThat(lab.status("left").phase()).isEqualTo(Phase.REMOVED);
    assertThat(lab.status("left").ready().message()).contains("2 left");
  }

  @Test
  void aCommitThatDeclaresNothingAtAllRemovesNothing() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().release();

    lab.remove("products/shop.yaml").push();
    lab.release();

    assertThat(lab.objects("shop", "HelmRelease")).hasSize(2);
    assertThat(lab.status("shop").ready().reason()).isEqualTo("AwaitingApproval");
    assertThat(lab.status("shop").ready().message()).contains("declares no group at all");
  }

  @Test
  void moreThanTheSharedPartOfAllGroupsIsNotRemovedAtOnce() throws Exception {
    lab.group("one", "a").group("two", "b").group("three", "c").push();
    lab.start().release();

    lab.remove("products/one.yaml").remove("products/two.yaml").push();
    lab.release();

    assertThat(lab.objects("one", "HelmRelease")).hasSize(1);
    assertThat(lab.status("two").ready().message())
        .contains("2 of 3 groups would be removed at once");
  }

  @Test
  void onlyTheNewestCommitCountsWhileAWorkflowRuns() throws Exception {
    lab.group("shop", "db=red", "api=red<db", "web=red<api").push();
    lab.start().begin("shop");

    lab.group("shop", "db=blue", "api=blue<db", "web=blue<api").push();
    lab.poll();
    lab.group("shop", "db=green", "api=green<db", "web=green<api").push();
    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.workflows("shop")).hasSize(2);
    assertThat(history(1).attempt().result()).isEqualTo(Result.STOPPED);
    assertThat(lab.status("shop").attempt().number()).isEqualTo(2);
  }

  @Test
  void orkestraDefect06AReleaseThatWasChangedByHandIsMended() throws Exception {
    lab.group("shop", "db=red", "web=red<db").push();
    lab.start().release();

    lab.cluster().edit("HelmRelease", ReleaseLab.NAMESPACE.value(), "shop.db", LifecycleIT::blue);
    lab.until(() -> lab.workflows("shop").size() == 2).settle();

    assertThat(lastTasks()).containsExactly("db");
    assertThat(history(2).releases().get(0).reasons())
        .containsExactly("drift: spec.values.colour was changed");
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(
            lab.cluster()
                .find("HelmRelease", ReleaseLab.NAMESPACE.value(), "shop.db")
                .flatMap(release -> release.text("spec", "values", "colour")))
        .contains("red");
  }

  @Test
  void aReleaseThatWasDeletedByHandComesBack() throws Exception {
    lab.group("shop", "db=red", "web=red<db").push();
    lab.start().release();

    lab.cluster().delete("HelmRelease", ReleaseLab.NAMESPACE.value(), "shop.db");
    lab.until(() -> lab.workflows("shop").size() == 2).settle();

    assertThat(lastTasks()).containsExactly("db");
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
  }

  @Test
  void driftIsOnlyReportedWhereTheFileSaysSo() throws Exception {
    lab.spec("drift: report").group("shop", "db=red").push();
    lab.start().release();

    lab.cluster().edit("HelmRelease", ReleaseLab.NAMESPACE.value(), "shop.db", LifecycleIT::blue);
    lab.until(() -> lab.outcome("shop") instanceof Outcome.Drifted);

    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.status("shop").condition("Drifted")).isPresent();
    assertThat(lab.status("shop").ready().status()).isEqualTo(Condition.Status.FALSE);
  }

  @Test
  void driftIsNotLookedAtWhereTheFileSaysSo() throws Exception {
    lab.spec("drift: ignore").group("shop", "db=red").push();
    lab.start().release();

    lab.cluster().edit("HelmRelease", ReleaseLab.NAMESPACE.value(), "shop.db", LifecycleIT::blue);
    lab.settle().start().release();

    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
  }

  @Test
  void aSuspendedGroupBeginsNothingNotEvenItsRollback() throws Exception {
    lab.group("shop", "db=red").push();
    lab.start().release();

    lab.spec("suspend: true").group("shop", "db=blue").push();
    lab.release();
    assertThat(lab.status("shop").ready().reason()).isEqualTo("Suspended");
    assertThat(lab.workflows("shop")).hasSize(1);

    lab.spec("").group("shop", "db=blue").push();
    lab.release();
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
  }

  @Test
  void aChangeWaitsForItsWindow() throws Exception {
    lab.group("shop", "db=red").push();
    lab.start().release();

    lab.spec("windows: [{schedule: '0 2 * * *', duration: 1h}]").group("shop", "db=blue").push();
    lab.release();

    assertThat(lab.status("shop").ready().message()).contains("the next opens at 2026-01-01T02:00");
    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.statusFile("groups/shop/next/plan.md").orElseThrow()).contains("1 upgrade");
  }

  @Test
  void everyAttemptIsKept() throws Exception {
    lab.group("shop", "db=red").push();
    lab.start().release();
    failing("db", "db=blue");

    assertThat(history(1).attempt().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(history(2).attempt().result()).isEqualTo(Result.FAILED);
    assertThat(history(2).releases().get(0).reasons()).containsExactly("values changed: colour");
    assertThat(history(3).attempt().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(history(3).startedAt()).isNotEmpty().isLessThanOrEqualTo(history(3).finishedAt());
    assertThat(history(3).releases().get(0).finishedAt()).isNotEmpty();
  }

  @Test
  void theDeadlineOfAGroupIsAFailure() throws Exception {
    lab.group("shop", "db=red").push();
    lab.start().release();
    lab.cluster().fail("db", Fault.NEVER_READY);

    lab.spec("deadline: 10s").group("shop", "db=blue").push();
    lab.poll().until(() -> lab.status("shop").attempt().number() == 3);
    lab.cluster().heal("db");
    lab.settle();

    assertThat(history(2).attempt().result()).isEqualTo(Result.FAILED);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.ROLLED_BACK);
  }

  /** Pushes a commit of which that release fails, and lets the way back succeed. */
  private void failing(String release, String... applications) throws Exception {
    int last = lab.status("shop").attempt().number();
    lab.cluster().fail(release, Fault.TIMES_OUT);
    lab.group("shop", applications).push();
    lab.poll().until(() -> lab.status("shop").attempt().number() == last + 2);
    lab.cluster().heal(release);
    lab.settle();
  }

  private AttemptRecord history(int attempt) {
    return HistoryFile.read(
            lab.statusFile("groups/shop/history/" + attempt + ".yaml").orElseThrow())
        .orElseThrow();
  }

  private List<String> lastTasks() {
    return lab.tasks(lab.workflow(lab.status("shop").workflow()));
  }

  private Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    for (Manifest object : lab.objects("shop", "HelmRelease")) {
      LiveRelease release = LiveRelease.of(object).orElseThrow();
      digests.put(release.release().value(), release.digest());
    }
    return digests;
  }

  private static String ends(Manifest workflow, String task) {
    return requireNonNull(LiveWorkflow.of(workflow).steps().get(task)).finishedAt();
  }

  private static Manifest blue(Manifest release) {
    Map<String, Object> fields = new TreeMap<>(release.fields());
    Map<String, Object> spec = new TreeMap<>(release.map("spec"));
    spec.put("values", Map.of("colour", "blue"));
    fields.put("spec", spec);
    return new Manifest(fields);
  }
}
