// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Graphs by chance, with hard and soft edges. */
final class RandomGraph {
  private RandomGraph() {}

  /**
   * @param sparse about one of so many possible edges is there
   */
  static ReleaseGraph of(int size, int sparse, long seed) {
    Random random = new Random(seed);
    List<ReleaseName> all =
        IntStream.range(0, size)
            .mapToObj(i -> ReleaseName.parse("r" + i + "x".repeat(random.nextInt(6))))
            .toList();
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        if (random.nextInt(sparse) == 0) {
          edges.add(new Edge(all.get(i), all.get(j), random.nextInt(3) == 0));
        }
      }
    }
    return ReleaseGraph.of(all, edges);
  }
}
