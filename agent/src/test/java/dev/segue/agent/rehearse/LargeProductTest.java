// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LargeProductTest {
  /** Thirty levels of ten releases, each behind one of the level above. */
  @Test
  void releasesThreeHundredApplications() throws Exception {
    List<Map<String, Object>> tasks = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Map<String, Object> task = new LinkedHashMap<>();
      task.put("name", "r" + i);
      task.put("template", "release");
      if (i >= 10) {
        task.put("depends", "r" + (i - 10));
      }
      task.put(
          "arguments",
          Map.of(
              "parameters",
              List.of(
                  Map.of("name", "name", "value", "r" + i),
                  Map.of("name", "chart", "value", "./charts/db"))));
      tasks.add(task);
    }
    Manifest workflow = Rehearsal.read("two-releases.yaml", Map.of("NAME", "one", "COLOUR", "red"));
    try (Rehearsal rehearsal = new Rehearsal()) {
      Manifest ended = rehearsal.withSource().run(Dags.with(workflow, "tasks", tasks));

      assertThat(Rehearsal.phase(ended)).isEqualTo("Succeeded");
      assertThat(ended.text("status", "progress")).contains("300/300");
    }
  }
}
