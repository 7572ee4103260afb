// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes reports of what was planned and read back. The time is only written where a condition
 * changes, so that equal states give equal reports.
 */
public final class Reports {
  private final Optional<StatusReport> before;
  private final Instant now;

  /**
   * @param before the group's last report
   */
  public Reports(Optional<StatusReport> before, Instant now) {
    this.before = before;
    this.now = now;
  }

  /**
   * A plan whose Workflow is about to begin.
   *
   * @param held what failed before and is why the group goes back; null when it does not
   */
  public StatusReport planned(Plan plan, int attempt, String workflow, @Nullable Held held) {
    String message =
        "attempt " + attempt + (plan.purpose() == Purpose.RELEASE ? ": " : purpose(plan) + ": ");
    return ofPlan(plan, Attempt.Result.PLANNED, attempt, workflow, held)
        .withConditions(Conditions.underWay(plan.purpose(), message + summary(plan)), before, now);
  }

  private static String purpose(Plan plan) {
    return switch (plan.purpose()) {
      case RELEASE -> "";
      case CORRECT -> " mends drift";
      case ROLLBACK ->
          plan.desired().releases().isEmpty()
              ? " removes what failed"
              : " rolls back to " + plan.desired().commit().shortHex();
      case REMOVE -> " removes the group";
    };
  }

  /** All is as the plan wants it, with nothing left to do. */
  public StatusReport done(Plan plan, int attempt, String workflow, @Nullable Held held) {
    StatusReport report = ofPlan(plan, Attempt.Result.SUCCEEDED, attempt, workflow, held);
    return report.withConditions(Conditions.succeeded(report), before, now);
  }

  /** Nothing can be planned. What was known of the releases stays. */
  public StatusReport invalid(
      GroupName group, Origin origin, CommitId commit, String reason, List<Problem> problems) {
    String first = problems.get(0).toString();
    String more = problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "";
    return overlay(
        group,
        Phase.INVALID,
        commit,
        file(origin),
        Conditions.stalled(reason, first + more),
        problems.stream().map(Problem::toString).toList());
  }

  /**
   * A plan does not begin. What was known of the releases stays.
   *
   * @param file where the group is declared, with its line
   */
  public StatusReport waiting(
      GroupName group, String file, CommitId commit, String reason, String message) {
    return overlay(
        group, Phase.WAITING, commit, file, Conditions.undecided(reason, message), List.of());
  }

  /** Something is no longer as it was released, and is to be left so. */
  public StatusReport drifted(Plan plan) {
    StatusReport last = before.orElseThrow();
    String message =
        plan.changes().stream()
            .filter(change -> !(change instanceof Change.Keep))
            .map(change -> change.release() + " (" + String.join("; ", change.reasons()) + ")")
            .collect(Collectors.joining(", ", "drifted: ", ""));
    return overlay(
        last.group(),
        Phase.RELEASED,
        plan.desired().commit(),
        file(plan.desired().group().origin()),
        Conditions.drifted(message),
        List.of());
  }

  /** The last attempt stands as it stood; something else is to be said of the group. */
  private StatusReport overlay(
      GroupName group,
      Phase phase,
      CommitId commit,
      String file,
      List<Condition> conditions,
      List<String> problems) {
    return new StatusReport(
            group,
            phase,
            commit.hex(),
            file,
            before.map(StatusReport::attempt).orElse(Attempt.NONE),
            before.map(StatusReport::held).orElse(null),
            List.of(),
            before.map(StatusReport::releases).orElse(List.of()),
            problems)
        .withConditions(conditions, before, now);
  }

  /**
   * The last attempt stands as it stood, or is under way still, now that the file is well again.
   *
   * @param last the group's last report
   */
  public StatusReport resumed(StatusReport last, ApplicationGroup group, CommitId commit) {
    StatusReport report =
        new StatusReport(
            last.group(),
            Phase.of(last.attempt()),
            commit.hex(),
            file(group.origin()),
            last.attempt(),
            last.held(),
            List.of(),
            last.releases(),
            List.of());
    Attempt attempt = last.attempt();
    return report.withConditions(
        switch (attempt.result()) {
          case PLANNED, NONE ->
              Conditions.underWay(
                  attempt.purpose(), "attempt " + attempt.number() + " is under way");
          case SUCCEEDED -> Conditions.succeeded(report);
          case FAILED, STOPPED ->
              Conditions.ended(
                  report,
                  Conditions.failures(
                      notDone(last.releases()),
                      "attempt " + attempt.number() + " ended before anything failed"));
        },
        before,
        now);
  }

  /** The plan stands; the cluster did not take it. */
  public StatusReport refused(StatusReport planned, String message) {
    return planned.withConditions(Conditions.stalled("ApplyFailed", message), before, now);
  }

