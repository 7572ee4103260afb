// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.graph.Drawn;
import dev.segue.renderer.graph.Failure;
import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.resolve.Resolver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The order of a group.
 *
 * @param edges the fewest that say it, by dependant: they are dear to find
 * @param failure what becomes of its releases; empty when none of them is to fail
 */
record GroupOrder(
    ApplicationGroup group,
    ReleaseGraph graph,
    Map<ReleaseName, List<Edge>> edges,
    Optional<Failure> failure) {
  /**
   * Returns the order.
   *
   * @param failing releases of this group or of others
   */
  static GroupOrder of(ApplicationGroup group, List<ReleaseName> failing) {
    ReleaseGraph graph = Resolver.graph(group);
    List<ReleaseName> ours = failing.stream().filter(graph.order()::contains).toList();
    return new GroupOrder(
        group,
        graph,
        graph.reduction().stream()
            .collect(Collectors.groupingBy(Edge::dependant, TreeMap::new, Collectors.toList())),
        ours.isEmpty() ? Optional.empty() : Optional.of(Failure.of(graph, ours)));
  }

  /** The longest chain of releases, each waiting for the one before it. */
  List<ReleaseName> longestChain() {
    return graph.criticalPath(release -> 1);
  }

  /** Such as {@code omitted}; {@code pending} when nothing is to fail. */
  String state(ReleaseName release) {
    return failure
        .map(known -> known.state(release).name().toLowerCase(Locale.ROOT))
        .orElse("pending");
  }

  /** What it waits for, in the fewest words, sorted. */
  List<ReleaseName> after(ReleaseName release, boolean soft) {
    return edges.getOrDefault(release, List.of()).stream()
        .filter(edge -> edge.soft() == soft)
        .map(Edge::dependency)
        .toList();
  }

  /** What follows the failure, in one line. */
  String then() {
    return switch (group.lifecycle().onFailure()) {
      case ROLLBACK ->
          "what was released goes back to the last good commit, or is removed where there is none;"
              + " this commit is held";
      case HOLD -> "everything stays as it is, and this commit is held (`onFailure: hold`)";
      case REMOVE -> "the whole group is removed, in reverse order (`onFailure: remove`)";
    };
  }

  boolean hasSoftEdges() {
    return edges.values().stream().flatMap(List::stream).anyMatch(Edge::soft);
  }

  Drawn drawn() {
    return new Drawn(
        group.name().value(),
        graph.order().stream().map(name -> new Drawn.Node(name, List.of(), state(name))).toList(),
        graph);
  }

  Map<String, @Nullable Object> data() {
    Map<ReleaseName, Long> levels = new TreeMap<>();
    List<List<ReleaseName>> all = graph.levels();
    for (int i = 0; i < all.size(); i++) {
      long level = i;
      all.get(i).forEach(name -> levels.put(name, level));
    }
    List<@Nullable Object> releases = new ArrayList<>();
    for (ReleaseName name : graph.order()) {
      Map<String, @Nullable Object> release = new LinkedHashMap<>();
      release.put("name", name.value());
      release.put("level", levels.get(name));
      release.put("dependencies", names(after(name, false)));
      release.put("softDependencies", names(after(name, true)));
      if (failure.isPresent()) {
        release.put("state", state(name));
      }
      releases.add(release);
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("group", group.name().value());
    data.put("releases", releases);
    data.put("longestChain", names(longestChain()));
    failure.ifPresent(
        known -> {
          Map<String, @Nullable Object> told = new LinkedHashMap<>();
          told.put("failed", names(known.failed()));
          told.put("omitted", names(known.omitted()));
          told.put("released", names(known.released()));
          told.put("then", then());
          data.put("failure", told);
        });
    return data;
  }

  private static List<String> names(List<ReleaseName> releases) {
    return releases.stream().map(ReleaseName::value).toList();
  }
}
