// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a group stands: the content of its {@code status.yaml}.
 *
 * @param commit the source commit of the attempt, or of the file that is invalid
 * @param file where the group is declared, with its line
 * @param attempt the number of the last attempt; 0 before the first
 * @param digest what the attempt wants, 64 hex digits; "" before the first
 * @param workflow the attempt's Workflow; "" before the first
 * @param releases in the order of the plan
 * @param problems why nothing can be planned; lines for people
 */
public record StatusReport(
    GroupName group,
    Phase phase,
    String commit,
    String file,
    int attempt,
    String digest,
    String workflow,
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
    PLANNED,
    /** All is as the commit wants it. */
    RELEASED,
    /** The attempt ended and not all is as the commit wants it; the same is not tried again. */
    FAILED,
    /** Nothing can be planned: see the problems. */
    INVALID;

    /** The word for it in files and trailers, such as {@code Planned}. */
    public String text() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
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
    return new StatusReport(
        group, phase, commit, file, attempt, digest, workflow, timed, releases, problems);
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
