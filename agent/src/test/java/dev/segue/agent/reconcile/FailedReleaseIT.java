// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the status says when a release does not succeed, and when it is tried again. */
final class FailedReleaseIT {
  @TempDir static Path chartCache;
  @TempDir Path folder;
  private ReleaseLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new ReleaseLab(folder, chartCache);
    lab.spec("onFailure: hold");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void tellsAFailureInFluxsWordsAndHoldsTheGroupUntilGitMoves() throws Exception {
    lab.group("shop", "db=red", "web=red<db", "page=red<web").push();
    lab.start(2, Duration.ZERO).release();

    lab.cluster().fail("db", Fault.TIMES_OUT);
    lab.group("shop", "db=blue", "web=blue<db", "page=blue<web").push();
    lab.release();

    StatusReport failed = lab.status("shop");
    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
    assertThat(failed.phase()).isEqualTo(Phase.FAILED);
    assertThat(failed.ready().status()).isEqualTo(Condition.Status.FALSE);
    assertThat(failed.ready().message())
        .contains("release db failed: ")
        .contains("Helm upgrade failed for release shop/db with chart web@1.0.0")
        .contains("2 not tried");
    assertThat(states("shop"))
        .containsExactly(
            Map.entry("db", State.FAILED),
            Map.entry("page", State.OMITTED),
            Map.entry("web", State.OMITTED));

    List<String> commits = lab.statusCommits();
    lab.release().release();
    assertThat(lab.start(2, Duration.ZERO).release().outcome("shop"))
        .isInstanceOf(Outcome.Held.class);
    assertThat(lab.workflows("shop")).hasSize(2);
    assertThat(lab.statusCommits()).isEqualTo(commits);

    lab.cluster().heal("db");
    lab.group("shop", "db=green", "web=blue<db", "page=blue<web").push();
    lab.release();

    StatusReport mended = lab.status("shop");
    assertThat(mended.phase()).isEqualTo(Phase.RELEASED);
    assertThat(mended.attempt().number()).isEqualTo(3);
    assertThat(lab.tasks(lab.workflow(mended.workflow())))
        .containsExactlyInAnyOrder("Reset-db", "db", "web", "page");
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
  }

  @Test
  void aFailedSoftDependencyKeepsTheGroupFromBeingReady() throws Exception {
    lab.cluster().fail("cache", Fault.TIMES_OUT);
    lab.group("shop", "cache", "web~cache").push();

    lab.start().release();

    StatusReport status = lab.status("shop");
    assertThat(lab.workflow(status.workflow()).text("status", "phase")).contains("Succeeded");
    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.ready().status()).isEqualTo(Condition.Status.FALSE);
    assertThat(states("shop"))
        .containsExactly(Map.entry("cache", State.FAILED), Map.entry("web", State.RELEASED));
    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
  }

  @Test
  void aReleaseThatHangsIsNeverCalledReady() throws Exception {
    lab.cluster().fail("web", Fault.NEVER_READY);
    lab.group("shop", "db", "web<db").push();
    lab.start(2, Duration.ZERO).release();
    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);

    lab.release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.FAILED);

    lab.group("shop", "db=blue", "web<db").push();
    lab.release();

    assertThat(lab.status("shop").attempt().number()).isEqualTo(2);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.FAILED);
  }

  @Test
  void aCommitThatComesWhileAWorkflowRunsStopsItAndIsReleasedNext() throws Exception {
    lab.cluster().fail("web", Fault.NEVER_READY);
    lab.group("shop", "db=red", "web=red<db").push();
    lab.start().begin("shop");

    lab.group("shop", "db=blue").push();
    lab.release();

    assertThat(lab.status("shop").attempt().number()).isEqualTo(2);
    assertThat(lab.workflows("shop")).hasSize(2);
    assertThat(lab.statusCommits().stream().map(c -> c.lines().findFirst().orElse("")))
        .startsWith("shop: plan attempt 1", "shop: attempt 1 stopped", "shop: plan attempt 2");
  }

  @Test
  void orkestraDefect08TheWorkflowPhaseErrorIsAnEndAndAFailure() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start();
    lab.calls().killAt("cluster.create");
    lab.releaseUntilKilled();
    StatusReport planned = lab.status("shop");
    lab.cluster().create(erroneous(planned.workflow()));

    lab.start(2, Duration.ZERO).release();

    StatusReport status = lab.status("shop");
    assertThat(lab.workflow(status.workflow()).text("status", "phase")).contains("Error");
    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.ready().message()).contains("ended as Error");
    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
  }

  /** A Workflow that the cluster cannot run. */
  private static Manifest erroneous(String name) {
    return new Manifest(
        new TreeMap<>(
            Map.of(
                "apiVersion",
                "argoproj.io/v1alpha1",
                "kind",
                "Workflow",
                "metadata",
                Map.of(
                    "name",
                    name,
                    "namespace",
                    ReleaseLab.NAMESPACE.value(),
                    "labels",
                    Map.of("app.kubernetes.io/managed-by", "segue", "segue.dev/group", "shop")),
                "spec",
                Map.of(
                    "entrypoint",
                    "product",
                    "hooks",
                    Map.of("exit", Map.of("template", "product")),
                    "templates",
                    List.of(Map.of("name", "product", "container", Map.of("image", "busybox")))))));
  }

  @Test
  void aStuckGroupHoldsUpNoOther() throws Exception {
    lab.cluster().fail("stuck", Fault.NEVER_READY);
    lab.group("first", "stuck").group("second", "db", "web<db").push();

    lab.start(1, Duration.ofDays(1)).poll();
    lab.until(() -> new Outcome.InSync().equals(lab.outcome("second")));

    assertThat(lab.outcome("first")).isInstanceOf(Outcome.Progressing.class);
    lab.settle();
    assertThat(lab.status("first").phase()).isEqualTo(Phase.FAILED);
  }

  private Map<String, State> states(String group) {
    return lab.status(group).releases().stream()
        .collect(
            Collectors.toMap(
                r -> r.name().value(), ReleaseStatus::state, (one, two) -> one, TreeMap::new));
  }
}
