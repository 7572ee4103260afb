// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is committed of a plan that begins, whoever makes it and whenever: how its attempt goes is
 * not among it.
 */
final class PlanFiles {
  private PlanFiles() {}

  /**
   * Returns the files, relative to the group's folder.
   *
   * @param planned what is said of the attempt; its times do not matter
   */
  static SortedMap<RepoPath, String> of(
      Plan plan,
      StatusReport planned,
      RenderedBundle bundle,
      Map<ReleaseName, HelmOutput> outputs) {
    SortedMap<RepoPath, String> files = new TreeMap<>(bundle.files());
    files.put(StatusPaths.PLANNED, InventoryFile.write(Attempts.wanted(plan)));
    files.put(StatusPaths.PLAN_PAGE, Pages.plan(plan, planned, GroupCharts.notices(plan, outputs)));
    return files;
  }
}
