// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a commit to a released product, and from the next commit to the next. */
final class ReleaseIT {
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
  void releasesAProductInOrderAndTellsItOnTheStatusBranch() throws Exception {
    CommitId commit = lab.group("shop", "db", "cache~db", "web=red<db").push();

    lab.start().release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    String workflow = lab.status("shop").workflow();
    assertThat(lab.workflows("shop")).containsExactly(workflow);
    Map<String, LiveRelease> live = live("shop");
    assertThat(live.keySet()).containsExactly("cache", "db", "web");
    assertThat(live.values()).allMatch(release -> release.state() == LiveRelease.State.READY);
    assertThat(told("web").startedAt())
        .isGreaterThanOrEqualTo(told("db").finishedAt())
        .isNotEmpty();

    StatusReport status = lab.status("shop");
    assertThat(status.phase()).isEqualTo(Phase.RELEASED);
    assertThat(status.commit()).isEqualTo(commit.hex());
    assertThat(status.attempt().number()).isEqualTo(1);
    assertThat(status.ready().status()).isEqualTo(Condition.Status.TRUE);
    assertThat(status.ready().message()).isEqualTo("3 of 3 releases are ready");
    assertThat(lab.statusFiles())
        .contains(
            "README.md",
            "groups/shop/plan.md",
            "groups/shop/status.yaml",
            "groups/shop/workflow.yaml",
            "groups/shop/inventory.yaml",
            "groups/shop/helmreleases/web.yaml",
            "groups/shop/manifests/web.yaml")
        .anyMatch(path -> path.startsWith("groups/shop/sources/"));
    assertThat(lab.statusFile("README.md").orElseThrow()).contains("[shop](groups/shop/plan.md)");
    assertThat(lab.statusFile("groups/shop/manifests/web.yaml").orElseThrow()).contains("red");
    assertThat(lab.statusCommits())
        .containsExactly(
            "shop: plan attempt 1\n\nSource-Commit: %s\nGroup: shop\nPhase: Planned\nWorkflow: %s\n"
                .formatted(commit, workflow),
            "shop: attempt 1 released\n\nSource-Commit: %s\nGroup: shop\nPhase: Released\nWorkflow: %s\n"
                .formatted(commit, workflow));
  }

  @Test
  void doesNothingWhereNothingChanged() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().release();
    List<String> commits = lab.statusCommits();

