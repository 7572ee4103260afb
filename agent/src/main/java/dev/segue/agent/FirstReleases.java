// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.GroupCharts;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.ReleaseSite;
import dev.segue.agent.reconcile.TenantCheck;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What first releases of groups of a work tree come to. */
final class FirstReleases {
  private final LocalStore store;
  private final RenderSettings settings;
  private final GroupCharts charts;

  FirstReleases(LocalStore store, AgentConfig config) {
    this.store = store;
    this.settings = Wiring.renderSettings(config, store.source());
    ReleaseSite site = ReleaseSite.nowhere(LocalStore.kubeVersion(config));
    this.charts = new GroupCharts(store.charts(), store.source(), site, settings.tenancy());
  }

  /** Everything that was found out about a group on the way to its bundle. */
  record FirstRelease(
      DesiredGroup desired,
      Map<ReleaseName, HelmOutput> outputs,
      RenderedBundle bundle,
      List<Problem> problems) {}

  FirstRelease of(ApplicationGroup group) throws ChartProblems, PortException {
    Inventory nothing = Inventory.empty(group.name(), settings.namespaceOf(group));
    DesiredGroup desired = charts.resolve(group, store.commit(), nothing);
    Plan plan = Planner.plan(desired, nothing, Map.of(), release -> Optional.empty());
    Map<ReleaseName, HelmOutput> outputs = charts.render(desired);
    RenderedBundle bundle = BundleRenderer.render(plan, 1, settings, outputs);
    List<Problem> problems = new ArrayList<>(bundle.problems());
    problems.addAll(TenantCheck.rendered(desired, outputs, settings));
    return new FirstRelease(desired, outputs, bundle, problems);
  }
}
