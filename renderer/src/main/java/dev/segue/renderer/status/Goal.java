// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.OnFailure;
import java.util.Optional;

/** What a group is to become now: what its commit wants, unless that failed. */
public sealed interface Goal {
  /** What the commit wants. */
  record Desired() implements Goal {}

  /** Back to what was released from that commit; {@code held} says why. */
  record Back(CommitId commit, Held held) implements Goal {}

  /** Nothing of it is to be there; {@code held} says why. */
  record Nothing(Held held) implements Goal {}

  /** Whatever it is, it stays so; {@code held} says why. */
  record Stay(Held held) implements Goal {}

  /**
   * Returns the goal of a group.
   *
   * @param report the last; empty before the first
   * @param digest what the commit wants, 64 hex digits
   * @param good where the group was last as a commit wanted it; empty when it never was
   */
  static Goal of(
      Optional<StatusReport> report,
      String digest,
      CommitId commit,
      OnFailure onFailure,
      Optional<CommitId> good,
      Requests requests) {
    Requests.Rollback asked = requests.rollback();
    if (asked != null && asked.from().equals(digest)) {
      int attempt = report.map(r -> r.attempt().number()).orElse(0);
      String by = asked.by().isEmpty() ? "" : " by " + asked.by();
      Held held =
          report
              .map(StatusReport::held)
              .filter(h -> h.digest().equals(digest))
              .orElse(new Held(commit.hex(), digest, attempt, "a rollback was asked for" + by));
      return new Back(CommitId.parse(asked.to()), held);
    }
    Optional<Held> held =
        report
            .map(StatusReport::held)
            .filter(h -> h.digest().equals(digest) || h.commit().equals(commit.hex()))
            .filter(h -> !requests.retries(h.attempt()));
    if (held.isEmpty()) {
      return new Desired();
    }
    return switch (onFailure) {
      case HOLD -> new Stay(held.get());
      case REMOVE -> new Nothing(held.get());
      case ROLLBACK ->
          good.<Goal>map(to -> new Back(to, held.get())).orElse(new Nothing(held.get()));
    };
  }
}
