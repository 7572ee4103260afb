// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.status.ReleaseStatus.State;
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
    INVALID,
    /** No file declares the group any more; what it released is left as it is. */
    UNDECLARED;

    /** The word for it in files and trailers, such as {@code Planned}. */
    public String text() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Where the last attempt is, also where its file was found invalid or gone since; the phase
   * itself before the first attempt.
   */
  public Phase attempted() {
    if (attempt == 0 || (phase != Phase.INVALID && phase != Phase.UNDECLARED)) {
      return phase;
    }
    if (has(State.PENDING) || has(State.RUNNING)) {
      return Phase.PLANNED;
    }
    return has(State.FAILED) || has(State.OMITTED) ? Phase.FAILED : Phase.RELEASED;
  }

  private boolean has(State state) {
    return releases.stream().anyMatch(release -> release.state() == state);
  }

  /** Whether the other says the same but for its conditions. */
  public boolean sameAttempt(StatusReport other) {
    return withConditions(List.of()).equals(other.withConditions(List.of()));
  }

  /** Returns this report as of that commit. */
  StatusReport at(String otherCommit) {
    return new StatusReport(
        group, phase, otherCommit, file, attempt, digest, workflow, conditions, releases, problems);
  }

  private StatusReport withConditions(List<Condition> others) {
    return new StatusReport(
        group, phase, commit, file, attempt, digest, workflow, others, releases, problems);
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
