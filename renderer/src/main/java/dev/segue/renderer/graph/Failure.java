// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of the releases of a group, all of which are tried in its order, when some of them
 * fail. Each list is in the order of the graph.
 *
 * @param failed were tried and failed: of those that were to fail, the ones that ran
 * @param omitted were not tried, since a release that they wait for by a hard edge failed or was
 *     not tried itself
 * @param released were tried and succeeded, those among them that wait for a failed one by a soft
 *     edge only
 */
public record Failure(
    List<ReleaseName> failed, List<ReleaseName> omitted, List<ReleaseName> released) {
  public Failure {
    failed = List.copyOf(failed);
    omitted = List.copyOf(omitted);
    released = List.copyOf(released);
  }

  /** What became of one release. */
  public enum State {
    RELEASED,
    FAILED,
    OMITTED
  }

  /**
   * Returns what becomes of all when {@code failing} fail as soon as they are tried.
   *
   * @throws IllegalArgumentException when one of them is no release of the graph
   */
  public static Failure of(ReleaseGraph graph, Collection<ReleaseName> failing) {
    Set<ReleaseName> unknown = new TreeSet<>(failing);
    unknown.removeAll(new TreeSet<>(graph.order()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("no release " + unknown);
    }
    Map<ReleaseName, List<ReleaseName>> needs = new HashMap<>();
    for (Edge edge : graph.edges()) {
      if (!edge.soft()) {
        needs.computeIfAbsent(edge.dependant(), unused -> new ArrayList<>()).add(edge.dependency());
      }
    }
    List<ReleaseName> failed = new ArrayList<>();
    List<ReleaseName> omitted = new ArrayList<>();
    Set<ReleaseName> released = new TreeSet<>();
    for (ReleaseName release : graph.order()) {
      if (!released.containsAll(needs.getOrDefault(release, List.of()))) {
        omitted.add(release);
      } else if (failing.contains(release)) {
        failed.add(release);
      } else {
        released.add(release);
      }
    }
    return new Failure(failed, omitted, graph.order().stream().filter(released::contains).toList());
  }

  /** Returns what became of {@code release}, which must be one of the graph. */
  public State state(ReleaseName release) {
    if (failed.contains(release)) {
      return State.FAILED;
    }
    return omitted.contains(release) ? State.OMITTED : State.RELEASED;
  }
}
