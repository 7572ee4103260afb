// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Pictures for Mermaid: one node a release, coloured by its state; soft dependencies dotted;
 * implied edges left out.
 */
public final class Mermaid {
  /** Mermaid draws nothing but an error above its own limits ({@code maxTextSize, maxEdges}). */
  private static final int MAX_TEXT = 50_000;

  private static final int MAX_EDGES = 500;

  private Mermaid() {}

  /**
   * Returns a flowchart of these groups, each in a box of its own where there are several; empty
   * when Mermaid would not draw it.
   */
  public static Optional<String> flowchart(List<Drawn> groups) {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    int nodes = 0;
    int edges = 0;
    for (int i = 0; i < groups.size(); i++) {
      boolean box = groups.size() > 1;
      String indent = box ? "    " : "  ";
      if (box) {
        text.append("  subgraph g").append(i).append("[\"").append(word(groups.get(i).title()));
        text.append("\"]\n");
      }
      edges += add(groups.get(i), nodes, indent, text);
      nodes += groups.get(i).nodes().size();
      if (box) {
        text.append("  end\n");
      }
    }
    Shade.ALL.forEach(shade -> text.append("  ").append(shade.mermaid()).append('\n'));
    return text.length() > MAX_TEXT || edges > MAX_EDGES
        ? Optional.empty()
        : Optional.of(text.toString());
  }

  /** Why there is no {@link #flowchart}, in a sentence. */
  public static String leftOut(List<Drawn> groups) {
    int nodes = groups.stream().mapToInt(group -> group.nodes().size()).sum();
    int edges = groups.stream().mapToInt(group -> group.graph().reduction().size()).sum();
    return "Mermaid draws no order of " + nodes + " releases and " + edges + " edges.";
  }

  /** Returns how many edges were drawn. */
  private static int add(Drawn group, int firstId, String indent, StringBuilder text) {
    Map<ReleaseName, String> ids = new HashMap<>();
    group.nodes().stream()
        .map(Drawn.Node::name)
        .sorted()
        .forEach(name -> ids.put(name, "r" + (firstId + ids.size())));
    for (Drawn.Node node : group.nodes()) {
      text.append(indent).append(ids.get(node.name())).append("[\"").append(node.name());
      if (!node.detail().isEmpty()) {
        text.append("<br/><small>");
        text.append(node.detail().stream().map(Mermaid::word).collect(Collectors.joining(" ")));
        text.append("</small>");
      }
      text.append("\"]:::").append(node.state()).append('\n');
    }
    List<Edge> edges = group.graph().reduction();
    for (Edge edge : edges) {
      text.append(indent).append(ids.get(edge.dependency()));
      text.append(edge.soft() ? " -.-> " : " --> ").append(ids.get(edge.dependant())).append('\n');
    }
    return edges.size();
  }

  /** What comes from a file must not end the label, nor be more than text in it. */
  private static String word(String text) {
    return text.replaceAll("[^0-9A-Za-z.+-]", "");
  }
}
