// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.message;
import static dev.segue.agent.rehearse.Rehearsal.node;
import static dev.segue.agent.rehearse.Rehearsal.phase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was seen on a real cluster (Argo 3.7.14) with Workflows that are stopped, case by case. */
class StoppedWorkflowTest {
  private static final Duration A_WHILE = Duration.ofMinutes(5);
  private static final String STOPPED = "Stopped with strategy 'Stop'";

  private final Rehearsal rehearsal = new Rehearsal();

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @Test
  void suspendedAStepsPodEndsAndItsRetryIsNotAssessed() throws Exception {
    runUntilThePodRuns(retried("a", "b: a"));
    patch("suspend", true);
    rehearsal.time.advance(A_WHILE);

    Manifest suspended = rehearsal.workflow("dag");
    assertThat(phase(suspended)).isEqualTo("Running");
    assertThat(type(suspended, "dag")).isEqualTo("DAG");
    assertThat(type(suspended, "a")).isEqualTo("Retry");
    assertThat(type(suspended, "a(0)")).isEqualTo("Pod");
    assertThat(phase(suspended, "a(0)")).isEqualTo("Succeeded");
    assertThat(phase(suspended, "a")).isEqualTo("Running");
    assertThat(phase(suspended, "dag")).isEqualTo("Running");
    assertThat(node(suspended, "b")).isEmpty();
  }

  @Test
  void suspendedAFailedPodIsNotFollowedByAnother() throws Exception {
    runUntilThePodRuns(retried("a!", "b: a"));
    patch("suspend", true);
    rehearsal.time.advance(A_WHILE);

    assertThat(phase(rehearsal.workflow("dag"), "a(0)")).isEqualTo("Failed");
    assertThat(phase(rehearsal.workflow("dag"), "a")).isEqualTo("Running");
    assertThat(node(rehearsal.workflow("dag"), "a(1)")).isEmpty();

    patch("suspend", false);
    rehearsal.time.advance(A_WHILE);

    Manifest ended = rehearsal.workflow("dag");
    assertThat(phase(ended, "a(2)")).isEqualTo("Failed");
    assertThat(message(ended, "a")).isEqualTo("No more retries left");
    assertThat(phase(ended)).isEqualTo("Failed");
    assertThat(ended.text("status", "message")).isEmpty();
  }

  @Test
  void goesOnWhenItIsNoLongerSuspended() throws Exception {
    runUntilThePodRuns(retried("a", "b: a"));
    patch("suspend", true);
    rehearsal.time.advance(A_WHILE);
    patch("suspend", null);
    rehearsal.time.advance(A_WHILE);

    Manifest ended = rehearsal.workflow("dag");
    assertThat(phase(ended)).isEqualTo("Succeeded");
    assertThat(phase(ended, "a")).isEqualTo("Succeeded");
    assertThat(phase(ended, "b")).isEqualTo("Succeeded");
  }

  @Test
  void beginsNothingWhenItIsCreatedSuspended() throws Exception {
    rehearsal.cluster.create(Fields.with(retried("a"), true, "spec", "suspend"));
    rehearsal.time.advance(A_WHILE);

    assertThat(phase(rehearsal.workflow("dag"))).isEqualTo("Running");
    assertThat(rehearsal.workflow("dag").map("status", "nodes")).isEmpty();
  }

  @Test
  void isNotEndedByAShutdownWhileItIsSuspended() throws Exception {
    runUntilThePodRuns(retried("a", "b: a"));
    patch("suspend", true);
    rehearsal.time.advance(A_WHILE);
    patch("shutdown", "Stop");
    rehearsal.time.advance(A_WHILE);

    assertThat(phase(rehearsal.workflow("dag"))).isEqualTo("Running");
    assertThat(phase(rehearsal.workflow("dag"), "a")).isEqualTo("Running");

    patch("suspend", false);
    rehearsal.time.advance(A_WHILE);

    assertThat(phase(rehearsal.workflow("dag"))).isEqualTo("Failed");
  }

