// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.graph.AsSubgraph;
import org.jgrapht.graph.DefaultDirectedGraph;
import org.jgrapht.graph.DefaultEdge;

/** Finds cycles, as people need them told: as a path. */
public final class Cycles {
  private Cycles() {}

  /**
   * Returns a shortest cycle through the first name (in the order of names) that lies on one, as a
   * path that begins and ends with it; empty when there is none. A name that depends on itself is
   * no cycle here, nor is a dependency that is no key.
   */
  public static Optional<List<String>> find(
      Map<String, ? extends Collection<String>> dependencies) {
    DefaultDirectedGraph<String, DefaultEdge> graph = new DefaultDirectedGraph<>(DefaultEdge.class);
    Map<String, Collection<String>> sorted = new TreeMap<>(dependencies);
    sorted.keySet().forEach(graph::addVertex);
    sorted.forEach(
        (name, needs) ->
            new TreeSet<>(needs)
                .stream()
                    .filter(need -> !need.equals(name) && sorted.containsKey(need))
                    .forEach(need -> graph.addEdge(name, need)));
    return new KosarajuStrongConnectivityInspector<>(graph)
        .stronglyConnectedSets().stream()
            .filter(component -> component.size() > 1)
            .map(TreeSet::new)
            .min((a, b) -> a.first().compareTo(b.first()))
            .map(component -> cycleThrough(component.first(), new AsSubgraph<>(graph, component)));
  }

  private static List<String> cycleThrough(
      String start, AsSubgraph<String, DefaultEdge> component) {
    BFSShortestPath<String, DefaultEdge> paths = new BFSShortestPath<>(component);
    List<String> shortest = List.of();
    for (DefaultEdge edge : component.outgoingEdgesOf(start)) {
      List<String> back = paths.getPath(component.getEdgeTarget(edge), start).getVertexList();
      if (shortest.isEmpty() || back.size() + 1 < shortest.size()) {
        List<String> cycle = new ArrayList<>(List.of(start));
        cycle.addAll(back);
        shortest = cycle;
      }
    }
    return List.copyOf(shortest);
  }
}
