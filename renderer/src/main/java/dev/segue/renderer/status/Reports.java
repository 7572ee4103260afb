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
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes reports of what was planned and read back. The reasons are those that Orkestra's users
 * know. The time is only written where a condition changes, so that equal states give equal
 * reports.
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

  /** A plan whose Workflow is about to begin. */
  public StatusReport planned(Plan plan, int attempt, String workflow) {
    String message = "attempt " + attempt + ": " + summary(plan);
    return ofPlan(plan, Phase.PLANNED, attempt, workflow)
        .withConditions(underWay(message), before, now);
  }

  /** All is as the commit wants it, with nothing left to do. */
  public StatusReport released(Plan plan, int attempt, String workflow) {
    int size = plan.desired().releases().size();
    return ofPlan(plan, Phase.RELEASED, attempt, workflow)
        .withConditions(
            List.of(
                condition(
                    "Ready",
                    Status.TRUE,
                    "Succeeded",
                    size + " of " + size + " releases are ready")),
            before,
            now);
  }

  /** Nothing can be planned. What was known of the releases stays. */
  public StatusReport invalid(
      GroupName group, Origin origin, CommitId commit, String reason, List<Problem> problems) {
    String first = problems.get(0).toString();
    String more = problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "";
    StatusReport report =
        new StatusReport(
            group,
            Phase.INVALID,
            commit.hex(),
            file(origin),
            before.map(StatusReport::attempt).orElse(0),
            before.map(StatusReport::digest).orElse(""),
            before.map(StatusReport::workflow).orElse(""),
            List.of(),
            before.map(StatusReport::releases).orElse(List.of()),
            problems.stream().map(Problem::toString).toList());
    return report.withConditions(
        List.of(
            condition("Ready", Status.FALSE, reason, first + more),
            condition("Stalled", Status.TRUE, reason, first + more)),
        before,
        now);
  }

  /**
   * No file of {@code commit} declares the group any more. What was known of the releases stays.
   *
   * @param last the group's last report
   */
  public StatusReport undeclared(StatusReport last, CommitId commit) {
    String message =
        "no file of commit "
            + commit.shortHex()
            + " declares it; what it released is left as it is";
    return new StatusReport(
            last.group(),
            Phase.UNDECLARED,
            commit.hex(),
            last.file(),
            last.attempt(),
            last.digest(),
            last.workflow(),
            List.of(),
            last.releases(),
            List.of())
        .withConditions(
            List.of(condition("Ready", Status.UNKNOWN, "Undeclared", message)), before, now);
  }

  /**
   * The last attempt stands as it stood, or is under way still, now that the file is well again.
   *
   * @param last the group's last report, whose attempt is planned or failed
   */
  public StatusReport resumed(StatusReport last, ApplicationGroup group, CommitId commit) {
    Phase phase = last.attempted();
    StatusReport report =
        new StatusReport(
            last.group(),
            phase,
            commit.hex(),
            file(group.origin()),
            last.attempt(),
            last.digest(),
            last.workflow(),
            List.of(),
            last.releases(),
            List.of());
    if (phase == Phase.PLANNED) {
      String message = "attempt " + last.attempt() + " is under way";
      return report.withConditions(underWay(message), before, now);
    }
    List<ReleaseStatus> notDone = last.releases().stream().filter(r -> !isDone(r.state())).toList();
    String message =
        failures(notDone, "attempt " + last.attempt() + " ended before anything failed");
    return report.withConditions(failed(message), before, now);
  }

  /** The plan stands; the cluster did not take it. */
  public StatusReport refused(StatusReport planned, String message) {
    return planned.withConditions(
        List.of(
            condition("Ready", Status.FALSE, "ApplyFailed", message),
            condition("Stalled", Status.TRUE, "ApplyFailed", message)),
        before,
        now);
  }

  /**
   * What came of the Workflow of the attempt that {@code last} tells of, step by step. The
   * Workflow's own phase is not asked: a soft dependency may have failed in one that Argo calls
   * Succeeded.
   *
   * @param commit that the Workflow was made from
   * @param live the group's HelmReleases: they know better than a step why it failed
   */
  public StatusReport observed(
      StatusReport last, String commit, LiveWorkflow workflow, Map<ReleaseName, LiveRelease> live) {
    StatusReport planned = last.at(commit);
    List<ReleaseStatus> releases =
        planned.releases().stream()
            .map(release -> ObservedRelease.status(release, workflow, live.get(release.name())))
            .toList();
    if (!workflow.ended()) {
      return withReleases(planned, Phase.PLANNED, releases)
          .withConditions(planned.conditions(), before, now);
    }
    List<ReleaseStatus> failed = releases.stream().filter(r -> !isDone(r.state())).toList();
    if (failed.isEmpty()) {
      return withReleases(planned, Phase.RELEASED, releases)
          .withConditions(
              List.of(
                  condition(
                      "Ready",
                      Status.TRUE,
                      "Succeeded",
                      wanted(releases) + " of " + wanted(releases) + " releases are ready")),
              before,
              now);
    }
    String end =
        "Workflow " + workflow.name() + " ended as " + workflow.phase() + ": " + workflow.message();
    return withReleases(planned, Phase.FAILED, releases)
        .withConditions(failed(failures(failed, end)), before, now);
  }

  private static boolean isDone(State state) {
    return state == State.RELEASED || state == State.DELETED;
  }

  private static long wanted(List<ReleaseStatus> releases) {
    return releases.stream().filter(release -> release.state() != State.DELETED).count();
  }

  private static List<Condition> underWay(String message) {
    return List.of(
        condition("Ready", Status.UNKNOWN, "Progressing", message),
        condition("Reconciling", Status.TRUE, "Progressing", message));
  }

  private static List<Condition> failed(String message) {
    return List.of(
        condition("Ready", Status.FALSE, "WorkflowFailed", message),
        condition("Stalled", Status.TRUE, "WorkflowFailed", message));
  }

  /**
   * @param otherwise what to say when no release failed
   */
  private static String failures(List<ReleaseStatus> notDone, String otherwise) {
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

  private StatusReport ofPlan(Plan plan, Phase phase, int attempt, String workflow) {
    ApplicationGroup group = plan.desired().group();
    Map<ReleaseName, String> tasks = new TreeMap<>();
    plan.steps().forEach((Step step) -> tasks.put(step.change().release(), step.task()));
    List<ReleaseStatus> releases =
        plan.changes().stream()
            .map(change -> release(change, tasks.getOrDefault(change.release(), "")))
            .toList();
    return new StatusReport(
        group.name(),
        phase,
        plan.desired().commit().hex(),
        file(group.origin()),
        attempt,
        plan.digest().hex(),
        workflow,
        List.of(),
        releases,
        List.of());
  }

  private static ReleaseStatus release(Change change, String task) {
    State state = change instanceof Change.Keep ? State.RELEASED : State.PENDING;
    String reasons = String.join("; ", change.reasons());
    if (change instanceof Change.Delete delete) {
      return new ReleaseStatus(
          change.release(),
          change.action(),
          state,
          task,
          delete.deployed().chart(),
          delete.deployed().version(),
          "",
          delete.deployed().dependencies(),
          delete.deployed().softDependencies(),
          "",
          "",
          reasons);
    }
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

  private static StatusReport withReleases(
      StatusReport r, Phase phase, List<ReleaseStatus> releases) {
    return new StatusReport(
        r.group(),
        phase,
        r.commit(),
        r.file(),
        r.attempt(),
        r.digest(),
        r.workflow(),
        List.of(),
        releases,
        List.of());
  }

  /** Such as {@code 2 install, 1 upgrade, 9 keep}. */
  static String summary(Plan plan) {
    return java.util.stream.Stream.of("install", "upgrade", "repair", "delete", "keep")
        .filter(action -> plan.count(action) > 0)
        .map(action -> plan.count(action) + " " + action)
        .collect(java.util.stream.Collectors.joining(", "));
  }

  private static String file(Origin origin) {
    return origin.file() + ":" + origin.line();
  }

  private static Condition condition(String type, Status status, String reason, String message) {
    return new Condition(type, status, reason, message, "");
  }
}
