// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.DriftPolicy;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Goal;
import dev.segue.renderer.status.Held;
import dev.segue.renderer.status.LastGood;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes of what a group is to become now the very releases that it is to have. */
final class Aims {
  private final SourceRepo source;
  private final GroupCharts charts;
  private final EarlierGroups earlier;
  private final RenderSettings settings;

  Aims(SourceRepo source, GroupCharts charts, EarlierGroups earlier, RenderSettings settings) {
    this.source = source;
    this.charts = charts;
    this.earlier = earlier;
    this.settings = settings;
  }

  /**
   * What a group is to become.
   *
   * @param given what Flux was given by now
   * @param held why it is not what the commit wants; null when it is
   * @param stays whether nothing is done whatever there is
   */
  record Aim(
      DesiredGroup target, Purpose purpose, Inventory given, @Nullable Held held, boolean stays) {}

  /** Returns what {@code group}, as {@code commit} has it, is to become. */
  Aim of(ApplicationGroup group, CommitId commit, Namespace namespace, Seen seen)
      throws PortException, ChartProblems {
    Stored stored = seen.stored();
    Inventory given = Attempts.given(stored, seen.live());
    DesiredGroup desired = charts.resolve(group, commit, given);
    Goal goal =
        Goal.of(
            stored.report(),
            desired.digest().hex(),
            commit,
            group.lifecycle().onFailure(),
            stored.good().map(LastGood::commit),
            seen.requests());
    if (goal instanceof Goal.Back back) {
      boolean asked = !stored.good().map(LastGood::commit).equals(Optional.of(back.commit()));
      if (asked && !source.descends(commit, back.commit())) {
        throw new ChartProblems(List.of(noWayBack(group, back.commit())), false);
      }
      DesiredGroup target = earlier(group, back.commit(), stored, given);
      return new Aim(target, Purpose.ROLLBACK, given, back.held(), false);
    }
    if (goal instanceof Goal.Nothing nothing) {
      DesiredGroup target = DesiredGroup.nothing(group.name(), namespace, group.origin(), commit);
      return new Aim(target, Purpose.ROLLBACK, given, nothing.held(), false);
    }
    if (goal instanceof Goal.Stay stay) {
      return new Aim(desired, Purpose.RELEASE, given, stay.held(), true);
    }
    return new Aim(desired, purpose(desired, stored.attempt()), given, null, false);
  }

  /** Returns the plan that makes of what was seen what is to become. */
  Plan plan(Aim aim, DriftPolicy policy, Seen seen) {
    GroupName group = aim.target().group().name();
    Namespace namespace = aim.given().namespace();
    return Planner.plan(
        aim.target(),
        aim.purpose(),
        aim.given(),
        seen.live(),
        policy == DriftPolicy.IGNORE
            ? Map.of()
            : BundleRenderer.drift(aim.target(), namespace, settings, seen.objects()),
        release -> StatusReader.values(seen.stored().snapshot(), group, release));
  }

  /**
   * What was released already and is no longer so was not changed by Git; nor was it when mending
   * it was planned and has not begun.
   */
  private static Purpose purpose(DesiredGroup desired, Attempt last) {
    boolean mends = last.result() == Attempt.Result.PLANNED && last.purpose() == Purpose.CORRECT;
    return (mends || last.result() == Attempt.Result.SUCCEEDED)
            && last.digest().equals(desired.digest().hex())
        ? Purpose.CORRECT
        : Purpose.RELEASE;
  }

  /** The group as another commit has it, with the very charts that it had then where known. */
  private DesiredGroup earlier(
      ApplicationGroup group, CommitId commit, Stored stored, Inventory given)
      throws PortException, ChartProblems {
    ApplicationGroup then = declaredAt(group, commit);
    Optional<Inventory> good =
        stored.good().filter(g -> g.commit().equals(commit)).map(LastGood::inventory);
    return good.isPresent()
        ? charts.asReleased(then, commit, good.get(), given)
        : charts.resolve(then, commit, stored.inventory());
  }

  private ApplicationGroup declaredAt(ApplicationGroup group, CommitId commit)
      throws RepoException, ChartProblems {
    Optional<ApplicationGroup> then = earlier.find(group.name(), commit);
    if (then.isEmpty()) {
      throw new ChartProblems(List.of(noWayBack(group, commit)), false);
    }
    return then.get();
  }

  private static Problem noWayBack(ApplicationGroup group, CommitId commit) {
    Origin origin = group.origin();
    return Problem.at(
        origin,
        ProblemCode.NO_WAY_BACK,
        "metadata.name",
        "must be declared at commit "
            + commit.shortHex()
            + ", which the group is to go back to; \""
            + group.name()
            + "\" is not, or not so that this version reads it, or that commit is not part of the history",
        "Mend the file: the next commit that changes the group is released.");
  }
}
