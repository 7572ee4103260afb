// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.resolve;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.ReleaseName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A group as a commit wants it: every release with its chart, and their order.
 *
 * @param releases by name
 * @param included by application, the sub-charts that are released with it although they could be
 *     releases of their own, by name or alias: of those that are or were split only
 */
public record DesiredGroup(
    ApplicationGroup group,
    CommitId commit,
    Map<ReleaseName, DesiredRelease> releases,
    ReleaseGraph graph,
    Map<ReleaseName, List<String>> included) {
  public DesiredGroup {
    included = Collections.unmodifiableMap(new TreeMap<>(included));
    releases = Collections.unmodifiableMap(new TreeMap<>(releases));
  }

  /**
   * Returns a group of which nothing is wanted.
   *
   * @param origin where it was declared
   */
  public static DesiredGroup nothing(
      GroupName name, Namespace namespace, Origin origin, CommitId commit) {
    ApplicationGroup group =
        new ApplicationGroup(name, namespace, origin, null, 0, Lifecycle.DEFAULT, List.of());
    return new DesiredGroup(
        group, commit, Map.of(), ReleaseGraph.of(List.of(), List.of()), Map.of());
  }

  /** Returns the release of that name, which must be one of the group's. */
  public DesiredRelease release(ReleaseName name) {
    DesiredRelease release = releases.get(name);
    if (release == null) {
      throw new IllegalArgumentException("no release " + name + " in group " + group.name());
    }
    return release;
  }

  /**
   * The digest of what is wanted: every release and the order. Another commit that wants the same
   * has the same digest.
   */
  public Digest digest() {
    StringBuilder content = new StringBuilder();
    content.append(group.namespace()).append(' ').append(group.parallelism()).append('\n');
    releases.forEach(
        (name, release) -> content.append(name).append(' ').append(release.digest()).append('\n'));
    graph.edges().forEach(edge -> content.append(edge).append('\n'));
    return Digest.of(content.toString());
  }
}
