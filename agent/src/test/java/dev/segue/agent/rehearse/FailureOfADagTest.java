// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.phase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.graph.Failure;
import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is said of a failure before anything runs is what Argo's rules make of it. */
class FailureOfADagTest {
  @Property(tries = 60)
  void whatIsForetoldIsWhatHappens(@ForAll @IntRange(min = 1, max = 12) int size, @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    List<ReleaseName> all =
        IntStream.range(0, size).mapToObj(i -> ReleaseName.parse("t" + i)).toList();
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        if (random.nextInt(3) == 0) {
          edges.add(new Edge(all.get(i), all.get(j), random.nextInt(3) == 0));
        }
      }
    }
    ReleaseGraph graph = ReleaseGraph.of(all, edges);
    List<ReleaseName> failing = all.stream().filter(task -> random.nextInt(4) == 0).toList();
    Failure foretold = Failure.of(graph, failing);
    try (Rehearsal rehearsal = new Rehearsal()) {
      Manifest ended =
          rehearsal.run(
              Dags.of(
                  graph.order().stream()
                      .map(task -> task(graph, task, failing.contains(task)))
                      .toArray(String[]::new)));

      for (ReleaseName task : all) {
        assertThat(phase(ended, task.value()))
            .isEqualTo(
                switch (foretold.state(task)) {
                  case RELEASED -> "Succeeded";
                  case FAILED -> "Failed";
                  case OMITTED -> "Omitted";
                });
      }
    }
  }

  /** With the fewest waits, as they are rendered. */
  private static String task(ReleaseGraph graph, ReleaseName task, boolean fails) {
    String depends =
        graph.reduction().stream()
            .filter(edge -> edge.dependant().equals(task))
            .map(edge -> edge.soft() ? ended(edge.dependency()) : edge.dependency() + ".Succeeded")
            .collect(Collectors.joining(" && "));
    return task + (fails ? "!" : "") + (depends.isEmpty() ? "" : ": " + depends);
  }

  private static String ended(ReleaseName task) {
    return Stream.of("Succeeded", "Failed", "Errored", "Skipped", "Omitted")
        .map(end -> task + "." + end)
        .collect(Collectors.joining(" || ", "(", ")"));
  }
}
