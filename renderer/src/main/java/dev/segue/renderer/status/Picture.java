// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.graph.Drawn;
import dev.segue.renderer.graph.Mermaid;
import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The picture of a group on a page: its releases as they stand. */
public final class Picture {
  private Picture() {}

  /** Returns a block of Mermaid, or a line that says why there is none. */
  public static String of(List<ReleaseStatus> releases) {
    List<Drawn.Node> nodes =
        releases.stream()
            .map(
                release ->
                    new Drawn.Node(
                        release.name(),
                        List.of(release.action(), release.version()),
                        release.state().text()))
            .toList();
    List<Drawn> group = List.of(new Drawn("", nodes, graph(releases)));
    return Mermaid.flowchart(group)
        .map(chart -> "```mermaid\n" + chart + "```\n")
        .orElseGet(() -> "The picture is left out: " + Mermaid.leftOut(group) + "\n");
  }

  private static ReleaseGraph graph(List<ReleaseStatus> releases) {
    Set<ReleaseName> known = new TreeSet<>();
    releases.forEach(release -> known.add(release.name()));
    List<Edge> edges = new ArrayList<>();
    for (ReleaseStatus release : releases) {
      release.dependencies().stream()
          .filter(known::contains)
          .forEach(name -> edges.add(new Edge(name, release.name(), false)));
      release.softDependencies().stream()
          .filter(known::contains)
          .forEach(name -> edges.add(new Edge(name, release.name(), true)));
    }
    return ReleaseGraph.withoutCycles(known, edges);
  }
}
