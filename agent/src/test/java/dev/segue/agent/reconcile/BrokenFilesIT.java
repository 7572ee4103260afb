// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are wrong, gone and back again. */
final class BrokenFilesIT {
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

  private static final String NO_YAML =
      "apiVersion: segue.dev/v1alpha1\nkind: ApplicationGroup\nmetadata:\n  name: torn\nspec: {{\n";

  @Test
  void whatIsBrokenHoldsUpNobodyElseAndSaysWhatIsWrong() throws Exception {
    lab.group("torn", "db").group("torn2", "db2").group("fine", "web").push();
    lab.start().release();
    assertThat(lab.status("torn").phase()).isEqualTo(Phase.RELEASED);

    lab.file("products/torn.yaml", NO_YAML)
        .file("charts/bad/Chart.yaml", "apiVersion: v2\nname: bad\nversion: 1.0.0\n")
        .file("charts/bad/templates/all.yaml", "a: {{ .Values.missing.deep }}\n")
        .group("torn2", "db2@bad")
        .group("fine", "web=blue")
        .push();
    lab.release();

    assertThat(lab.outcome("fine")).isEqualTo(new Outcome.InSync());
    assertThat(lab.status("fine").attempt().number()).isEqualTo(2);
    assertThat(lab.outcome("torn")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.status("torn").phase()).isEqualTo(Phase.INVALID);
    assertThat(lab.status("torn").ready().message())
        .contains("products/torn.yaml:6")
        .contains("SG1001");
    assertThat(lab.outcome("torn2")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.status("torn2").problems())
        .hasSize(1)
        .allMatch(
            problem -> problem.contains("products/torn2.yaml:") && problem.contains("SG1205"));
    assertThat(lab.objects("torn", "HelmRelease")).hasSize(1);
    assertThat(lab.objects("torn2", "HelmRelease")).hasSize(1);

    lab.group("torn", "db").group("torn2", "db2=blue").push();
    lab.release();

    assertThat(lab.reconciler().outcomes().values()).containsOnly(new Outcome.InSync());
    assertThat(lab.status("torn").phase()).isEqualTo(Phase.RELEASED);
    assertThat(lab.status("torn").attempt().number()).isEqualTo(1);
    assertThat(lab.status("torn").problems()).isEmpty();
    assertThat(lab.status("torn2").attempt().number()).isEqualTo(2);
    assertThat(lab.workflows("torn")).hasSize(1);
  }

  @Test
  void aFileWhoseGroupCannotBeReadAnyMoreIsBrokenAndNotGone() throws Exception {
    lab.group("torn", "db").push();
    lab.start().release();

    lab.file("products/torn.yaml", "apiVersion: segue.dev/v1alpha1\nkind: ApplicationGroup\n\t{\n")
        .push();
    lab.release();

    assertThat(lab.status("torn").phase()).isEqualTo(Phase.INVALID);
    assertThat(lab.status("torn").ready().message()).contains("products/torn.yaml:3");
    assertThat(lab.objects("torn", "HelmRelease")).hasSize(1);
  }

  @Test
  void aFailedAttemptStaysHeldAfterTheFileWasBrokenForAWhile() throws Exception {
    lab.spec("onFailure: hold");
    lab.cluster().fail("db", Fault.TIMES_OUT);
    lab.group("shop", "db").push();
    lab.start().release();
    String message = lab.status("shop").ready().message();

    lab.file("products/shop.yaml", NO_YAML.replace("torn", "shop")).push();
    lab.release();
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.INVALID);
    lab.group("shop", "db").push();
    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.Held(message));
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.FAILED);
    assertThat(lab.status("shop").ready().message()).isEqualTo(message);
    assertThat(lab.workflows("shop")).hasSize(1);
  }

  @Test
  void aWorkflowThatEndsWhileTheFileIsBrokenIsToldAllTheSame() throws Exception {
    lab.spec("onFailure: hold");
    CommitId commit = lab.group("shop", "db", "web<db").push();
    lab.start().begin("shop");

    lab.file("products/shop.yaml", NO_YAML.replace("torn", "shop")).push();
    lab.poll();
    Awaitility.await().until(() -> lab.status("shop").phase() == Phase.INVALID);
    assertThat(lab.workflows("shop")).hasSize(1);
    lab.until(() -> lab.statusCommits().size() == 4).settle();

    assertThat(lab.statusCommits())
        .anyMatch(c -> c.contains("attempt 1 released") && c.contains(commit.hex()));
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.INVALID);
    assertThat(lab.status("shop").releases()).allMatch(r -> r.state() == State.RELEASED);
    assertThat(lab.statusFile("groups/shop/inventory.yaml").orElseThrow()).contains("web");
  }

  @Test
  void aFileThatIsMendedWhileTheWorkflowRunsLeavesNoProblemBehind() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().begin("shop");
    lab.file("products/shop.yaml", NO_YAML.replace("torn", "shop")).push();
    lab.poll();
    Awaitility.await().until(() -> lab.status("shop").phase() == Phase.INVALID);

    lab.group("shop", "db", "web<db").push();
    lab.poll();
    Awaitility.await().until(() -> lab.status("shop").phase() == Phase.PLANNED);
    assertThat(lab.status("shop").problems()).isEmpty();
    lab.settle();

    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
    assertThat(lab.workflows("shop")).hasSize(1);
  }

  @Test
  void nothingIsCalledGoneWhileAFileThatMayDeclareItCannotBeRead() throws Exception {
    lab.group("gone", "db").push();
    lab.start().release();
    List<String> commits = lab.statusCommits();

    lab.remove("products/gone.yaml")
        .file(
            "products/other.yaml", "apiVersion: segue.dev/v1alpha1\nkind: ApplicationGroup\n\t{\n")
        .push();
    lab.release();

    assertThat(lab.statusCommits()).isEqualTo(commits);
  }
}
