// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the outside does wrong, and what the agent makes of it. */
final class TransientErrorsIT {
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
  void triesAgainWhenTheClusterOrGitOrAChartServerWasAway() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start();
    List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    lab.listen(outcomes::add);
    lab.calls()
        .fail(
            "charts.resolve",
            new ChartException(ProblemCode.CHART_SERVER_UNREACHABLE, true, "no charts", null));
    lab.calls()
        .fail(
            "cluster.create",
            new ClusterException(ProblemCode.CLUSTER_UNREACHABLE, true, "no cluster", null));

    lab.release();

    assertThat(outcomes)
        .filteredOn(Outcome.Failed.class::isInstance)
        .extracting(Outcome::describe)
        .hasSize(2)
        .anyMatch(line -> line.contains("no charts"))
        .anyMatch(line -> line.equals("SG2201: no cluster"));
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.status("shop").attempt().number()).isEqualTo(1);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
  }

  @Test
  void triesAgainWhenThePushWasRefusedInARace() throws Exception {
    lab.group("shop", "web").push();
    lab.start();
    lab.calls()
        .fail("status.commit", new RepoException(ProblemCode.GIT_FAILED, true, "raced", null));

    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.statusCommits()).hasSize(2);
  }

  @Test
  void saysOnTheStatusBranchWhatOnlySomebodyElseCanMend() throws Exception {
    lab.group("shop", "web").push();
    lab.start(2, Duration.ZERO);
    ClusterException forbidden =
        new ClusterException(
            ProblemCode.CLUSTER_FORBIDDEN, false, "cannot create Workflow: forbidden", null);
    lab.calls().fail("cluster.create", forbidden, forbidden);

    lab.release();

    assertThat(lab.outcome("shop"))
        .isEqualTo(
            new Outcome.Failed(
                ProblemCode.CLUSTER_FORBIDDEN, "cannot create Workflow: forbidden", false));
    assertThat(lab.status("shop").ready().status()).isEqualTo(Condition.Status.FALSE);
    assertThat(lab.status("shop").ready().reason()).isEqualTo("ApplyFailed");
    assertThat(lab.status("shop").ready().message())
        .isEqualTo("SG2203: cannot create Workflow: forbidden");
    List<String> commits = lab.statusCommits();

    lab.release();
    assertThat(lab.statusCommits()).isEqualTo(commits);

    lab.release();
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.status("shop").attempt().number()).isEqualTo(1);
    assertThat(lab.status("shop").phase()).isEqualTo(Phase.RELEASED);
  }
}
