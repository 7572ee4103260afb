// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.render.RenderedBundle;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a plan starts from. Nothing is changed by looking at it. */
interface World {
  /** What is said of groups. */
  Snapshot status();

  /**
   * Returns what there is of a group.
   *
   * @param namespace where its objects are when nothing of it was released yet
   * @param whole applications whose sub-charts are released apart, or are to be
   */
  Seen see(GroupName group, Namespace namespace, Set<ReleaseName> whole) throws PortException;

  /** Whether objects in that namespace are seen. */
  boolean reaches(Namespace namespace);

  /** Where objects of the kind are; namespaced where nobody can be asked. */
  default Scope scope(ApiKind kind) throws ClusterException {
    return Scope.NAMESPACED;
  }

  /** What the API server says of what a plan would give to it; nothing where nobody asks it. */
  Admission.Said admit(
      Plan plan,
      RenderedBundle bundle,
      Map<ReleaseName, HelmOutput> after,
      Map<ReleaseName, ReleaseDiff> diffs)
      throws ClusterException;

  /** What of it people should know who read a plan. */
  List<String> notices(Seen seen);
}
