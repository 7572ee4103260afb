// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.RenderedBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A site as it is: its cluster, and what the status branch says of it. */
final class LiveWorld implements World {
  private final Snapshot snapshot;
  private final StatusReader reader;
  private final Cluster cluster;
  private final DryRun server;

  /**
   * @param cluster watched already
   * @param server of that cluster
   */
  LiveWorld(Snapshot snapshot, StatusReader reader, Cluster cluster, DryRun server) {
    this.snapshot = snapshot;
    this.reader = reader;
    this.cluster = cluster;
    this.server = server;
  }

  @Override
  public Snapshot status() {
    return snapshot;
  }

  @Override
  public Seen see(GroupName group, Namespace namespace, Set<ReleaseName> whole)
      throws PortException {
    List<Manifest> objects = cluster.observe(group);
    return Observer.seen(
        objects,
        Planner.live(objects),
        reader.read(snapshot, group, namespace),
        Attempts.running(objects),
        "",
        false);
  }

  @Override
  public boolean reaches(Namespace namespace) {
    return cluster.reaches(namespace);
  }

  @Override
  public Scope scope(ApiKind kind) throws ClusterException {
    return cluster.scope(kind);
  }

  @Override
  public Admission.Said admit(
      Plan plan,
      RenderedBundle bundle,
      Map<ReleaseName, HelmOutput> after,
      Map<ReleaseName, ReleaseDiff> diffs)
      throws ClusterException {
    return Admission.ask(plan, bundle, after, diffs, server);
  }

  @Override
  public List<String> notices(Seen seen) {
    List<String> notices = new ArrayList<>();
    seen.running()
        .ifPresent(
            workflow ->
                notices.add(
                    "Workflow "
                        + workflow.name()
                        + " runs; the plan is made of what is there now"));
    Attempts.untold(seen.stored(), seen.objects())
        .ifPresent(
            workflow ->
                notices.add(
                    "Workflow "
                        + workflow.name()
                        + " has ended, and the status branch does not say so yet"));
    return notices;
  }
}