  /**
   * What came of the Workflow of the attempt that {@code last} tells of, step by step. The
   * Workflow's own phase is not asked: a soft dependency may have failed in one that Argo calls
   * Succeeded.
   *
   * @param live the group's HelmReleases: they know better than a step why it failed
   */
  public StatusReport observed(
      StatusReport last, LiveWorkflow workflow, Map<ReleaseName, LiveRelease> live) {
    List<ReleaseStatus> releases =
        last.releases().stream()
            .map(release -> ObservedRelease.status(release, workflow, live.get(release.name())))
            .toList();
    if (!workflow.ended()) {
      return withReleases(last, Attempt.Result.PLANNED, last.held(), releases)
          .withConditions(last.conditions(), before, now);
    }
    List<ReleaseStatus> notDone = notDone(releases);
    if (notDone.isEmpty()) {
      StatusReport report = withReleases(last, Attempt.Result.SUCCEEDED, last.held(), releases);
      return report.withConditions(Conditions.succeeded(report), before, now);
    }
    if (!workflow.stoppedFor().isEmpty()) {
      String message = "stopped for commit " + CommitId.shortened(workflow.stoppedFor());
      StatusReport report = withReleases(last, Attempt.Result.STOPPED, last.held(), releases);
      return report.withConditions(Conditions.ended(report, message), before, now);
    }
    String end =
        "Workflow " + workflow.name() + " ended as " + workflow.phase() + ": " + workflow.message();
    String message = Conditions.failures(notDone, end);
    StatusReport report =
        withReleases(last, Attempt.Result.FAILED, heldAfter(last, message), releases);
    return report.withConditions(Conditions.ended(report, message), before, now);
  }

  /** A commit that failed is held; what failed on the way back is not the commit. */
  private static @Nullable Held heldAfter(StatusReport last, String message) {
    Attempt attempt = last.attempt();
    return attempt.purpose() == Purpose.RELEASE
        ? new Held(
            attempt.commit(),
            attempt.digest(),
            attempt.number(),
            "attempt " + attempt.number() + ": " + message)
        : last.held();
  }

  private static List<ReleaseStatus> notDone(List<ReleaseStatus> releases) {
    return releases.stream().filter(release -> !release.state().isDone()).toList();
  }

  private StatusReport ofPlan(
      Plan plan, Attempt.Result result, int attempt, String workflow, @Nullable Held held) {
    ApplicationGroup group = plan.desired().group();
    String commit = plan.desired().commit().hex();
    Attempt made =
        new Attempt(attempt, plan.purpose(), result, commit, plan.digest().hex(), workflow);
    return new StatusReport(
        group.name(),
        Phase.of(made),
        held == null ? commit : held.commit(),
        file(group.origin()),
        made,
        held,
        List.of(),
        releases(plan),
        List.of());
  }

  /** How each release of a plan stands before it begins, in the plan's order. */
  public static List<ReleaseStatus> releases(Plan plan) {
    Map<ReleaseName, String> tasks = new TreeMap<>();
    plan.steps().stream()
        .filter(step -> step.phase() == Step.Phase.LAST)
        .forEach(step -> tasks.put(step.change().release(), step.task()));
    return plan.changes().stream()
        .map(change -> release(change, tasks.getOrDefault(change.release(), "")))
        .toList();
  }

  private static ReleaseStatus release(Change change, String task) {
    String reasons = String.join("; ", change.reasons());
    if (change instanceof Change.Removal delete) {
      return release(delete.deployed(), change, State.PENDING, task, reasons);
    }
    if (change instanceof Change.Orphan orphan) {
      return release(orphan.deployed(), change, State.ORPHANED, task, reasons);
    }
    State state = change instanceof Change.Keep ? State.RELEASED : State.PENDING;
    var desired =
        change instanceof Change.Apply apply ? apply.desired() : ((Change.Keep) change).desired();
    return new ReleaseStatus(
        change.release(),
        change.action(),
        state,
        task,
        desired.chart().name(),
        desired.chart().version(),
        "",
        desired.application().dependencies(),
        desired.application().softDependencies(),
        "",
        "",
        reasons);
  }

  private static ReleaseStatus release(
      DeployedRelease deployed, Change change, State state, String task, String reasons) {
    return new ReleaseStatus(
        change.release(),
        change.action(),
        state,
        task,
        deployed.chart(),
        deployed.version(),
        "",
        deployed.dependencies(),
        deployed.softDependencies(),
        "",
        "",
        reasons);
  }

  private static StatusReport withReleases(
      StatusReport last, Attempt.Result result, @Nullable Held held, List<ReleaseStatus> releases) {
    Attempt attempt = last.attempt().with(result);
    return new StatusReport(
        last.group(),
        Phase.of(attempt),
        held != null && attempt.purpose() == Purpose.ROLLBACK ? held.commit() : attempt.commit(),
        last.file(),
        attempt,
        held,
        List.of(),
        releases,
        List.of());
  }

  /** Such as {@code 2 install, 1 upgrade, 9 keep}. */
  public static String summary(Plan plan) {
    return java.util.stream.Stream.of("install", "upgrade", "repair", "delete", "orphan", "keep")
        .filter(action -> plan.count(action) > 0)
        .map(action -> plan.count(action) + " " + action)
        .collect(Collectors.joining(", ", "", handovers(plan)));
  }

  private static String handovers(Plan plan) {
    return plan.handovers() == 0
        ? ""
        : " (" + plan.handovers() + " of them without deleting an object)";
  }

  /** Where something is declared, as reports say it. */
  public static String file(Origin origin) {
    return origin.file() + ":" + origin.line();
  }
}
