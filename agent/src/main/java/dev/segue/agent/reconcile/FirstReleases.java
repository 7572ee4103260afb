// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What first releases of groups of a commit come to. It is made with the agent's own parts, and
 * nothing is done: no status branch is written, no cluster changed.
 */
public final class FirstReleases {
  private static final int ATTEMPT = 1;

  private final ChartStore store;
  private final CommitId commit;
  private final RenderSettings settings;
  private final Snapshot status;
  private final GroupCharts charts;
  private final StatusReader reader = new StatusReader();

  /**
   * @param store of {@code source}
   * @param status of the site: what was released there before stays pinned to what it was pinned to
   *     then, as with the agent
   */
  public FirstReleases(
      ChartStore store,
      SourceRepo source,
      CommitId commit,
      RenderSettings settings,
      String kubeVersion,
      Snapshot status) {
    this.store = store;
    this.commit = commit;
    this.settings = settings;
    this.status = status;
    this.charts =
        new GroupCharts(store, source, ReleaseSite.nowhere(kubeVersion), settings.tenancy());
  }

  /**
   * Everything that was found out about a group.
   *
   * @param problems why the agent would not begin, but for manifests that Flux cannot read
   */
  public record FirstRelease(
      Plan plan, Map<ReleaseName, HelmOutput> outputs, List<Problem> problems) {
    public FirstRelease {
      problems = List.copyOf(problems);
    }

    public DesiredGroup desired() {
      return plan.desired();
    }
  }

  /**
   * What the agent commits of a first release.
   *
   * @param files text by path, relative to the group's folder
   * @param charts those of its sub-charts, by their folder on the status branch
   */
  public record Committed(
      SortedMap<RepoPath, String> files, SortedMap<RepoPath, PartChart> charts) {
    /** Whether the sources of the charts name the very commit that has them. */
    public boolean namesItsCommit() {
      return charts.values().stream().allMatch(PartChart::isKept);
    }
  }

  /**
   * The chart of a part of an application.
   *
   * @param digest of its content
   * @param files by path, relative to its folder
   * @param isKept whether the status branch has it in a commit that is known
   */
  public record PartChart(Digest digest, SortedMap<String, byte[]> files, boolean isKept) {}

  /** Returns what a first release of {@code group} comes to. */
  public FirstRelease of(ApplicationGroup group) throws ChartProblems, PortException {
    Inventory nothing = Inventory.empty(group.name(), settings.namespaceOf(group));
    Inventory pinned = reader.inventory(status, group.name(), StatusPaths.PLANNED).orElse(nothing);
    DesiredGroup desired = charts.resolve(group, commit, pinned);
    Plan plan = Planner.plan(desired, nothing, Map.of(), release -> Optional.empty());
    Map<ReleaseName, HelmOutput> outputs = charts.render(desired);
    List<Problem> problems = new ArrayList<>(BundleRenderer.problems(plan, ATTEMPT, settings));
    problems.addAll(TenantCheck.rendered(desired, outputs, settings));
    return new FirstRelease(plan, outputs, problems);
  }

  /** Returns what the agent commits of it, but for what only an attempt can tell. */
  public Committed committed(FirstRelease release) throws PortException {
    RenderedBundle bundle =
        BundleRenderer.render(release.plan(), ATTEMPT, settings, release.outputs());
    StatusReport planned =
        new Reports(Optional.empty(), Instant.EPOCH)
            .planned(release.plan(), ATTEMPT, bundle.workflowName(), null);
    SortedMap<RepoPath, PartChart> parts = new TreeMap<>();
    for (DesiredRelease each : release.desired().releases().values()) {
      ResolvedChart chart = each.chart();
      if (chart.pin() instanceof ChartPin.Derived part) {
        parts.put(
            part.path(), new PartChart(chart.content(), store.files(chart), part.commit() != null));
      }
    }
    return new Committed(PlanFiles.of(release.plan(), planned, bundle, release.outputs()), parts);
  }
}