    lab.start(2, Duration.ZERO).release().release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.statusCommits()).isEqualTo(commits);
    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.calls().made())
        .contains("cluster.observe")
        .doesNotContain("status.commit", "cluster.apply", "cluster.create", "cluster.collect")
        .doesNotContain("cluster.version", "charts.render");
  }

  @Test
  void aCommitThatChangesSomethingElseReleasesNothing() throws Exception {
    lab.group("shop", "db", "web<db").push();
    lab.start().release();
    List<String> commits = lab.statusCommits();

    lab.file("README.md", "Nothing to release here.\n").push();
    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.statusCommits()).isEqualTo(commits);
    assertThat(lab.workflows("shop")).hasSize(1);
  }

  @Test
  void upgradesOnlyWhatChangedAndMovesNoSourceOfTheOthers() throws Exception {
    lab.chart("db", "1.0.0").group("shop", "db@db", "web=red<db", "shop=red<web").push();
    lab.start().release();
    List<String> before = sources();

    lab.chart("db", "1.0.0").group("shop", "db@db", "web=blue<db", "shop=red<web").push();
    lab.release();

    StatusReport status = lab.status("shop");
    assertThat(status.attempt().number()).isEqualTo(2);
    assertThat(lab.tasks(lab.workflow(status.workflow()))).containsExactly("web");
    assertThat(lab.status("shop").releases().stream().map(ReleaseStatus::action))
        .containsExactly("keep", "upgrade", "keep");
    assertThat(sources()).isEqualTo(before);
    assertThat(deployed("shop.web")).contains("blue");

    lab.chart("db", "1.1.0").push();
    lab.release();

    assertThat(lab.tasks(lab.workflow(lab.status("shop").workflow()))).containsExactly("db");
    assertThat(sources()).hasSize(4).allMatch(this::isThere);
    assertThat(sources()).filteredOn(before::contains).hasSize(2);
  }

  @Test
  void putsAGroupsObjectsWhereItSays() throws Exception {
    lab.groupIn("tenant", "shop", "web").push();

    lab.start().release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(
            Stream.concat(
                lab.objects("shop", "Workflow").stream(),
                lab.objects("shop", "HelmRelease").stream()))
        .hasSize(2)
        .allMatch(object -> object.namespace().equals(Optional.of("tenant")));
    assertThat(lab.statusFile("groups/shop/inventory.yaml").orElseThrow()).contains("tenant");
  }

  @Test
  void refusesToMoveAReleasedGroupToAnotherNamespace() throws Exception {
    lab.groupIn("tenant", "shop", "web").push();
    lab.start().release();

    lab.groupIn("other", "shop", "web").push();
    lab.release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.status("shop").ready().message())
        .contains("`metadata.namespace` must stay \"tenant\"")
        .contains("got \"other\"");
    assertThat(lab.workflows("shop")).hasSize(1);
  }

  @Test
  void removesAnApplicationAfterItsDependantsAndForgetsIt() throws Exception {
    lab.chart("db", "1.0.0").group("shop", "db@db", "cache@db<db", "web<db").push();
    lab.start().release();

    List<String> before = sources();

    lab.group("shop", "web").push();
    lab.release();

    StatusReport status = lab.status("shop");
    assertThat(status.phase()).isEqualTo(Phase.RELEASED);
    assertThat(lab.tasks(lab.workflow(status.workflow())))
        .containsExactlyInAnyOrder("Delete-cache", "Delete-db");
    assertThat(told("db").state()).isEqualTo(State.DELETED);
    assertThat(told("db").startedAt()).isGreaterThanOrEqualTo(told("cache").finishedAt());
    assertThat(live("shop").keySet()).containsExactly("web");
    assertThat(lab.statusFile("groups/shop/inventory.yaml").orElseThrow())
        .contains("web")
        .doesNotContain("cache")
        .doesNotContain("db");
    assertThat(lab.calls().count("cluster.collect")).isEqualTo(2);
    assertThat(before).hasSize(4);
    assertThat(sources()).hasSize(2).isEqualTo(before.stream().filter(this::isThere).toList());
  }

  @Test
  void collectsNothingBeforeAnAttemptEndsWell() throws Exception {
    lab.spec("onFailure: hold");
    lab.chart("db", "1.0.0").group("shop", "db@db", "web").push();
    lab.start().release();
    List<String> before = sources();
    lab.calls().forget();
    lab.cluster().fail("web", Fault.TIMES_OUT);

    lab.group("shop", "web=blue").push();
    lab.release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
    assertThat(lab.calls().count("cluster.collect")).isZero();
    assertThat(before).hasSize(4).allMatch(this::isThere);
  }

  /** What a way back needs: the charts of the last good commit, whatever became of Git. */
  @Test
  void keepsTheOldChartBesideTheNewOneWhenAnUpgradeFails() throws Exception {
    lab.spec("onFailure: hold");
    lab.chart("db", "1.0.0").group("shop", "db@db").push();
    lab.start().release();
    List<String> before = sources();
    lab.cluster().fail("db", Fault.TIMES_OUT);

    lab.chart("db", "1.1.0").push();
    lab.release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Held.class);
    assertThat(sources()).hasSize(2).doesNotContainAnyElementsOf(before);
    for (List<String> objects : List.of(before, sources())) {
      String chart =
          objects.stream().filter(name -> name.startsWith("shop.db-1-")).findFirst().orElseThrow();
      assertThat(
              lab.cluster()
                  .find("HelmChart", ReleaseLab.NAMESPACE.value(), chart)
                  .flatMap(object -> object.text("status", "artifact", "revision")))
          .isPresent();
    }
  }

  private Map<String, LiveRelease> live(String group) {
    return lab.objects(group, "HelmRelease").stream()
        .map(object -> LiveRelease.of(object).orElseThrow())
        .collect(
            Collectors.toMap(r -> r.release().value(), r -> r, (one, two) -> one, TreeMap::new));
  }

  private ReleaseStatus told(String release) {
    return lab.status("shop").releases().stream()
        .filter(told -> told.name().value().equals(release))
        .findFirst()
        .orElseThrow();
  }

  /** The sources, and the charts made of them, that the status branch names. */
  private List<String> sources() {
    return lab.statusFiles().stream()
        .filter(path -> path.startsWith("groups/shop/sources/"))
        .map(path -> path.replaceAll(".*/(.*)\\.yaml", "$1"))
        .toList();
  }

  private boolean isThere(String source) {
    return Stream.of("GitRepository", "HelmChart")
        .anyMatch(
            kind -> lab.cluster().find(kind, ReleaseLab.NAMESPACE.value(), source).isPresent());
  }

  private String deployed(String helmRelease) {
    return lab.cluster().deployed(ReleaseLab.NAMESPACE.value(), helmRelease).toString();
  }
}
