// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PlanRun.Task;
import dev.segue.agent.reconcile.PlanRun.Unrenderable;
import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.Approval;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes a group that no file declares any more, in reverse of the order as deployed. */
final class Removal {
  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  private final SourceRepo source;
  private final Observer observer;
  private final PlanRun plans;
  private final WorkflowStop stop;
  private final Namespace namespace;

  /**
   * @param namespace of groups that name none
   */
  Removal(
      SourceRepo source,
      Cluster cluster,
      Observer observer,
      PlanRun plans,
      Namespace namespace,
      Clock clock) {
    this.source = source;
    this.observer = observer;
    this.plans = plans;
    this.stop = new WorkflowStop(cluster, clock);
    this.namespace = namespace;
  }

  /**
   * Takes the next step.
   *
   * @param caution why somebody must approve it whatever the file said; "" for no reason
   */
  Outcome remove(GroupName group, CommitId commit, String caution) throws PortException {
    Seen seen = observer.see(group, namespace);
    Optional<StatusReport> last = seen.stored().report();
    if (last.isEmpty() || last.get().phase() == StatusReport.Phase.REMOVED) {
      return new Outcome.Removed();
    }
    if (!seen.lagging().isEmpty()) {
      return new Outcome.Progressing(seen.lagging());
    }
    if (seen.running().isPresent()) {
      return whileRunning(commit, seen.running().get());
    }
    try {
      return plans.run(task(source, group, commit, seen, last.get(), caution));
    } catch (ChartProblems | Unrenderable e) {
      throw new IllegalStateException("a removal needs no charts: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the removal of a group that was released.
   *
   * @param last its report
   */
  static Task task(
      SourceRepo source,
      GroupName group,
      CommitId commit,
      Seen seen,
      StatusReport last,
      String caution) {
    Inventory given = Attempts.given(seen.stored(), seen.live());
    Origin origin = StatusReader.declaredIn(last);
    DesiredGroup nothing = DesiredGroup.nothing(group, given.namespace(), origin, commit);
    Plan plan =
        Planner.plan(
            nothing, Purpose.REMOVE, given, seen.live(), Map.of(), release -> Optional.empty());
    boolean begun = last.attempt().purpose() == Purpose.REMOVE;
    Lifecycle lifecycle = lifecycle(source, seen.stored(), group);
    return new Task(plan, seen, null, lifecycle, begun ? "" : caution);
  }

  private Outcome whileRunning(CommitId commit, Manifest running) throws ClusterException {
    return Attempts.removes(running)
        ? new Outcome.Progressing(running.name())
        : stop.stop(running, commit);
  }

  /** What the file said of the group while it was there. */
  private static Lifecycle lifecycle(SourceRepo source, Stored stored, GroupName group) {
    try {
      String file = StatusReader.declaredIn(stored.report().orElseThrow()).file().value();
      CommitId commit = CommitId.parse(declared(stored, group).commit());
      return Declarations.find(source.tree(commit), List.of(file), group)
          .map(found -> gone(found.lifecycle(), found.lifecycle().approval()))
          .orElseGet(() -> gone(Lifecycle.DEFAULT, Approval.MANUAL));
    } catch (RepoException | IllegalArgumentException e) {
      LOG.warn("{}: what its file said cannot be read any more: {}", group, e.getMessage());
      return gone(Lifecycle.DEFAULT, Approval.MANUAL);
    }
  }

  /** The last attempt before the removal: the commit of an attempt to remove has no file. */
  private static Attempt declared(Stored stored, GroupName group) throws RepoException {
    Attempt attempt = stored.attempt();
    while (attempt.purpose() == Purpose.REMOVE) {
      attempt =
          PastAttempts.one(stored.snapshot(), group, attempt.number() - 1)
              .map(AttemptRecord::attempt)
              .orElse(Attempt.NONE);
    }
    return attempt;
  }

  /** A file that is gone suspends nothing; one that cannot be read may have asked for approval. */
  private static Lifecycle gone(Lifecycle said, Approval approval) {
    return new Lifecycle(
        said.onFailure(),
        said.deletion(),
        said.drift(),
        approval,
        false,
        said.windows(),
        said.deadline());
  }
}
