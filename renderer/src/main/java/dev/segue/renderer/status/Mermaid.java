// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The picture of a group: one node a release, coloured by its state; soft dependencies dotted;
 * implied edges left out.
 */
public final class Mermaid {
  private static final List<String> CLASSES =
      List.of(
          "classDef pending fill:#eeeeee,stroke:#999999,color:#333333",
          "classDef running fill:#cfe2ff,stroke:#3d7dd8,color:#10305c",
          "classDef released fill:#d1e7dd,stroke:#2f7d4f,color:#0c3b22",
          "classDef failed fill:#f8d7da,stroke:#c0392b,color:#5b0f14",
          "classDef omitted fill:#fff3cd,stroke:#b58900,color:#5c4500,stroke-dasharray:4",
          "classDef deleted fill:#ffffff,stroke:#bbbbbb,color:#888888,stroke-dasharray:2");

  /** Mermaid draws nothing but an error above its own limits ({@code maxTextSize, maxEdges}). */
  private static final int MAX_TEXT = 50_000;

  private static final int MAX_EDGES = 500;

  private Mermaid() {}

  /** A fenced block, or a line that says why there is none. */
  public static String picture(List<ReleaseStatus> releases) {
    Map<ReleaseName, String> ids = new TreeMap<>();
    List<ReleaseName> names = releases.stream().map(ReleaseStatus::name).sorted().toList();
    names.forEach(name -> ids.put(name, "r" + ids.size()));
    StringBuilder text = new StringBuilder("```mermaid\nflowchart LR\n");
    for (ReleaseStatus release : releases) {
      text.append("  ").append(ids.get(release.name())).append("[\"").append(release.name());
      text.append("<br/><small>").append(word(release.action())).append(' ');
      text.append(word(release.version())).append("</small>\"]:::");
      text.append(release.state().text()).append('\n');
    }
    List<Edge> edges = graph(releases).reduction();
    for (Edge edge : edges) {
      text.append("  ").append(ids.get(edge.dependency())).append(edge.soft() ? " -.-> " : " --> ");
      text.append(ids.get(edge.dependant())).append('\n');
    }
    CLASSES.forEach(line -> text.append("  ").append(line).append('\n'));
    if (text.length() > MAX_TEXT || edges.size() > MAX_EDGES) {
      return "The picture is left out: Mermaid draws no order of "
          + releases.size()
          + " releases and "
          + edges.size()
          + " edges.\n";
    }
    return text.append("```\n").toString();
  }

  /** What comes from a file must not end the label, nor be more than text in it. */
  private static String word(String text) {
    return text.replaceAll("[^0-9A-Za-z.+-]", "");
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
