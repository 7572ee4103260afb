// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.util.List;

/**
 * The conditions of reports: whether a group is ready, and why not. The reasons are those that
 * Orkestra's users know. None has its time yet.
 */
final class Conditions {
  private Conditions() {}

  /** All of the attempt came to be as it was to be. */
  static List<Condition> succeeded(StatusReport report) {
    long wanted = report.releases().stream().filter(release -> !release.state().isGone()).count();
    Held held = report.held();
    return switch (report.phase()) {
      case REMOVED -> undecided("Removed", removed(report.releases()));
      case ROLLED_BACK -> {
        String back =
            wanted == 0
                ? removed(report.releases())
                : "back at commit "
                    + CommitId.shortened(report.attempt().commit())
                    + ", "
                    + wanted
                    + " of "
                    + wanted
                    + " releases are ready";
        String message =
            back
                + (held == null
                    ? ""
                    : "; commit "
                        + CommitId.shortened(held.commit())
                        + " is held: "
                        + held.reason());
        yield stalled("RolledBack", message);
      }
      default ->
          List.of(
              condition(
                  "Ready",
                  Status.TRUE,
                  "Succeeded",
                  wanted + " of " + wanted + " releases are ready"));
    };
  }

  private static String removed(List<ReleaseStatus> releases) {
    long orphaned = releases.stream().filter(r -> r.state() == State.ORPHANED).count();
    long deleted = releases.stream().filter(r -> r.state() == State.DELETED).count();
    return deleted + " releases were removed" + (orphaned > 0 ? ", " + orphaned + " left" : "");
  }

  /** An attempt runs. */
  static List<Condition> underWay(Purpose purpose, String message) {
    String reason =
        switch (purpose) {
          case RELEASE -> "Progressing";
          case CORRECT -> "Correcting";
          case ROLLBACK -> "RollingBack";
          case REMOVE -> "Terminating";
        };
    return List.of(
        condition("Ready", Status.UNKNOWN, reason, message),
        condition("Reconciling", Status.TRUE, reason, message));
  }

  /** The attempt ended, and not all came to be as it was to be. */
  static List<Condition> ended(StatusReport report, String message) {
    if (report.attempt().result() == Attempt.Result.STOPPED) {
      return undecided("Stopped", message);
    }
    String reason =
        switch (report.attempt().purpose()) {
          case RELEASE, CORRECT -> "WorkflowFailed";
          case ROLLBACK -> "RollbackFailed";
          case REMOVE -> "RemovalFailed";
        };
    return stalled(reason, message);
  }

  /**
   * Says which release failed first and how many others did or were not tried.
   *
   * @param otherwise what to say when no release failed
   */
  static String failures(List<ReleaseStatus> notDone, String otherwise) {
    List<ReleaseStatus> failed = notDone.stream().filter(r -> r.state() == State.FAILED).toList();
    if (failed.isEmpty()) {
      return otherwise;
    }
    ReleaseStatus first = failed.get(0);
    String more = failed.size() > 1 ? "; " + (failed.size() - 1) + " more failed" : "";
    int omitted = notDone.size() - failed.size();
    return "release "
        + first.name()
        + " failed: "
        + first.message()
        + more
        + (omitted > 0 ? "; " + omitted + " not tried" : "");
  }

  /** Nothing more will happen before somebody acts. */
  static List<Condition> stalled(String reason, String message) {
    return List.of(
        condition("Ready", Status.FALSE, reason, message),
        condition("Stalled", Status.TRUE, reason, message));
  }

  /** What there is is neither what is wanted nor wrong. */
  static List<Condition> undecided(String reason, String message) {
    return List.of(condition("Ready", Status.UNKNOWN, reason, message));
  }

  /** What was released is no longer so. */
  static List<Condition> drifted(String message) {
    return List.of(
        condition("Drifted", Status.TRUE, "Drifted", message),
        condition("Ready", Status.FALSE, "Drifted", message));
  }

  private static Condition condition(String type, Status status, String reason, String message) {
    return new Condition(type, status, reason, message, "");
  }
}
