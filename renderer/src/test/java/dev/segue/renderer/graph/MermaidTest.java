// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.List;
import org.junit.jupiter.api.Test;

class MermaidTest {
  private static final ReleaseName DB = ReleaseName.parse("db");
  private static final ReleaseName WEB = ReleaseName.parse("web");

  private static Drawn group(String title, boolean soft) {
    return new Drawn(
        title,
        List.of(
            new Drawn.Node(DB, List.of(), "failed"),
            new Drawn.Node(WEB, List.of("1.0\"]"), "omitted")),
        ReleaseGraph.of(List.of(DB, WEB), List.of(new Edge(DB, WEB, soft))));
  }

  @Test
  void drawsSeveralGroupsInBoxesWithNodesOfTheirOwn() {
    assertThat(Mermaid.flowchart(List.of(group("one", false), group("two", true))).orElseThrow())
        .startsWith(
            """
            flowchart LR
              subgraph g0["one"]
                r0["db"]:::failed
                r1["web<br/><small>1.0</small>"]:::omitted
                r0 --> r1
              end
              subgraph g1["two"]
                r2["db"]:::failed
                r3["web<br/><small>1.0</small>"]:::omitted
                r2 -.-> r3
              end
              classDef pending""");
  }

  @Test
  void drawsTheSameForGraphvizWithoutItsLimits() {
    assertThat(Dot.digraphs(List.of(group("one", true))))
        .isEqualTo(
            """
            digraph "one" {
              rankdir=LR;
              node [shape=box, style="rounded,filled"];
              "db" [fillcolor="#f8d7da", color="#c0392b", fontcolor="#5b0f14"];
              "web" [fillcolor="#fff3cd", color="#b58900", fontcolor="#5c4500"];
              "db" -> "web" [style=dashed];
            }
            """);
  }
}