  @Test
  void keepsASuccessThatCameWhileItWasSuspendedWhenItIsThenStopped() throws Exception {
    runUntilThePodRuns(retried("a", "b: a", "c: b"));
    patch("suspend", true);
    rehearsal.time.advance(A_WHILE);
    stop();

    Manifest stopped = rehearsal.workflow("dag");
    assertThat(phase(stopped)).isEqualTo("Failed");
    assertThat(stopped.text("status", "message")).contains(STOPPED);
    assertThat(phase(stopped, "a")).isEqualTo("Succeeded");
    assertThat(message(stopped, "a")).isEmpty();
    assertThat(phase(stopped, "b")).isEqualTo("Failed");
    assertThat(message(stopped, "b")).isEqualTo(STOPPED);
    assertThat(phase(stopped, "b(0)")).isEqualTo("Failed");
    assertThat(message(stopped, "b(0)")).isEqualTo("workflow shutdown with strategy: Stop");
    assertThat(phase(stopped, "c")).isEqualTo("Omitted");
    assertThat(message(stopped, "c")).isEqualTo("omitted: depends condition not met");
  }

  @Test
  void failsTheStepWhosePodFailedWhileItWasSuspendedWhenItIsThenStopped() throws Exception {
    runUntilThePodRuns(retried("a!", "b: a"));
    patch("suspend", true);
    rehearsal.time.advance(A_WHILE);
    stop();

    Manifest stopped = rehearsal.workflow("dag");
    assertThat(phase(stopped, "a")).isEqualTo("Failed");
    assertThat(message(stopped, "a")).isEqualTo(STOPPED);
    assertThat(message(stopped, "a(0)")).contains("exit code");
    assertThat(phase(stopped, "b")).isEqualTo("Omitted");
  }

  @Test
  void leavesTheRetryOfAKilledPodRunningAndWhatCameAfterItWithoutANode() throws Exception {
    runUntilThePodRuns(retried("a", "b: a"));
    patch("shutdown", "Stop");
    rehearsal.time.advance(A_WHILE);

    Manifest stopped = rehearsal.workflow("dag");
    assertThat(phase(stopped)).isEqualTo("Failed");
    assertThat(stopped.text("status", "message")).contains(STOPPED);
    assertThat(phase(stopped, "dag")).isEqualTo("Failed");
    assertThat(phase(stopped, "a(0)")).isEqualTo("Failed");
    assertThat(message(stopped, "a(0)")).isEqualTo("workflow shutdown with strategy:  Stop");
    assertThat(phase(stopped, "a")).isEqualTo("Running");
    assertThat(node(stopped, "b")).isEmpty();
    assertThat(rehearsal.cluster.find("ConfigMap", "default", "a")).isEmpty();
  }

  @Test
  void killsThePodOfASuspendedWorkflowThatIsShutDown() throws Exception {
    runUntilThePodRuns(retried("a", "b: a"));
    patch("suspend", true);
    patch("shutdown", "Stop");
    rehearsal.time.advance(A_WHILE);

    assertThat(phase(rehearsal.workflow("dag"))).isEqualTo("Running");
    assertThat(message(rehearsal.workflow("dag"), "a(0)"))
        .isEqualTo("main: Error (exit code 64): context canceled");

    patch("suspend", null);
    rehearsal.time.advance(A_WHILE);

    Manifest stopped = rehearsal.workflow("dag");
    assertThat(phase(stopped)).isEqualTo("Failed");
    assertThat(phase(stopped, "a")).isEqualTo("Failed");
    assertThat(message(stopped, "a")).isEqualTo(STOPPED);
    assertThat(phase(stopped, "b")).isEqualTo("Omitted");
  }

