// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.plan.Purpose;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a group stands: the content of its {@code status.yaml}.
 *
 * @param commit the source commit that this was said of
 * @param file where the group is declared, with its line
 * @param attempt the last attempt
 * @param held what failed and is not tried again; null for nothing
 * @param releases in the order of the attempt's plan
 * @param problems why nothing can be planned; lines for people
 */
public record StatusReport(
    GroupName group,
    Phase phase,
    String commit,
    String file,
    Attempt attempt,
    @Nullable Held held,
    List<Condition> conditions,
    List<ReleaseStatus> releases,
    List<String> problems) {
  public StatusReport {
    conditions = List.copyOf(conditions);
    releases = List.copyOf(releases);
    problems = List.copyOf(problems);
  }

  /** Where the group is. */
  public enum Phase {
    /** A plan is committed, and its Workflow not ended. */
    PLANNED("Planned"),
    /** All is as the commit wants it. */
    RELEASED("Released"),
    /** The attempt ended and not all is as it was to be. */
    FAILED("Failed"),
    /** The attempt was ended since something else was wanted. */
    STOPPED("Stopped"),
    /** All is as it was before what is held. */
    ROLLED_BACK("RolledBack"),
    /** Nothing of the group is there any more. */
    REMOVED("Removed"),
    /** A plan is there and does not begin: see the condition Ready. */
    WAITING("Waiting"),
    /** Nothing can be planned: see the problems. */
    INVALID("Invalid");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /** The word for it in files and trailers, such as {@code Planned}. */
    public String text() {
      return text;
    }

    /**
     * @throws IllegalArgumentException when {@code text} is none
     */
    static Phase parse(String text) {
      return Arrays.stream(values())
          .filter(phase -> phase.text.equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no phase " + text));
    }

    /** Where a group is with such an attempt, when nothing else is to be said of it. */
    public static Phase of(Attempt attempt) {
      return switch (attempt.result()) {
        case NONE, PLANNED -> PLANNED;
        case FAILED -> FAILED;
        case STOPPED -> STOPPED;
        case SUCCEEDED -> succeeded(attempt.purpose());
      };
    }

    private static Phase succeeded(Purpose purpose) {
      return switch (purpose) {
        case RELEASE, CORRECT -> RELEASED;
        case ROLLBACK -> ROLLED_BACK;
        case REMOVE -> REMOVED;
      };
    }
  }

  /** What the last attempt was to reach, 64 hex digits; "" before the first. */
  public String digest() {
    return attempt.digest();
  }

  /** The last attempt's Workflow; "" where there was none. */
  public String workflow() {
    return attempt.workflow();
  }

  /**
   * Whether the other is of the same attempt and plan: it says the same but for its conditions and
   * for what the messages of its releases say. Why a release changes is known best when that is
   * planned for the first time: then the branch still has the values from before.
   */
  public boolean sameAttempt(StatusReport other) {
    return ofAttempt().equals(other.ofAttempt());
  }

  private StatusReport ofAttempt() {
    return new StatusReport(
        group,
        phase,
        commit,
        file,
        attempt,
        held,
        List.of(),
        releases.stream().map(ReleaseStatus::withoutMessage).toList(),
        problems);
  }

  /** Whether the other says the same but for the moments at which it came to be so. */
  public boolean saysTheSame(StatusReport other) {
    return timeless().equals(other.timeless());
  }

  private StatusReport timeless() {
    return withConditions(
        conditions.stream()
            .map(c -> new Condition(c.type(), c.status(), c.reason(), c.message(), ""))
            .toList());
  }

  private StatusReport withConditions(List<Condition> others) {
    return new StatusReport(group, phase, commit, file, attempt, held, others, releases, problems);
  }

  public Optional<Condition> condition(String type) {
    return conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  /** The condition Ready, which every report has. */
  public Condition ready() {
    return condition("Ready").orElseThrow();
  }

  /**
   * Returns this report with those conditions; a status that {@code before} had already keeps its
   * time.
   */
  StatusReport withConditions(List<Condition> wanted, Optional<StatusReport> before, Instant now) {
    List<Condition> timed =
        wanted.stream().map(condition -> timed(condition, before, now)).toList();
    return withConditions(timed);
  }

  private static Condition timed(Condition condition, Optional<StatusReport> before, Instant now) {
    String time =
        before
            .flatMap(report -> report.condition(condition.type()))
            .filter(old -> old.status() == condition.status())
            .map(Condition::lastTransitionTime)
            .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Condition(
        condition.type(), condition.status(), condition.reason(), condition.message(), time);
  }
}
