// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.conditions;
import static dev.segue.agent.rehearse.Rehearsal.message;
import static dev.segue.agent.rehearse.Rehearsal.node;
import static dev.segue.agent.rehearse.Rehearsal.phase;
import static dev.segue.agent.rehearse.Rehearsal.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was seen on a real cluster with the step that Segue renders, case by case. */
class ProvenStepTest {
  private final Rehearsal rehearsal = new Rehearsal();

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @Test
  void installsEachReleaseAfterTheOneItDependsOn() throws Exception {
    Manifest workflow = rehearsal.withSource().release("one", "red");

    assertThat(phase(workflow)).isEqualTo("Succeeded");
    assertThat(workflow.text("status", "progress")).contains("2/2");
    assertThat(Rehearsal.time(workflow, "web", "startedAt"))
        .isAfterOrEqualTo(Rehearsal.time(workflow, "db", "finishedAt"));
    assertThat(conditions(rehearsal.helmRelease("web")))
        .containsExactly("Ready=True/InstallSucceeded", "Released=True/InstallSucceeded");
    assertThat(rehearsal.helmRelease("web").maps("status", "history"))
        .singleElement()
        .satisfies(
            snapshot ->
                assertThat(snapshot)
                    .containsEntry("chartVersion", "1.1.0+ea54dc35c3e4")
                    .containsEntry("status", "deployed")
                    .containsEntry("version", 1L));
    assertThat(rehearsal.cluster.deployed("default", "web"))
        .singleElement()
        .satisfies(object -> assertThat(object.text("data", "colour")).contains("red"));
  }

  @Test
  void keepsTheEvidenceInTheOutputs() throws Exception {
    Manifest workflow = rehearsal.withSource().release("one", "red");

    assertThat(Fields.text(node(workflow, "db").orElseThrow().get("outputs")))
        .contains("\"revision\"", "\"1.1.0+ea54dc35c3e4\"");
  }

  @Test
  void failsWhenAnotherVersionIsLiveThanTheOnePlanned() throws Exception {
    rehearsal.charts.with("db", "1.2.0");

    Manifest workflow = rehearsal.withSource().release("one", "red");

    assertThat(phase(workflow, "db")).isEqualTo("Failed");
    assertThat(message(workflow, "db(0)")).contains("released 1.2.0+ea54dc35c3e4");
    assertThat(phase(workflow, "web")).isEqualTo("Omitted");
  }

  @Test
  void failsWithStalledWhenTheUpgradesPodsCrash() throws Exception {
    rehearsal.withSource().release("one", "red");
    rehearsal.cluster.fail("db", Fault.TIMES_OUT);

    Manifest workflow = rehearsal.release("two", "green");

    assertThat(phase(workflow)).isEqualTo("Failed");
    assertThat(phase(workflow, "db")).isEqualTo("Failed");
    assertThat(message(workflow, "db")).isEqualTo("No more retries left");
    assertThat(message(workflow, "db(0)")).contains("failure condition '", "evaluated true");
    assertThat(phase(workflow, "web")).isEqualTo("Omitted");
    assertThat(conditions(rehearsal.helmRelease("db")))
        .containsExactly(
            "Stalled=True/RetriesExceeded",
            "Ready=False/UpgradeFailed",
            "Released=False/UpgradeFailed");
    assertThat(rehearsal.helmRelease("db").maps("status", "history"))
        .extracting(snapshot -> snapshot.get("status"))
        .containsExactly("failed", "deployed");
  }

  @Test
  void fixesForwardOnTheRetryBecauseTheFirstTryMeetsTheOldStalled() throws Exception {
    rehearsal.withSource().release("one", "red");
    rehearsal.cluster.fail("db", Fault.TIMES_OUT);
    rehearsal.release("two", "green");
    rehearsal.cluster.heal("db");

    Manifest workflow = rehearsal.release("three", "blue");

    assertThat(phase(workflow)).isEqualTo("Succeeded");
    assertThat(phase(workflow, "db(0)")).isEqualTo("Failed");
    assertThat(phase(workflow, "db(1)")).isEqualTo("Succeeded");
    assertThat(node(workflow, "db").orElseThrow()).containsEntry("type", "Retry");
    assertThat(phase(workflow, "web(0)")).isEqualTo("Succeeded");
    assertThat(conditions(rehearsal.helmRelease("db")))
        .containsExactly("Ready=True/UpgradeSucceeded", "Released=True/UpgradeSucceeded");
  }

  @Test
  void succeedsInOnePodAReleaseWhenNothingChangedButTheToken() throws Exception {
    rehearsal.withSource().release("one", "red");
    int rendered = rehearsal.charts.rendered.size();

    Manifest workflow = rehearsal.release("two", "red");

    assertThat(phase(workflow)).isEqualTo("Succeeded");
    assertThat(workflow.text("status", "progress")).contains("2/2");
    assertThat(rehearsal.charts.rendered).hasSize(rendered);
    assertThat(rehearsal.helmRelease("db").maps("status", "history")).hasSize(1);
    assertThat(rehearsal.helmRelease("db").text("status", "lastHandledResetAt")).contains("two");
  }

