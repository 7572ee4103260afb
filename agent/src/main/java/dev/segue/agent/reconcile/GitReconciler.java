// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import java.time.Clock;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes a reconciler of the groups of Git that stands beside another source of groups. */
public final class GitReconciler {
  private GitReconciler() {}

  /**
   * Returns a reconciler that leaves alone what the other source has.
   *
   * @param claims what both of them have
   * @param objects where groups are shown in the cluster; null where they are not
   */
  public static Reconciler beside(
      Claims claims,
      SourceRepo source,
      Cluster cluster,
      StatusBranch status,
      ChartStore charts,
      ReconcilerSettings settings,
      Mandate mandate,
      @Nullable GroupObjects objects,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock) {
    Passes passes = passes(source, cluster, status, charts, settings, mandate, clock);
    OwnedPasses owned =
        new OwnedPasses(
            passes,
            passes::declared,
            claims,
            Claims.Side.GIT,
            origin -> "file \"" + origin.file() + "\" of " + source.url());
    Reconciler reconciler =
        new Reconciler(
            source,
            cluster,
            owned,
            mirror(objects, source, settings, mandate, clock),
            settings,
            mandate,
            listener,
            clock);
    claims.listen(Claims.Side.GIT, reconciler::look);
    return reconciler;
  }

  static @Nullable GroupMirror mirror(
      @Nullable GroupObjects objects,
      SourceRepo source,
      ReconcilerSettings settings,
      Mandate mandate,
      Clock clock) {
    return objects == null
        ? null
        : new GroupMirror(
            objects,
            mandate,
            source,
            settings.render().namespace(),
            settings.render().sourceBranch(),
            clock);
  }

  /** Passes that write only while the group is ours. */
  static Passes passes(
      SourceRepo source,
      Cluster cluster,
      StatusBranch status,
      ChartStore charts,
      ReconcilerSettings settings,
      Mandate mandate,
      Clock clock) {
    return new Passes(
        source,
        new FencedCluster(cluster, mandate),
        new FencedStatusBranch(status, mandate),
        charts,
        settings,
        UnaryOperator.identity(),
        clock);
  }
}
