// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.Products;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of a report stands in the status of an object. */
class GroupStatusTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00.5Z");
  private static final String EARLIER = "2026-11-21T01:00:00Z";
  private static final Condition READY =
      new Condition("Ready", Status.TRUE, "Succeeded", "2 of 2 releases are ready", EARLIER);
  private static final Condition HELD =
      new Condition("Ready", Status.FALSE, "WorkflowFailed", "release web failed", EARLIER);
  private static final Condition STALLED =
      new Condition("Stalled", Status.TRUE, "WorkflowFailed", "release web failed", "");

  private static StatusReport report(Phase phase, List<String> problems, Condition... conditions) {
    return new StatusReport(
        GroupName.parse("shop"),
        phase,
        Products.COMMIT_2.hex(),
        "products/shop.yaml:3",
        new Attempt(
            4,
            Purpose.RELEASE,
            Attempt.Result.SUCCEEDED,
            Products.COMMIT_2.hex(),
            "",
            "shop-abc-4"),
        null,
        List.of(conditions),
        List.of(release("db", State.RELEASED, "changed"), release("web", State.FAILED, "no image")),
        problems);
  }

  private static ReleaseStatus release(String name, State state, String message) {
    return new ReleaseStatus(
        ReleaseName.parse(name),
        "install",
        state,
        name,
        "web",
        "1.0.0",
        "",
        List.of(),
        List.of(),
        "",
        "",
        message);
  }

  private static Map<String, @Nullable Object> status(
      StatusReport report, long generation, Map<String, @Nullable Object> before) {
    return GroupStatus.of(
        report, report.conditions(), new GroupStatus.About(generation, "main", before, NOW));
  }

  @Test
  void saysAllOfAReportInShort() {
    assertThat(status(report(Phase.RELEASED, List.of(), READY), 7, Map.of()))
        .isEqualTo(
            Map.of(
                "observedGeneration",
                7L,
                "lastSucceededGeneration",
                7L,
                "revision",
                "main@" + Products.COMMIT_2.hex(),
                "phase",
                "Released",
                "attempt",
                4L,
                "workflow",
                "shop-abc-4",
                "conditions",
                List.of(
                    Map.of(
                        "type",
                        "Ready",
                        "status",
                        "True",
                        "reason",
                        "Succeeded",
                        "message",
                        "2 of 2 releases are ready",
                        "lastTransitionTime",
                        EARLIER,
                        "observedGeneration",
                        7L)),
                "releases",
                List.of(
                    Map.of("name", "db", "state", "released", "version", "1.0.0"),
                    Map.of(
                        "name",
                        "web",
                        "state",
                        "failed",
                        "version",
                        "1.0.0",
                        "message",
                        "no image"))));
  }

  @Test
  void remembersWhatSucceededLastWhileSomethingElseFails() {
    Map<String, @Nullable Object> good =
        status(report(Phase.RELEASED, List.of(), READY), 7, Map.of());
    Map<String, @Nullable Object> bad =
        status(report(Phase.FAILED, List.of(), HELD, STALLED), 8, good);
    assertThat(bad).containsEntry("observedGeneration", 8L);
    assertThat(bad).containsEntry("lastSucceededGeneration", 7L);
  }

  @Test
  void aConditionKeepsItsTimeUntilItsStatusChanges() {
    Map<String, @Nullable Object> good =
        status(report(Phase.RELEASED, List.of(), READY), 7, Map.of());
    Condition again = new Condition("Ready", Status.TRUE, "Succeeded", "3 of 3", NOW.toString());
    assertThat(time(status(report(Phase.RELEASED, List.of(), again), 8, good))).isEqualTo(EARLIER);
    Condition other = new Condition("Ready", Status.UNKNOWN, "Waiting", "", "");
    assertThat(time(status(report(Phase.WAITING, List.of(), other), 8, good)))
        .isEqualTo("2026-11-21T03:00:00Z");
  }

  private static String time(Map<String, @Nullable Object> status) {
    List<?> conditions = (List<?>) java.util.Objects.requireNonNull(status.get("conditions"));
    return PlainData.text(conditions.get(0), "lastTransitionTime");
  }

  @Test
  void ofTheSameReportItIsTheSameAgain() {
    StatusReport report = report(Phase.FAILED, List.of(), HELD, STALLED);
    Map<String, @Nullable Object> first = status(report, 2, Map.of());
    assertThat(status(report, 2, first)).isEqualTo(first);
  }

  @Test
  void endlessProblemsAreCut() {
    List<String> problems = IntStream.range(0, 30).mapToObj(i -> "x".repeat(9000)).toList();
    Map<String, @Nullable Object> status =
        status(report(Phase.INVALID, problems, HELD), 2, Map.of());
    assertThat(PlainData.texts(status.get("problems")))
        .hasSize(21)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(4096))
        .endsWith("and 10 more");
  }

  @Test
  void beforeTheFirstReportItSaysTheConditionsAlone() {
    assertThat(
            GroupStatus.of(null, List.of(STALLED), new GroupStatus.About(1, "main", Map.of(), NOW)))
        .containsOnlyKeys("observedGeneration", "conditions");
  }
}
