// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.ModelAgent;
import dev.segue.renderer.testing.ModelAgent.Aim;
import dev.segue.renderer.testing.ModelAgent.Fault;
import dev.segue.renderer.testing.Products;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What went wrong in Orkestra over the life of a group, each by its number. */
class OrkestraLifecycleTest {
  private static final DesiredGroup GOOD =
      Products.group("shop").app("db").app("web", "db").desired();

  private final ModelAgent agent = new ModelAgent();

  @Test
  void orkestraDefect01AnApplicationThatLeavesTheFileIsUninstalled() {
    release(GOOD);
    DesiredGroup after = Products.group("shop").at(Products.COMMIT_2).app("db").desired();
    Plan plan = aim(after).plan();
    assertThat(plan.steps()).extracting(Step::task).containsExactly("Delete-web");
    agent.pass(aim(after), Map.of());
    assertThat(agent.isExactly(after)).isTrue();
  }

  @Test
  void orkestraDefect02ARemovalAfterARollbackGoesByWhatIsDeployed() {
    release(GOOD);
    DesiredGroup bad =
        Products.group("shop")
            .at(Products.COMMIT_2)
            .app("cache")
            .app("db", "2.0.0", Map.of(), "cache")
            .desired();
    fail(bad, "db");
    agent.pass(aim(bad), Map.of());
    assertThat(agent.report().phase()).isEqualTo(Phase.ROLLED_BACK);
    Aim removal = agent.removal(bad);
    assertThat(removal.plan().steps())
        .extracting(Step::task)
        .containsExactly("Delete-web", "Delete-db");
    agent.pass(removal, Map.of());
    assertThat(agent.live()).isEmpty();
  }

  /** A sub-chart is part of its chart's content, and goes and comes with that. */
  @Test
  void orkestraDefects03And05ARollbackBringsBackTheVeryChartsSubChartsAndAll() {
    DesiredGroup good = umbrella("1", "db", "web");
    release(good);
    DesiredGroup bad = umbrella("2", "web", "db");
    fail(bad, "web");
    Plan rollback = aim(bad).plan();
    assertThat(rollback.steps())
        .extracting(Step::change)
        .filteredOn(Change.Apply.class::isInstance)
        .extracting(change -> ((Change.Apply) change).desired().chart().content())
        .contains(Digest.of("umbrella with sub-charts of 1"));
    agent.pass(aim(bad), Map.of());
    assertThat(agent.isExactly(good)).isTrue();
    assertThat(agent.inventory().releases().values())
        .extracting(release -> release.content())
        .containsOnly(Digest.of("umbrella with sub-charts of 1"));
  }

  @Test
  void orkestraDefect07WhatFailedIsRolledBackOnceHoweverOftenItIsLookedAt() {
    release(GOOD);
    DesiredGroup bad =
        Products.group("shop")
            .at(Products.COMMIT_2)
            .app("db")
            .app("web", "2.0.0", Map.of(), "db")
            .desired();
    fail(bad, "web");
    assertThat(agent.pass(aim(bad), Map.of())).isTrue();
    int attempt = agent.report().attempt().number();
    for (int look = 0; look < 5; look++) {
      assertThat(agent.pass(aim(bad), Map.of())).isFalse();
    }
    assertThat(agent.report().attempt().number()).isEqualTo(attempt);
    assertThat(agent.report().attempt().purpose()).isEqualTo(Purpose.ROLLBACK);
  }

  @Test
  void orkestraDefect17WhatIsKeptOfTheLastGoodHasDigestsAndNoValue() {
    DesiredGroup secret =
        Products.group("shop")
            .app(
                "web",
                "1.0.0",
                new Values(Map.of("auth", Map.of("password", "correct-horse"), "plain", "battery")),
                List.of("auth.password"),
                Values.EMPTY)
            .desired();
    Inventory inventory = Products.inventory(secret);
    String good = InventoryFile.write(new LastGood(Products.COMMIT_1, inventory));
    assertThat(good)
        .contains(secret.release(ReleaseName.parse("web")).valuesDigest().hex())
        .doesNotContain("correct-horse", "battery");
    assertThat(InventoryFile.readGood(good)).contains(new LastGood(Products.COMMIT_1, inventory));
  }

  @Test
  void orkestraIssue207AFailedFirstInstallIsRemovedInReverse() {
    fail(GOOD, "web");
    Plan back = aim(GOOD).plan();
    assertThat(back.steps()).extracting(Step::task).containsExactly("Delete-web", "Delete-db");
    agent.pass(aim(GOOD), Map.of());
    assertThat(agent.live()).isEmpty();
    assertThat(agent.inventory().releases()).isEmpty();
    assertThat(agent.report().held()).isNotNull();
    assertThat(agent.pass(aim(GOOD), Map.of())).as("it is held").isFalse();
  }

  /** The removal ended, and the file is there again. */
  @Test
  void orkestraIssue240AGroupThatComesBackIsReleasedAgain() {
    release(GOOD);
    agent.pass(agent.removal(GOOD), Map.of("Delete-db", Fault.BEFORE_FLUX));
    assertThat(agent.report().phase()).isEqualTo(Phase.FAILED);
    Plan again = aim(GOOD).plan();
    assertThat(again.purpose()).isEqualTo(Purpose.RELEASE);
    assertThat(again.steps()).extracting(Step::task).containsExactly("web");
    agent.pass(aim(GOOD), Map.of());
    assertThat(agent.isExactly(GOOD)).isTrue();

    agent.pass(agent.removal(GOOD), Map.of());
    assertThat(agent.live()).isEmpty();
    agent.pass(aim(GOOD), Map.of());
    assertThat(agent.isExactly(GOOD)).isTrue();
    assertThat(agent.report().phase()).isEqualTo(Phase.RELEASED);
  }

  @Test
  void aRemovalIsTriedThoughTheRemovalOfAFailedFirstInstallFailed() {
    fail(GOOD, "web");
    agent.pass(aim(GOOD), Map.of("Delete-web", Fault.BEFORE_FLUX));
    assertThat(agent.pass(aim(GOOD), Map.of())).as("it is held").isFalse();
    assertThat(agent.pass(agent.removal(GOOD), Map.of())).isTrue();
    assertThat(agent.live()).isEmpty();
  }

  private Aim aim(DesiredGroup desired) {
    return agent.aim(desired, OnFailure.ROLLBACK);
  }

  private void release(DesiredGroup desired) {
    agent.pass(aim(desired), Map.of());
    assertThat(agent.isExactly(desired)).isTrue();
  }

  private void fail(DesiredGroup desired, String task) {
    agent.pass(aim(desired), Map.of(task, Fault.IN_FLUX));
    assertThat(agent.report().phase()).isEqualTo(Phase.FAILED);
  }

  /** Applications of one chart whose sub-charts are of that version, the first below the second. */
  private static DesiredGroup umbrella(String subCharts, String first, String second) {
    RepoPath path = RepoPath.parse("charts/umbrella");
    var commit = subCharts.equals("1") ? Products.COMMIT_1 : Products.COMMIT_2;
    ResolvedChart chart =
        new ResolvedChart(
            new ChartPin.InGit(commit, path, List.of(path)),
            "umbrella",
            "1.0.0",
            Digest.of("umbrella with sub-charts of " + subCharts),
            List.of(),
            List.of());
    return Products.group("shop")
        .at(commit)
        .app(first)
        .app(second, first)
        .chart(first, chart)
        .chart(second, chart)
        .desired();
  }
}
