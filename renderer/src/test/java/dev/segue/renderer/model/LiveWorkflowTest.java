// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.LiveWorkflow.Step;
import dev.segue.renderer.testing.Manifests;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveWorkflowTest {
  @Test
  void readsWhatAClusterSaysOfAReleasedProduct() {
    LiveWorkflow workflow = LiveWorkflow.of(Manifests.resource("/live/workflow-succeeded.yaml"));
    assertThat(workflow.name()).isEqualTo("podtato-head-a1250b4b-1");
    assertThat(workflow.ended()).isTrue();
    assertThat(workflow.startedAt()).isEqualTo("2026-11-21T02:58:00Z");
    assertThat(workflow.finishedAt()).isEqualTo("2026-11-21T02:59:00Z");
    assertThat(workflow.steps().keySet())
        .containsExactly(
            "entry", "hat", "ingress", "left-arm", "left-leg", "right-arm", "right-leg");
    assertThat(step(workflow, "left-leg"))
        .isEqualTo(
            new Step(
                "Succeeded",
                "",
                "2026-11-21T02:58:20Z",
                "2026-11-21T02:58:40Z",
                "1.0.0+02c19c2a30c5"));
  }

  @Test
  void takesTheReasonOfAFailedStepFromItsLastTry() {
    LiveWorkflow workflow =
        LiveWorkflow.of(
            workflow(
                "Failed",
                """
                a: {name: w.db, displayName: db, type: Retry, phase: Failed, message: No more retries left, children: [a0, a1, a2]}
                a0: {name: w.db(0), displayName: db(0), type: Pod, phase: Failed, message: first, nodeFlag: {retried: true}}
                a1: {name: w.db(1), displayName: db(1), type: Pod, phase: Failed, message: second, nodeFlag: {retried: true}}
                a2: {name: w.db(2), displayName: db(2), type: Pod, phase: Failed, message: "failure condition matched", nodeFlag: {retried: true}}
                b: {name: w.web, displayName: web, type: Skipped, phase: Omitted, message: "omitted: depends condition not met"}
                c: {name: w.Reset-edge, displayName: Reset-edge, type: Retry, phase: Succeeded, children: [c0]}
                c0: {name: w.Reset-edge(0), displayName: Reset-edge(0), type: Pod, phase: Succeeded, nodeFlag: {retried: true}}
                d: {name: w.edge, displayName: edge, type: Pod, phase: Running, startedAt: "2026-11-21T03:00:00Z"}
                e: {name: w.Delete-old, displayName: Delete-old, type: Pod, phase: Pending}
                root: {name: w, displayName: w, type: DAG, phase: Failed}
                """));
    assertThat(workflow.steps().keySet())
        .containsExactly("Delete-old", "Reset-edge", "db", "edge", "web");
    assertThat(step(workflow, "db"))
        .isEqualTo(new Step("Failed", "failure condition matched", "", "", ""));
    assertThat(step(workflow, "web").phase()).isEqualTo("Omitted");
    assertThat(step(workflow, "edge").startedAt()).isEqualTo("2026-11-21T03:00:00Z");
  }

  @Test
  void isEmptyBeforeArgoSawIt() {
    LiveWorkflow workflow =
        LiveWorkflow.of(Manifests.of("{apiVersion: a/v1, kind: Workflow, metadata: {name: w}}"));
    assertThat(workflow)
        .isEqualTo(new LiveWorkflow("w", "", "", "", "", "", "", "", false, false, Map.of()));
    assertThat(workflow.ended()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'', false",
    "Pending, false",
    "Running, false",
    "Succeeded, true",
    "Failed, true",
    "Error, true"
  })
  void orkestraDefect08ArgosPhaseErrorIsAnEnd(String phase, boolean ended) {
    assertThat(LiveWorkflow.of(workflow(phase, "{}\n")).ended()).isEqualTo(ended);
  }

  @Test
  void orkestraDefect08AStepThatArgoCouldNotRunHasFailed() {
    LiveWorkflow workflow =
        LiveWorkflow.of(
            workflow(
                "Error",
                "a: {name: w.db, displayName: db, type: Pod, phase: Error, message: pods is forbidden}\n"));
    assertThat(step(workflow, "db").failed()).isTrue();
    assertThat(step(workflow, "db").succeeded()).isFalse();
  }

  private static Step step(LiveWorkflow workflow, String task) {
    return Objects.requireNonNull(workflow.steps().get(task), task);
  }

  private static Manifest workflow(String phase, String nodes) {
    return Manifests.of(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w}\nstatus:\n  phase: '"
            + phase
            + "'\n  nodes:\n"
            + nodes.indent(4));
  }
}
