// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import java.util.List;

/**
 * Pictures for Graphviz: one node a release, coloured by its state; soft dependencies dashed;
 * implied edges left out. Names are DNS labels, so nothing in quotes needs escaping.
 */
public final class Dot {
  private Dot() {}

  /** Returns one digraph for each group, in order. */
  public static String digraphs(List<Drawn> groups) {
    StringBuilder text = new StringBuilder();
    groups.forEach(group -> add(group, text));
    return text.toString();
  }

  private static void add(Drawn group, StringBuilder text) {
    text.append("digraph \"").append(group.title()).append("\" {\n  rankdir=LR;\n");
    text.append("  node [shape=box, style=\"rounded,filled\"];\n");
    for (Drawn.Node node : group.nodes()) {
      Shade shade = Shade.of(node.state());
      text.append("  \"").append(node.name()).append("\" [fillcolor=\"").append(shade.fill());
      text.append("\", color=\"").append(shade.stroke());
      text.append("\", fontcolor=\"").append(shade.text()).append("\"];\n");
    }
    for (Edge edge : group.graph().reduction()) {
      text.append("  \"").append(edge.dependency()).append("\" -> \"").append(edge.dependant());
      text.append(edge.soft() ? "\" [style=dashed];\n" : "\";\n");
    }
    text.append("}\n");
  }
}
