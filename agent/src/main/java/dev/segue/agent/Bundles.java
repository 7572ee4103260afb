// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.FirstReleases;
import dev.segue.agent.reconcile.FirstReleases.Committed;
import dev.segue.agent.reconcile.FirstReleases.FirstRelease;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.TenantCheck;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.UnreadableManifests;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the agent commits of first releases of several groups, or why it would not. */
record Bundles(SortedMap<GroupName, Committed> groups, List<Problem> problems) {
  /** Renders all of {@code groups}, whatever is wrong with one of them. */
  static Bundles of(List<ApplicationGroup> groups, FirstReleases releases, RenderSettings settings)
      throws PortException {
    SortedMap<GroupName, Committed> committed = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    for (ApplicationGroup group : groups) {
      problems.addAll(TenantCheck.declared(group, settings));
      try {
        FirstRelease release = releases.of(group);
        problems.addAll(release.problems());
        problems.addAll(UnreadableManifests.of(release.plan(), release.outputs()));
        committed.put(group.name(), releases.committed(release));
      } catch (ChartProblems e) {
        problems.addAll(e.problems());
      }
    }
    return new Bundles(committed, problems.stream().sorted().distinct().toList());
  }
}
