// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.Aims.Aim;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PlanRun.Task;
import dev.segue.agent.reconcile.PlanRun.Unrenderable;
import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.DriftPolicy;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings one declared group a step further. It remembers nothing: every pass begins with what the
 * commit, the status branch and the cluster say, names the state and takes one step, so that a pass
 * may be cut off anywhere and the next goes on.
 */
final class GroupReconciler {
  private final Cluster cluster;
  private final StatusStore store;
  private final Observer observer;
  private final Aims aims;
  private final PlanRun plans;
  private final LastAttempt lastAttempt;
  private final WorkflowStop stop;
  private final RenderSettings settings;
  private final Clock clock;

  GroupReconciler(
      Cluster cluster,
      StatusStore store,
      Observer observer,
      Aims aims,
      PlanRun plans,
      RenderSettings settings,
      Clock clock) {
    this.cluster = cluster;
    this.store = store;
    this.observer = observer;
    this.aims = aims;
    this.plans = plans;
    this.lastAttempt = new LastAttempt(store, clock);
    this.stop = new WorkflowStop(cluster, clock);
    this.settings = settings;
    this.clock = clock;
  }

  /** A file that declares the group is wrong: says so, and leaves what is released as it is. */
  Outcome invalid(GroupName group, Origin origin, CommitId commit, List<Problem> problems)
      throws PortException {
    Seen seen = observer.see(group, settings.namespace());
    return invalid(seen.stored(), group, origin, commit, "Invalid", problems);
  }

  private Outcome invalid(
      Stored stored,
      GroupName group,
      Origin origin,
      CommitId commit,
      String reason,
      List<Problem> problems)
      throws RepoException {
    StatusReport report = reports(stored).invalid(group, origin, commit, reason, problems);
    if (!stored.report().equals(Optional.of(report))) {
      store.update(report, new TreeMap<>(), "invalid at " + commit.shortHex());
    }
    return new Outcome.Stalled(problems);
  }

  /**
   * Takes the group's next step.
   *
   * @param holders groups that may still have a release that this one declares
   */
  Outcome reconcile(ApplicationGroup group, CommitId commit, Set<GroupName> holders)
      throws PortException {
    Seen seen = observer.see(group.name(), settings.namespaceOf(group));
    if (!seen.lagging().isEmpty()) {
      return new Outcome.Progressing(seen.lagging());
    }
    if (seen.running().isPresent()) {
      return whileRunning(group, commit, seen, seen.running().get());
    }
    Stored stored = seen.stored();
    List<Problem> unsupported =
        Unsupported.of(
            group, settings.namespaceOf(group), stored.inventory(), cluster::reaches, settings);
    if (!unsupported.isEmpty()) {
      return invalid(stored, group.name(), group.origin(), commit, "Unsupported", unsupported);
    }
    List<Problem> refused = TenantCheck.declared(group, settings);
    if (!refused.isEmpty()) {
      return invalid(stored, group.name(), group.origin(), commit, TenantCheck.REASON, refused);
    }
    try {
      Aim aim = aims.of(group, commit, settings.namespaceOf(group), seen);
      return towards(aim, group, seen, holders);
    } catch (ChartProblems e) {
      return chartProblems(e, group, commit, stored);
    } catch (Unrenderable e) {
      return invalid(stored, group.name(), group.origin(), commit, e.reason(), e.problems());
    }
  }

  private Outcome towards(Aim aim, ApplicationGroup group, Seen seen, Set<GroupName> holders)
      throws PortException, ChartProblems, Unrenderable {
    if (aim.stays()) {
      CommitId commit = aim.target().commit();
      StatusReport report = lastAttempt.sayAgain(seen.stored(), group, commit);
      return new Outcome.Held(report.ready().message());
    }
    DriftPolicy policy = group.lifecycle().drift();
    Plan plan = aims.plan(aim, policy, seen);
    if (aim.purpose() == Purpose.CORRECT && !plan.isEmpty()) {
      switch (policy) {
        case CORRECT -> {
          Optional<Outcome> mended = mendedJustNow(plan, seen.stored());
          if (mended.isPresent()) {
            return mended.get();
          }
        }
        case REPORT -> {
          return drifted(plan, seen.stored());
        }
        case IGNORE -> {
          return new Outcome.InSync();
        }
      }
    }
    return plans.run(new Task(plan, seen, aim.held(), group.lifecycle(), "", holders));
  }

  /**
   * What drifts again as soon as it is mended is changed by somebody who will do it again: it is
   * mended now and then, not without end.
   */
  private Optional<Outcome> mendedJustNow(Plan plan, Stored stored) {
    Attempt last = stored.attempt();
    if (last.purpose() != Purpose.CORRECT) {
      return Optional.empty();
    }
    return Attempts.again(stored.report().orElseThrow(), plan, clock.instant())
        .map(
            again ->
                new Outcome.Postponed(
                    "DriftsAgain",
                    "drifted again although attempt " + last.number() + " mended it",
                    Optional.of(again)));
  }

  private Outcome drifted(Plan plan, Stored stored) throws RepoException {
    StatusReport report = reports(stored).drifted(plan);
    if (stored.report().filter(report::saysTheSame).isEmpty()) {
      store.update(report, new TreeMap<>(), "drifted");
    }
    return new Outcome.Drifted(report.ready().message());
  }

  /** Only the newest commit counts: a Workflow that does something else is stopped. */
  private Outcome whileRunning(ApplicationGroup group, CommitId commit, Seen seen, Manifest running)
      throws PortException {
    Outcome goesOn = new Outcome.Progressing(running.name());
    resume(running, group, commit, seen.stored());
    if (Attempts.removes(running)) {
      return goesOn; // it is released again once it is gone
    }
    boolean stopping = !running.annotation(Labels.STOPPED_FOR).orElse("").isEmpty();
    boolean sameCommit =
        seen.stored().report().filter(r -> r.commit().equals(commit.hex())).isPresent();
    if (!stopping && sameCommit && seen.requests().rollback() == null) {
      return goesOn;
    }
    if (stopping) {
      return stop.stop(running, commit);
    }
    try {
      Aim aim = aims.of(group, commit, settings.namespaceOf(group), seen);
      String wanted = aim.target().digest().prefix(Planner.LABEL_DIGITS);
      boolean right = running.label(Labels.DIGEST).filter(wanted::equals).isPresent();
      return right ? goesOn : stop.stop(running, commit);
    } catch (ChartProblems e) {
      return goesOn; // what is known to work is better than what is not
    }
  }

  /** The file was wrong while the Workflow ran, and is well again. */
  private void resume(Manifest running, ApplicationGroup group, CommitId commit, Stored stored)
      throws RepoException {
    Attempt attempt = stored.attempt();
    if (attempt.result() == Attempt.Result.PLANNED && attempt.workflow().equals(running.name())) {
      lastAttempt.sayAgain(stored, group, commit);
    }
  }

  private Reports reports(Stored stored) {
    return new Reports(stored.report(), clock.instant());
  }

  private Outcome chartProblems(
      ChartProblems e, ApplicationGroup group, CommitId commit, Stored stored)
      throws RepoException {
    boolean releasedHere =
        stored
            .report()
            .filter(r -> r.phase() == Phase.RELEASED && r.commit().equals(commit.hex()))
            .isPresent();
    Problem first = e.problems().get(0);
    if (!releasedHere) {
      invalid(stored, group.name(), group.origin(), commit, "ChartPullFailed", e.problems());
    }
    return e.retryable()
        ? new Outcome.Failed(first.code(), first.message(), true)
        : new Outcome.Stalled(e.problems());
  }
}
