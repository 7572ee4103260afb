// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jgrapht.alg.TransitiveReduction;
import org.jgrapht.graph.DefaultDirectedGraph;
import org.jgrapht.graph.DirectedAcyclicGraph;
import org.jgrapht.graph.GraphCycleProhibitedException;
import org.jgrapht.traverse.TopologicalOrderIterator;

/**
 * Releases and what each waits for: a directed acyclic graph. A hard edge waits for success, a soft
 * one for the end. Everything it returns is in a fixed order: topological, ties broken by name.
 */
public final class ReleaseGraph {
  private final DefaultDirectedGraph<ReleaseName, Edge> graph;
  private final List<ReleaseName> order;

  private ReleaseGraph(DefaultDirectedGraph<ReleaseName, Edge> graph) {
    this.graph = graph;
    List<ReleaseName> topological = new ArrayList<>();
    new TopologicalOrderIterator<>(graph, Comparator.<ReleaseName>naturalOrder())
        .forEachRemaining(topological::add);
    this.order = List.copyOf(topological);
  }

  /**
   * One release waits for another.
   *
   * @param soft whether the dependant waits for the end only, whatever it was
   */
  public record Edge(ReleaseName dependency, ReleaseName dependant, boolean soft)
      implements Comparable<Edge> {
    private static final Comparator<Edge> BY_NAMES =
        Comparator.comparing(Edge::dependant)
            .thenComparing(Edge::dependency)
            .thenComparing(Edge::soft);

    @Override
    public int compareTo(Edge other) {
      return BY_NAMES.compare(this, other);
    }
  }

  /**
   * Returns the graph of these releases. Where two releases are joined by a hard and a soft edge,
   * the hard one counts.
   *
   * @throws IllegalArgumentException when an edge names a release that is not there, or there is a
   *     cycle: parsing refuses both
   */
  public static ReleaseGraph of(Collection<ReleaseName> releases, Collection<Edge> edges) {
    DefaultDirectedGraph<ReleaseName, Edge> graph = new DefaultDirectedGraph<>(Edge.class);
    new TreeSet<>(releases).forEach(graph::addVertex);
    // A second edge between the same two is not added.
    hardFirst(edges).forEach(edge -> graph.addEdge(edge.dependency(), edge.dependant(), edge));
    return new ReleaseGraph(acyclic(graph));
  }

  /**
   * As {@link #of}, for what was recorded rather than declared: an order that was changed and only
   * partly released can go round. An edge that closes a cycle is left out; hard ones are taken
   * first, each kind by dependant and dependency.
   */
  public static ReleaseGraph withoutCycles(
      Collection<ReleaseName> releases, Collection<Edge> edges) {
    DirectedAcyclicGraph<ReleaseName, Edge> graph = new DirectedAcyclicGraph<>(Edge.class);
    new TreeSet<>(releases).forEach(graph::addVertex);
    List<Edge> kept = new ArrayList<>();
    for (Edge edge : hardFirst(edges)) {
      boolean loop = edge.dependency().equals(edge.dependant());
      if (!loop && !closesCycle(graph, edge)) {
        kept.add(edge);
      }
    }
    return of(releases, kept);
  }

  /** Adds the edge unless it does. */
  private static boolean closesCycle(DirectedAcyclicGraph<ReleaseName, Edge> graph, Edge edge) {
    if (edge.dependency().equals(edge.dependant())) {
      return true;
    }
    try {
      graph.addEdge(edge.dependency(), edge.dependant(), edge);
      return false;
    } catch (GraphCycleProhibitedException e) {
      return true;
    }
  }

  private static List<Edge> hardFirst(Collection<Edge> edges) {
    return new TreeSet<>(edges).stream().sorted(Comparator.comparing(Edge::soft)).toList();
  }

  private static DefaultDirectedGraph<ReleaseName, Edge> acyclic(
      DefaultDirectedGraph<ReleaseName, Edge> graph) {
    if (new org.jgrapht.alg.cycle.CycleDetector<>(graph).detectCycles()) {
      throw new IllegalArgumentException("a release graph must have no cycle");
    }
    return graph;
  }

  /** All releases, each after everything it waits for. */
  public List<ReleaseName> order() {
    return order;
  }

  /** All edges, by dependant and dependency. */
  public List<Edge> edges() {
    return graph.edgeSet().stream().sorted().toList();
  }

  /**
   * The releases in groups: those of a group wait for nothing but earlier groups. Each group is
   * sorted by name.
   */
  public List<List<ReleaseName>> levels() {
    Map<ReleaseName, Integer> level = new HashMap<>();
    TreeMap<Integer, List<ReleaseName>> levels = new TreeMap<>();
    for (ReleaseName release : order) {
      int own =
          graph.incomingEdgesOf(release).stream()
              .mapToInt(e -> level.getOrDefault(e.dependency(), 0) + 1)
              .max()
              .orElse(0);
      level.put(release, own);
      levels.computeIfAbsent(own, unused -> new ArrayList<>()).add(release);
    }
    return levels.values().stream().map(releases -> releases.stream().sorted().toList()).toList();
  }

