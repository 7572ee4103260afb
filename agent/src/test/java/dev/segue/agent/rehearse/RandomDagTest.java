// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.node;
import static dev.segue.agent.rehearse.Rehearsal.phase;
import static dev.segue.agent.rehearse.Rehearsal.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RandomDagTest {
  @Property(tries = 60)
  void noTaskStartsBeforeWhatItDependsOnHasEnded(
      @ForAll @IntRange(min = 1, max = 14) int size,
      @ForAll @IntRange(min = 1, max = 4) int parallelism,
      @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    List<List<Integer>> dependencies = new ArrayList<>();
    String[] tasks = new String[size];
    for (int i = 0; i < size; i++) {
      List<Integer> earlier = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        if (random.nextInt(3) == 0) {
          earlier.add(j);
        }
      }
      dependencies.add(earlier);
      String name = "t" + i + (random.nextInt(6) == 0 ? "!" : "");
      String depends = String.join(" && ", earlier.stream().map(j -> "t" + j).toList());
      tasks[i] = depends.isEmpty() ? name : name + ": " + depends;
    }
    try (Rehearsal rehearsal = new Rehearsal()) {
      Manifest ended =
          rehearsal.run(Fields.with(Dags.of(tasks), (long) parallelism, "spec", "parallelism"));

      assertThat(phase(ended)).isIn("Succeeded", "Failed");
      for (int i = 0; i < size; i++) {
        assertThat(node(ended, "t" + i)).isPresent();
        for (int j : dependencies.get(i)) {
          assertThat(time(ended, "t" + i, "startedAt"))
              .isAfterOrEqualTo(time(ended, "t" + j, "finishedAt"));
          if (!phase(ended, "t" + j).equals("Succeeded")) {
            assertThat(phase(ended, "t" + i)).isEqualTo("Omitted");
          }
        }
      }
    }
  }
}
