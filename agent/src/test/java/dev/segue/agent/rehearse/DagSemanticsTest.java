// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.node;
import static dev.segue.agent.rehearse.Rehearsal.phase;
import static dev.segue.agent.rehearse.Rehearsal.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DagSemanticsTest {
  private final Rehearsal rehearsal = new Rehearsal();

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          # case                               ; first    ; second's depends                        ; second    ; whole
          a name alone, succeeded              ; a        ; a                                       ; Succeeded ; Succeeded
          a name alone, failed                 ; a!       ; a                                       ; Omitted   ; Failed
          succeeded, but it failed             ; a!       ; a.Succeeded                             ; Omitted   ; Failed
          failed, and it failed                ; a!       ; a.Failed                                ; Succeeded ; Succeeded
          failed, but it succeeded             ; a        ; a.Failed                                ; Omitted   ; Succeeded
          soft, succeeded                      ; a        ; a.Succeeded || a.Failed || a.Errored || a.Skipped || a.Omitted ; Succeeded ; Succeeded
          soft, failed                         ; a!       ; a.Succeeded || a.Failed || a.Errored || a.Skipped || a.Omitted ; Succeeded ; Succeeded
          not                                  ; a!       ; !a.Succeeded                            ; Succeeded ; Succeeded
          brackets before and                  ; a!       ; (a.Failed || a.Errored) && !a.Succeeded ; Succeeded ; Succeeded
          and binds before or                  ; a        ; a.Succeeded || a.Failed && a.Errored    ; Succeeded ; Succeeded
          """)
  void decidesByDepends(String name, String first, String depends, String second, String whole)
      throws Exception {
    Manifest workflow = rehearsal.run(Dags.of(first, "b: " + depends));

    assertThat(phase(workflow, "b")).isEqualTo(second);
    assertThat(phase(workflow)).isEqualTo(whole);
  }

  @Test
  void runsADiamondInItsOrderWithBothSidesAtOnce() throws Exception {
    Manifest workflow =
        rehearsal.run(Dags.of("top", "left: top", "right: top", "end: left && right"));

    assertThat(time(workflow, "left", "startedAt")).isEqualTo(time(workflow, "right", "startedAt"));
    assertThat(time(workflow, "left", "startedAt"))
        .isAfterOrEqualTo(time(workflow, "top", "finishedAt"));
    assertThat(time(workflow, "end", "startedAt"))
        .isAfterOrEqualTo(time(workflow, "right", "finishedAt"));
    assertThat(Fields.strings(node(workflow, "left").orElseThrow().get("children")))
        .containsExactly(Fields.text(node(workflow, "end").orElseThrow().get("id")));
    assertThat(Fields.text(node(workflow, "end").orElseThrow().get("boundaryID"))).isEqualTo("dag");
  }

  @Test
  void omitsEverythingBehindAFailureAndLetsTheOtherBranchEnd() throws Exception {
    Manifest workflow = rehearsal.run(Dags.of("a!", "b: a", "c: b", "x", "y: x"));

    assertThat(Stream.of("a", "b", "c", "x", "y").map(task -> phase(workflow, task)))
        .containsExactly("Failed", "Omitted", "Omitted", "Succeeded", "Succeeded");
    assertThat(phase(workflow)).isEqualTo("Failed");
  }

  @Test
  void neverRunsMorePodsThanTheParallelism() throws Exception {
    Manifest wide = Dags.of("a", "b", "c", "d", "e");
    Manifest workflow = rehearsal.run(Fields.with(wide, 2L, "spec", "parallelism"));

    List<String> tasks = List.of("a", "b", "c", "d", "e");
    assertThat(phase(workflow)).isEqualTo("Succeeded");
    for (String task : tasks) {
      long beside =
          tasks.stream()
              .filter(
                  other ->
                      !time(workflow, other, "startedAt").isAfter(time(workflow, task, "startedAt"))
                          && time(workflow, other, "finishedAt")
                              .isAfter(time(workflow, task, "startedAt")))
              .count();
      assertThat(beside).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsEveryBranchThatCanStillRunWhateverFailFastSays(boolean failFast) throws Exception {
    Manifest narrow = Fields.with(Dags.of("a!", "b", "c"), 1L, "spec", "parallelism");

    Manifest ended = rehearsal.run(Dags.with(narrow, "failFast", failFast));

    assertThat(phase(ended)).isEqualTo("Failed");
    assertThat(phase(ended, "c")).isEqualTo("Succeeded");
  }

  @Test
  void readsTheOlderDependencies() throws Exception {
    Manifest workflow =
        Dags.with(
            Dags.of(),
            "tasks",
            List.of(
                Map.of("name", "a", "template", "ok", "arguments", argument("a")),
                Map.of(
                    "name",
                    "b",
                    "template",
                    "ok",
                    "arguments",
                    argument("b"),
                    "dependencies",
                    List.of("a"))));

    Manifest ended = rehearsal.run(workflow);

    assertThat(time(ended, "b", "startedAt")).isAfterOrEqualTo(time(ended, "a", "finishedAt"));
  }

  private static Map<String, Object> argument(String name) {
    return Map.of("parameters", List.of(Map.of("name", "name", "value", name)));
  }

  @Test
  void letsTheRunningStepEndAndStartsNoOtherWhenSuspended() throws Exception {
    Manifest workflow = Dags.of("a", "b: a");
    rehearsal.cluster.create(workflow);
    rehearsal.time.advance(Duration.ofSeconds(2));
    rehearsal.cluster.apply(List.of(Fields.with(workflow, true, "spec", "suspend")));
    rehearsal.time.advance(Duration.ofMinutes(5));

    assertThat(phase(rehearsal.workflow("dag"), "a")).isEqualTo("Succeeded");
    assertThat(node(rehearsal.workflow("dag"), "b")).isEmpty();
    assertThat(phase(rehearsal.workflow("dag"))).isEqualTo("Running");

    rehearsal.cluster.apply(List.of(Fields.with(workflow, false, "spec", "suspend")));
    rehearsal.time.advance(Duration.ofMinutes(1));

    assertThat(phase(rehearsal.workflow("dag"))).isEqualTo("Succeeded");
  }

  @Test
  void failsWhatHasNotEndedWhenStopped() throws Exception {
    Manifest workflow = Dags.of("a", "b: a");
    rehearsal.cluster.create(workflow);
    rehearsal.time.advance(Duration.ofSeconds(2));
    rehearsal.cluster.apply(List.of(Fields.with(workflow, "Stop", "spec", "shutdown")));
    rehearsal.time.advance(Duration.ofMinutes(1));

    Manifest stopped = rehearsal.workflow("dag");
    assertThat(phase(stopped)).isEqualTo("Failed");
    assertThat(stopped.text("status", "message")).contains("Stopped with strategy 'Stop'");
    assertThat(phase(stopped, "a")).isEqualTo("Failed");
  }

  @Test
  void endsAtTheWorkflowsDeadline() throws Exception {
    Manifest workflow =
        Fields.with(Dags.of("a", "b: a", "c: b"), 5L, "spec", "activeDeadlineSeconds");

    Manifest ended = rehearsal.run(workflow);

    assertThat(phase(ended)).isEqualTo("Failed");
    assertThat(Rehearsal.message(ended, "b"))
        .isEqualTo("Pod was active on the node longer than the specified deadline");
    assertThat(phase(ended, "c")).isEqualTo("Omitted");
  }

  @Test
  void vanishesAfterItsTimeToLive() throws Exception {
    Manifest workflow =
        Fields.with(Dags.of("a"), 60L, "spec", "ttlStrategy", "secondsAfterCompletion");

    rehearsal.run(workflow);
    rehearsal.time.advance(Duration.ofSeconds(59));
    assertThat(rehearsal.cluster.find("Workflow", "default", "dag")).isPresent();
    rehearsal.time.advance(Duration.ofSeconds(2));
    assertThat(rehearsal.cluster.find("Workflow", "default", "dag")).isEmpty();
  }
}
