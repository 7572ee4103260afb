// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.StatusReport;
import java.util.List;
import java.util.Optional;

/**
 * What is to be said of a group in the cluster after a pass: what its report says, except where the
 * pass knows better. As kstatus wants it, Reconciling stands there as long as more will happen by
 * itself, and Stalled when somebody must act.
 */
final class GroupView {
  private static final String READY = "Ready";
  private static final String RECONCILING = "Reconciling";
  private static final String STALLED = "Stalled";
  private static final String DRIFTED = "Drifted";

  private GroupView() {}

  /**
   * Returns the conditions.
   *
   * @param current whether the report is of what the pass looked at
   */
  static List<Condition> conditions(
      Outcome outcome, Optional<StatusReport> report, boolean current) {
    List<Condition> reported = report.map(StatusReport::conditions).orElse(List.of());
    if (outcome instanceof Outcome.Progressing) {
      return holds(reported, RECONCILING) ? reported : underWay("Progressing", outcome.describe());
    }
    if (outcome instanceof Outcome.Waiting waiting) {
      return underWay("Waiting", waiting.what());
    }
    if (outcome instanceof Outcome.Failed failed) {
      if (current && !reported.isEmpty()) {
        return reported;
      }
      if (failed.retryable()) {
        return underWay("ProgressingWithRetry", failed.describe());
      }
      return holds(reported, STALLED) ? reported : stalled("Failed", failed.describe());
    }
    if (outcome instanceof Outcome.Postponed postponed
        && reported.stream().anyMatch(c -> c.type().equals(READY) && c.status() == Status.TRUE)) {
      return List.of(
          condition(DRIFTED, Status.TRUE, postponed.reason(), postponed.message()),
          condition(READY, Status.FALSE, postponed.reason(), postponed.message()));
    }
    if (!reported.isEmpty()) {
      return reported;
    }
    return outcome instanceof Outcome.InSync
        ? List.of(condition(READY, Status.TRUE, "Succeeded", outcome.describe()))
        : stalled("Stalled", outcome.describe());
  }

  private static boolean holds(List<Condition> conditions, String type) {
    return conditions.stream().anyMatch(c -> c.type().equals(type) && c.status() == Status.TRUE);
  }

  private static List<Condition> underWay(String reason, String message) {
    return List.of(
        condition(READY, Status.UNKNOWN, reason, message),
        condition(RECONCILING, Status.TRUE, reason, message));
  }

  private static List<Condition> stalled(String reason, String message) {
    return List.of(
        condition(READY, Status.FALSE, reason, message),
        condition(STALLED, Status.TRUE, reason, message));
  }

  private static Condition condition(String type, Status status, String reason, String message) {
    return new Condition(type, status, reason, message, "");
  }
}
