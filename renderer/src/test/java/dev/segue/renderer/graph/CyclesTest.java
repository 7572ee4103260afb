// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CyclesTest {
  @Test
  void findsNoneInADiamond() {
    assertThat(
            Cycles.find(
                Map.of(
                    "a", List.of(), "b", List.of("a"), "c", List.of("a"), "d", List.of("b", "c"))))
        .isEmpty();
  }

  @Test
  void printsTheShortestCycleThroughTheFirstName() {
    Map<String, List<String>> graph =
        Map.of(
            "d",
            List.of("a"),
            "a",
            List.of("b"),
            "b",
            List.of("c", "a"),
            "c",
            List.of("a"),
            "x",
            List.of("y"),
            "y",
            List.of("x"));
    assertThat(Cycles.find(graph)).contains(List.of("a", "b", "a"));
  }

  @Test
  void ignoresUnknownNamesAndSelfDependencies() {
    assertThat(Cycles.find(Map.of("a", List.of("a", "nobody")))).isEmpty();
  }
}