  /**
   * The fewest edges that mean the same: a hard edge goes when a path of hard ones says it, a soft
   * edge when any path does. By dependant and dependency.
   */
  public List<Edge> reduction() {
    DefaultDirectedGraph<ReleaseName, Edge> all = copy(edge -> true);
    TransitiveReduction.INSTANCE.reduce(all);
    DefaultDirectedGraph<ReleaseName, Edge> hard = copy(edge -> !edge.soft());
    TransitiveReduction.INSTANCE.reduce(hard);
    NavigableSet<Edge> kept = new TreeSet<>(hard.edgeSet());
    all.edgeSet().stream().filter(Edge::soft).forEach(kept::add);
    return List.copyOf(kept);
  }

  private DefaultDirectedGraph<ReleaseName, Edge> copy(java.util.function.Predicate<Edge> which) {
    DefaultDirectedGraph<ReleaseName, Edge> copy = new DefaultDirectedGraph<>(Edge.class);
    order.forEach(copy::addVertex);
    edges().stream().filter(which).forEach(e -> copy.addEdge(e.dependency(), e.dependant(), e));
    return copy;
  }

  /**
   * Everything downstream of {@code releases}, which are not in it themselves unless downstream of
   * another; sorted.
   */
  public NavigableSet<ReleaseName> descendants(Collection<ReleaseName> releases) {
    NavigableSet<ReleaseName> found = new TreeSet<>();
    Deque<ReleaseName> open = new ArrayDeque<>(releases);
    while (!open.isEmpty()) {
      for (Edge edge : graph.outgoingEdgesOf(open.pop())) {
        if (found.add(edge.dependant())) {
          open.push(edge.dependant());
        }
      }
    }
    return found;
  }

  /**
   * The path that takes longest when each release takes {@code weight} (any unit); the first by
   * name among equals.
   */
  public List<ReleaseName> criticalPath(ToLongFunction<ReleaseName> weight) {
    Map<ReleaseName, Long> finish = new HashMap<>();
    Map<ReleaseName, List<ReleaseName>> paths = new HashMap<>();
    List<ReleaseName> longest = List.of();
    long longestFinish = -1;
    for (ReleaseName release : order) {
      List<ReleaseName> path = new ArrayList<>();
      long start = 0;
      for (Edge edge : graph.incomingEdgesOf(release).stream().sorted().toList()) {
        long before = finish.getOrDefault(edge.dependency(), 0L);
        if (path.isEmpty() || before > start) {
          start = before;
          path = new ArrayList<>(paths.getOrDefault(edge.dependency(), List.of()));
        }
      }
      path.add(release);
      long end = start + weight.applyAsLong(release);
      finish.put(release, end);
      paths.put(release, path);
      if (end > longestFinish) {
        longestFinish = end;
        longest = path;
      }
    }
    return List.copyOf(longest);
  }

  /**
   * Returns the graph of {@code chosen} alone, in the order of the whole: an edge is carried across
   * releases that are not chosen, hard when a path of hard edges leads across them, soft otherwise.
   */
  public ReleaseGraph over(Set<ReleaseName> chosen) {
    List<Edge> carried = new ArrayList<>();
    for (ReleaseName release : order) {
      if (chosen.contains(release)) {
        Set<ReleaseName> hard = chosenAncestors(release, chosen, false);
        Set<ReleaseName> any = chosenAncestors(release, chosen, true);
        any.forEach(ancestor -> carried.add(new Edge(ancestor, release, !hard.contains(ancestor))));
      }
    }
    return of(chosen, carried);
  }

  /**
   * The nearest chosen releases upstream, over paths of hard edges or, when {@code soft}, of any.
   */
  private Set<ReleaseName> chosenAncestors(
      ReleaseName release, Set<ReleaseName> chosen, boolean soft) {
    Set<ReleaseName> found = new TreeSet<>();
    Set<ReleaseName> seen = new HashSet<>();
    Deque<ReleaseName> open = new ArrayDeque<>(List.of(release));
    while (!open.isEmpty()) {
      for (Edge edge : graph.incomingEdgesOf(open.pop())) {
        if ((edge.soft() && !soft) || !seen.add(edge.dependency())) {
          continue;
        }
        if (chosen.contains(edge.dependency())) {
          found.add(edge.dependency());
        } else {
          open.push(edge.dependency());
        }
      }
    }
    return found;
  }
}