  @Test
  void endsAStepAtTheWorkflowsDeadlineAsItsPod() throws Exception {
    Manifest waits = Fields.with(waiting(), 30L, "spec", "activeDeadlineSeconds");

    Manifest ended = rehearsal.run(waits);

    assertThat(phase(ended)).isEqualTo("Failed");
    assertThat(ended.text("status", "message")).isEmpty();
    assertThat(message(ended, "db(0)"))
        .isEqualTo("Pod was active on the node longer than the specified deadline");
    assertThat(phase(ended, "db")).isEqualTo("Failed");
    assertThat(message(ended, "db"))
        .isEqualTo("retry exceeded workflow deadline 2026-01-01 00:00:31 +0000 UTC");
    assertThat(phase(ended, "web")).isEqualTo("Omitted");
  }

  @Test
  void waitsForTheEndOfTheSuspensionAlsoAfterItsDeadline() throws Exception {
    rehearsal.cluster.create(Fields.with(waiting(), 30L, "spec", "activeDeadlineSeconds"));
    rehearsal.time.advance(Duration.ofSeconds(10));
    patch("one", "suspend", true);
    rehearsal.time.advance(A_WHILE);

    assertThat(phase(rehearsal.workflow("one"))).isEqualTo("Running");
    assertThat(phase(rehearsal.workflow("one"), "db(0)")).isEqualTo("Failed");
    assertThat(phase(rehearsal.workflow("one"), "db")).isEqualTo("Running");

    patch("one", "suspend", null);
    rehearsal.time.advance(A_WHILE);

    assertThat(phase(rehearsal.workflow("one"))).isEqualTo("Failed");
    assertThat(message(rehearsal.workflow("one"), "db"))
        .isEqualTo("retry exceeded workflow deadline 2026-01-01 00:00:31 +0000 UTC");
  }

  /** Releases whose source never comes. */
  private static Manifest waiting() {
    return Rehearsal.read("two-releases.yaml", Map.of("NAME", "one", "COLOUR", "red"));
  }

  private void runUntilThePodRuns(Manifest workflow) throws Exception {
    rehearsal.cluster.create(workflow);
    rehearsal.time.advanceUntil(
        () ->
            phase(rehearsal.workflow("dag"), "a(0)").equals("Pending")
                || phase(rehearsal.workflow("dag"), "a(0)").equals("Running"),
        Rehearsal.LONG);
  }

  private void stop() throws Exception {
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put("suspend", false);
    spec.put("shutdown", "Stop");
    rehearsal.cluster.patch(change("dag", spec));
    rehearsal.time.advance(A_WHILE);
  }

  private void patch(String field, @Nullable Object value) throws Exception {
    patch("dag", field, value);
  }

  private void patch(String workflow, String field, @Nullable Object value) throws Exception {
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put(field, value);
    assertThat(rehearsal.cluster.patch(change(workflow, spec))).isTrue();
  }

  private static Manifest change(String workflow, Map<String, @Nullable Object> spec) {
    return new Manifest(
        Map.of(
            "apiVersion",
            "argoproj.io/v1alpha1",
            "kind",
            "Workflow",
            "metadata",
            Map.of("name", workflow, "namespace", "default"),
            "spec",
            spec));
  }

  private static Manifest retried(String... tasks) {
    Manifest workflow = Dags.of(tasks);
    List<Map<String, @Nullable Object>> templates = new ArrayList<>();
    for (Map<String, @Nullable Object> template : workflow.maps("spec", "templates")) {
      Map<String, @Nullable Object> copy = Fields.copyOf(template);
      if (copy.containsKey("resource")) {
        copy.put("retryStrategy", Map.of("limit", 2L, "retryPolicy", "OnFailure"));
      }
      templates.add(copy);
    }
    return Fields.with(workflow, templates, "spec", "templates");
  }

  private static String type(Manifest workflow, String task) {
    return node(workflow, task).map(node -> Fields.text(node.get("type"))).orElse("");
  }
}
