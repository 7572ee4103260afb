// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.status.Gate;
import dev.segue.renderer.status.Site;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The passes over the groups of a repository: each takes a group one step further. When a group is
 * looked at is not decided here. Safe for several threads, of which each has another group.
 */
public final class Passes implements GroupPasses {
  private static final Logger LOG = LoggerFactory.getLogger(Passes.class);

  private final SourceRepo source;
  private final StatusStore store;
  private final GroupReconciler groups;
  private final Removal removal;
  private final ReconcilerSettings settings;

  /**
   * @param gates what is made of a gate before it is obeyed; the identity, except where nothing is
   *     released
   */
  public Passes(
      SourceRepo source,
      Cluster cluster,
      StatusBranch status,
      ChartStore charts,
      ReconcilerSettings settings,
      UnaryOperator<Gate> gates,
      Clock clock) {
    this.source = source;
    this.settings = settings;
    this.store = new StatusStore(status, settings.clusterName(), () -> site(settings, cluster));
    GroupCharts groupCharts =
        new GroupCharts(
            charts, source, new LiveSite(cluster, store, settings), settings.render().tenancy());
    Observer observer = new Observer(cluster, store, clock);
    PlanRun plans = new PlanRun(cluster, store, groupCharts, settings.render(), gates, clock);
    EarlierGroups earlier = new EarlierGroups(source, settings.paths());
    Aims aims = new Aims(source, groupCharts, earlier, settings.render());
    this.groups =
        new GroupReconciler(cluster, store, observer, aims, plans, settings.render(), clock);
    this.removal =
        new Removal(source, cluster, observer, plans, settings.render().namespace(), clock);
  }

  /** Empty while the cluster does not say its version. */
  private static Optional<Site> site(ReconcilerSettings settings, Cluster cluster) {
    try {
      return Optional.of(settings.site(cluster));
    } catch (ClusterException e) {
      LOG.debug("the cluster's version is not known: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Returns what a commit declares, and what of the status branch it does not declare any more. */
  @Override
  public Declared declared(RepoTree tree) throws RepoException {
    return Declared.read(tree, source, store.known(), settings);
  }

  /** What was told of each group that was not removed. */
  Map<GroupName, StatusReport> reports() throws RepoException {
    return store.known();
  }

  /** The groups of the status branch that were not removed. */
  @Override
  public Set<GroupName> known() throws RepoException {
    return store.known().keySet();
  }

  /** What the status branch says of a group; empty before the first time, or unreadable. */
  @Override
  public Optional<StatusReport> told(GroupName group) {
    try {
      return store.report(group);
    } catch (RepoException e) {
      LOG.warn("{}: what was told of it cannot be read: {}", group, e.getMessage());
      return Optional.empty();
    }
  }

  /** The groups of which people asked something else since this was last asked; sorted. */
  @Override
  public Set<GroupName> asked() throws RepoException {
    return store.asked();
  }

  /** Takes the group's next step; empty when there is nothing to say of it any more. */
  @Override
  public Optional<Outcome> over(GroupName group, Declared now) {
    return GroupStep.guarded(group, () -> step(group, now));
  }

  private Optional<Outcome> step(GroupName group, Declared now) throws PortException {
    Parsed parsed = now.groups().get(group);
    if (parsed instanceof Parsed.Valid valid) {
      return Optional.of(groups.reconcile(valid.group(), now.commit(group), now.holders(group)));
    }
    if (parsed instanceof Parsed.Invalid invalid) {
      Origin origin = invalid.origins().get(0);
      return Optional.of(groups.invalid(group, origin, now.commit(group), invalid.problems()));
    }
    Outcome outcome = removal.remove(group, now.commit(), caution(now, group));
    return outcome instanceof Outcome.Removed ? Optional.empty() : Optional.of(outcome);
  }

  private static String caution(Declared now, GroupName group) {
    return Objects.requireNonNullElse(now.undeclared().get(group), "");
  }
}
