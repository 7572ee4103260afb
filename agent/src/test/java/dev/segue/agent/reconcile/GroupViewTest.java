// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.KStatus;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.GroupStatus;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every outcome looks like to those who read by kstatus. */
class GroupViewTest {
  private static final Outcome TIMEOUT =
      new Outcome.Failed(ProblemCode.CLUSTER_UNREACHABLE, "no answer", true);
  private static final Outcome FORBIDDEN =
      new Outcome.Failed(ProblemCode.CLUSTER_FORBIDDEN, "must not", false);
  private static final Outcome STALLED =
      new Outcome.Stalled(
          List.of(new Problem(ProblemCode.BAD_VALUE, "a.yaml", 1, "x", "must be y", "")));

  private static StatusReport report(Phase phase, Condition... conditions) {
    return new StatusReport(
        GroupName.parse("shop"),
        phase,
        "0123456789abcdef0123456789abcdef01234567",
        "a.yaml:1",
        Attempt.NONE,
        null,
        List.of(conditions),
        List.of(),
        List.of());
  }

  private static Condition condition(String type, Status status) {
    return new Condition(type, status, "Why", "for that reason", "2026-11-21T03:00:00Z");
  }

  private static final StatusReport RELEASED =
      report(Phase.RELEASED, condition("Ready", Status.TRUE));
  private static final StatusReport PLANNED =
      report(
          Phase.PLANNED, condition("Ready", Status.UNKNOWN), condition("Reconciling", Status.TRUE));
  private static final StatusReport HELD =
      report(Phase.FAILED, condition("Ready", Status.FALSE), condition("Stalled", Status.TRUE));
  private static final StatusReport WAITS =
      report(Phase.WAITING, condition("Ready", Status.UNKNOWN));
  private static final StatusReport DRIFTED =
      report(Phase.RELEASED, condition("Drifted", Status.TRUE), condition("Ready", Status.FALSE));

  static Stream<Arguments> moments() {
    Outcome postponed = new Outcome.Postponed("AwaitingApproval", "approve it", Optional.empty());
    Outcome again = new Outcome.Postponed("DriftsAgain", "again", Optional.of(Instant.EPOCH));
    return Stream.of(
        Arguments.of(
            "first pass, Flux lags", new Outcome.Waiting("web"), null, true, "IN_PROGRESS"),
        Arguments.of("Workflow runs", new Outcome.Progressing("w"), PLANNED, true, "IN_PROGRESS"),
        Arguments.of(
            "new commit, an old Workflow is stopped",
            new Outcome.Progressing("w"),
            RELEASED,
            false,
            "IN_PROGRESS"),
        Arguments.of("Flux lags", new Outcome.Waiting("web"), RELEASED, true, "IN_PROGRESS"),
        Arguments.of("released", new Outcome.InSync(), RELEASED, true, "CURRENT"),
        Arguments.of("held", new Outcome.Held("it failed"), HELD, true, "FAILED"),
        Arguments.of("waits for approval", postponed, WAITS, true, "IN_PROGRESS"),
        Arguments.of("drifted again", again, RELEASED, true, "IN_PROGRESS"),
        Arguments.of("drift is reported", new Outcome.Drifted("d"), DRIFTED, true, "IN_PROGRESS"),
        Arguments.of("invalid", STALLED, HELD, true, "FAILED"),
        Arguments.of("invalid from the start", STALLED, null, true, "FAILED"),
        Arguments.of("no answer at a new commit", TIMEOUT, RELEASED, false, "IN_PROGRESS"),
        Arguments.of("no answer, nothing new", TIMEOUT, RELEASED, true, "CURRENT"),
        Arguments.of("no answer before any report", TIMEOUT, null, false, "IN_PROGRESS"),
        Arguments.of("forbidden at a new commit", FORBIDDEN, RELEASED, false, "FAILED"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("moments")
  void isReadAsItIsMeant(
      String name,
      Outcome outcome,
      @Nullable StatusReport report,
      boolean current,
      String expected) {
    List<Condition> conditions =
        GroupView.conditions(outcome, Optional.ofNullable(report), current);
    Map<String, @Nullable Object> status =
        GroupStatus.of(report, conditions, new GroupStatus.About(2, "", Map.of(), Instant.EPOCH));
    assertThat(KStatus.of(Map.of("metadata", Map.of("generation", 2), "status", status)))
        .hasToString(expected);
    assertThat(conditions).filteredOn(c -> c.type().equals("Ready")).hasSize(1);
  }

  /** The rules themselves, where an object of ours never comes. */
  @Test
  void whatNobodyLookedAtYetIsNotCurrent() {
    Map<String, Object> metadata = Map.of("generation", 1);
    assertThat(KStatus.of(Map.of("metadata", metadata))).isEqualTo(KStatus.CURRENT);
    assertThat(KStatus.of(Map.of("metadata", metadata, "status", Map.of("observedGeneration", -1))))
        .isEqualTo(KStatus.IN_PROGRESS);
    assertThat(KStatus.of(Map.of("metadata", Map.of("deletionTimestamp", "2026-11-21T03:00:00Z"))))
        .isEqualTo(KStatus.TERMINATING);
  }
}
