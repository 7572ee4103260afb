// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.Approval;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.plan.Purpose;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;

/** Whether a plan may begin now. */
public sealed interface Gate {
  /** The reason of a gate that somebody must open. */
  String AWAITING_APPROVAL = "AwaitingApproval";

  /**
   * It may.
   *
   * @param approvedBy who said so; "" when nobody had to
   */
  record Open(String approvedBy) implements Gate {}

  /**
   * It must wait.
   *
   * @param reason in one word, as a condition's reason
   * @param message for people
   * @param until when it may begin by itself; empty when somebody must act
   */
  record Closed(String reason, String message, Optional<Instant> until) implements Gate {}

  /**
   * Returns the gate of a plan.
   *
   * @param plan its digest, 64 hex digits
   * @param caution why it needs somebody's approval whatever the file says; "" for no reason
   */
  static Gate of(
      Lifecycle lifecycle,
      Requests requests,
      Purpose purpose,
      String plan,
      String caution,
      Instant now) {
    if (requests.suspend() != null) {
      String by = requests.suspend().by();
      return new Closed(
          "Suspended", "suspended" + (by.isEmpty() ? "" : " by " + by), Optional.empty());
    }
    if (lifecycle.suspend()) {
      return new Closed("Suspended", "suspended by `spec.suspend`", Optional.empty());
    }
    if (purpose == Purpose.ROLLBACK) {
      return new Open("");
    }
    Optional<String> approvedBy = requests.approved(plan);
    if ((lifecycle.approval() == Approval.MANUAL || !caution.isEmpty()) && approvedBy.isEmpty()) {
      return new Closed(
          AWAITING_APPROVAL,
          (caution.isEmpty() ? "" : caution + "; ") + "plan " + plan + " waits for approval",
          Optional.empty());
    }
    if (!lifecycle.windows().isEmpty()
        && lifecycle.windows().stream().noneMatch(window -> window.isOpen(now))) {
      return outside(lifecycle, now);
    }
    return new Open(approvedBy.orElse(""));
  }

  private static Closed outside(Lifecycle lifecycle, Instant now) {
    Optional<Instant> opens =
        lifecycle.windows().stream()
            .map(window -> window.opens(now))
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder());
    return new Closed(
        "OutsideWindow",
        opens
            .map(
                at -> "waits for a window; the next opens at " + at.truncatedTo(ChronoUnit.SECONDS))
            .orElse("waits for a window, and none will open"),
        opens);
  }
}
