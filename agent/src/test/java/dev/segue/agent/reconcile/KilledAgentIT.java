// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that dies anywhere, and its successor that knows only Git and the cluster. */
final class KilledAgentIT {
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

  @ParameterizedTest(name = "killed at {0}")
  @ValueSource(
      strings = {
        "status.commit",
        "status.commit done",
        "cluster.apply",
        "cluster.apply done",
        "cluster.create",
        "cluster.create done"
      })
  void repeatsNothingAndLosesNothing(String moment) throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().calls().killAt(moment);
    lab.releaseUntilKilled();

    lab.start().release();

    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.status("shop").attempt().number()).isEqualTo(1);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.statusCommits().stream().map(c -> c.lines().findFirst().orElse("")))
        .containsExactly("shop: plan attempt 1", "shop: attempt 1 released");
  }

  @ParameterizedTest(name = "killed at {0}")
  @ValueSource(strings = {"status.commit", "status.commit done"})
  void tellsTheEndOfAWorkflowThatItDidNotSeeBegin(String moment) throws Exception {
    lab.spec("onFailure: hold");
    lab.cluster().fail("web", Fault.TIMES_OUT);
    lab.group("shop", "db", "web<db").push();
    lab.start().calls().killAt(moment, 2); // the first is the plan's
    lab.releaseUntilKilled();

    lab.start().release();

    assertThat(lab.status("shop").phase()).isEqualTo(Phase.FAILED);
    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.statusCommits()).hasSize(2);
  }

  @Test
  void aPlanThatNeverBeganGivesItsNumberToNoOther() throws Exception {
    lab.group("shop", "web=red").push();
    lab.start().calls().killAt("cluster.create");
    lab.releaseUntilKilled();

    lab.group("shop", "web=blue").push();
    lab.start().release();

    assertThat(lab.status("shop").attempt().number()).isEqualTo(2);
    assertThat(lab.workflows("shop")).containsExactly(lab.status("shop").workflow());
  }

  @Test
  void aWorkflowThatWasCollectedBeforeItsEndWasToldIsNotRepeated() throws Exception {
    String workflow = releasedUntold("db", "web<db");
    lab.cluster().delete("Workflow", ReleaseLab.NAMESPACE.value(), workflow);

    lab.start().release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
    assertThat(lab.workflows("shop")).isEmpty();
    assertThat(lab.statusFile("groups/shop/inventory.yaml").orElseThrow()).contains("web");
  }

  @Test
  void whatALostWorkflowReleasedIsRemovedWhenTheFileDropsIt() throws Exception {
    String workflow = releasedUntold("db", "web<db");
    lab.cluster().delete("Workflow", ReleaseLab.NAMESPACE.value(), workflow);

    lab.group("shop", "db").push();
    lab.start().release();

    assertThat(lab.objects("shop", "HelmRelease")).hasSize(1);
    assertThat(lab.status("shop").attempt().number()).isEqualTo(2);
    assertThat(lab.tasks(lab.workflow(lab.status("shop").workflow())))
        .containsExactly("Delete-web");
  }

  @Test
  void aNumberWhoseWorkflowIsGoneIsNotUsedAgain() throws Exception {
    lab.cluster().fail("web", Fault.TIMES_OUT);
    String workflow = releasedUntold("db", "web<db");
    lab.cluster().delete("Workflow", ReleaseLab.NAMESPACE.value(), workflow);
    lab.cluster().heal("web");

    lab.start().release();

    assertThat(lab.status("shop").attempt().number()).isEqualTo(2);
    assertThat(lab.workflows("shop")).hasSize(1).doesNotContain(workflow);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
  }

  /** Kills the agent once the Workflow is made, and lets that come to its end. */
  private String releasedUntold(String... applications) throws Exception {
    lab.group("shop", applications).push();
    lab.start().calls().killAt("cluster.create done");
    lab.releaseUntilKilled();
    lab.stop();
    String workflow = lab.workflows("shop").get(0);
    lab.until(() -> lab.workflow(workflow).text("status", "finishedAt").isPresent());
    return workflow;
  }
}