  @Test
  void failsAtOnceWhenATemplateDoesNotRenderAndNeverStalls() throws Exception {
    rehearsal.withSource().release("one", "red");
    rehearsal.charts.breakTemplatesOf("db");

    Manifest workflow = rehearsal.release("two", "green");

    assertThat(phase(workflow, "db")).isEqualTo("Failed");
    assertThat(message(workflow, "db(0)"))
        .contains("status.conditions.1.reason in (InstallFailed,UpgradeFailed)");
    assertThat(conditions(rehearsal.helmRelease("db")))
        .startsWith("Reconciling=True/Progressing")
        .contains("Ready=False/UpgradeFailed");
    rehearsal.time.advance(Duration.ofHours(1));
    assertThat(conditions(rehearsal.helmRelease("db"))).noneMatch(c -> c.startsWith("Stalled"));
  }

  @Test
  void deletesInTheReverseOrderEachStepEndingWhenItsReleaseIsUninstalled() throws Exception {
    rehearsal.withSource().release("one", "red");

    Manifest workflow = rehearsal.run(read("delete-two.yaml", Map.of("NAME", "gone")));

    assertThat(phase(workflow)).isEqualTo("Succeeded");
    assertThat(Rehearsal.time(workflow, "db", "startedAt"))
        .isAfterOrEqualTo(Rehearsal.time(workflow, "web", "finishedAt"));
    assertThat(rehearsal.cluster.find("HelmRelease", "default", "db")).isEmpty();
    assertThat(rehearsal.cluster.deployed("default", "web")).isEmpty();
    assertThat(rehearsal.events.toString()).containsSubsequence("web uninstalled", "db Pending");
  }

  @Test
  void waitsForTheDeadlineWhenTheChartVersionDoesNotExist() throws Exception {
    Rehearsal missing = rehearsal.withSource();
    missing.charts.with("db", "1.1.0");
    Manifest workflow =
        missing.run(
            read(
                "two-releases.yaml",
                Map.of("NAME", "one", "COLOUR", "red", "./charts/db", "./charts/nothing")));

    assertThat(phase(workflow, "db")).isEqualTo("Failed");
    assertThat(message(workflow, "db(0)"))
        .isEqualTo("Pod was active on the node longer than the specified deadline");
    assertThat(phase(workflow, "db(2)")).isEqualTo("Failed");
    assertThat(
            Duration.between(
                Rehearsal.time(workflow, "db", "startedAt"),
                Rehearsal.time(workflow, "db", "finishedAt")))
        .isGreaterThan(Duration.ofMinutes(6));
    assertThat(conditions(rehearsal.helmRelease("db")))
        .containsExactly("Reconciling=True/Progressing", "Ready=False/SourceNotReady");
  }

  @Test
  void takesTheDeadlineFromAParameter() throws Exception {
    Manifest workflow =
        rehearsal
            .withSource()
            .run(
                read(
                    "two-releases.yaml",
                    Map.of(
                        "NAME", "one",
                        "COLOUR", "\"20\"",
                        "./charts/db", "./charts/nothing",
                        "activeDeadlineSeconds: 120",
                            "activeDeadlineSeconds: '{{workflow.parameters.colour}}'")));

    assertThat(
            Duration.between(
                Rehearsal.time(workflow, "db(0)", "startedAt"),
                Rehearsal.time(workflow, "db(0)", "finishedAt")))
        .isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void doesNotWaitASecondTimeWhenTheExpressionSaysSo() throws Exception {
    Manifest workflow =
        rehearsal
            .withSource()
            .run(
                read(
                    "two-releases.yaml",
                    Map.of(
                        "NAME", "one",
                        "COLOUR", "red",
                        "./charts/db", "./charts/nothing",
                        "retryPolicy: OnFailure", "expression: asInt(lastRetry.exitCode) >= 0")));

    assertThat(phase(workflow, "db(0)")).isEqualTo("Failed");
    assertThat(node(workflow, "db(1)")).isEmpty();
    assertThat(message(workflow, "db")).isEqualTo("retryStrategy.expression evaluated to false");
  }

  @Test
  void leavesTheOldReadyStandingForAWhile() throws Exception {
    rehearsal.withSource().release("one", "red");
    Manifest before = rehearsal.helmRelease("db");
    rehearsal.cluster.apply(List.of(Fields.with(before, "green", "spec", "values", "colour")));

    rehearsal.time.advance(Duration.ofSeconds(1));
    Manifest stale = rehearsal.helmRelease("db");
    rehearsal.time.advance(Duration.ofSeconds(1));

    assertThat(stale.number("metadata", "generation")).contains(2L);
    assertThat(conditions(stale)).first().isEqualTo("Ready=True/InstallSucceeded");
    assertThat(conditions(rehearsal.helmRelease("db")))
        .first()
        .isEqualTo("Reconciling=True/Progressing");
  }

  @Test
  void givesTheSameHistoryForTheSameInput() throws Exception {
    rehearsal.withSource().release("one", "red");
    rehearsal.release("two", "green");
    try (Rehearsal again = new Rehearsal()) {
      again.withSource().release("one", "red");
      again.release("two", "green");

      assertThat(again.events).isEqualTo(rehearsal.events).hasSizeGreaterThan(20);
      assertThat(again.workflow("two")).isEqualTo(rehearsal.workflow("two"));
      assertThat(again.helmRelease("web")).isEqualTo(rehearsal.helmRelease("web"));
    }
  }

  @Test
  void beginsEveryLineWithItsName() throws Exception {
    rehearsal.withSource().release("one", "red");

    assertThat(rehearsal.events).allMatch(line -> line.startsWith("[embedded cluster] +"));
  }
}
