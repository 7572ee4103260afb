// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.graph.Levels;
import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tasks of a Workflow's DAG, by level: a task stands below everything it depends on. */
final class DagLayout {
  private DagLayout() {}

  /**
   * A task.
   *
   * @param level 0 for one that depends on nothing
   */
  record Line(String task, int level) {}

  /** Returns the tasks of the entrypoint, by level, then by name; none when it is no DAG. */
  static List<Line> of(Manifest workflow) {
    Map<String, Set<String>> dependencies = new LinkedHashMap<>();
    String entrypoint = workflow.text("spec", "entrypoint").orElse("");
    for (Map<String, @Nullable Object> template : workflow.maps("spec", "templates")) {
      if (entrypoint.equals(template.get("name"))) {
        for (Map<String, @Nullable Object> task :
            Fields.maps(Fields.typed(template.get("dag")).get("tasks"))) {
          dependencies.put(Fields.text(task.get("name")), dependencies(task));
        }
      }
    }
    List<Line> lines = new ArrayList<>();
    Levels.of(dependencies).forEach((task, level) -> lines.add(new Line(task, level)));
    lines.sort(Comparator.comparingInt(Line::level).thenComparing(Line::task));
    return lines;
  }

  private static Set<String> dependencies(Map<String, @Nullable Object> task) {
    String expression = Fields.text(task.get("depends"));
    if (expression.isEmpty()) {
      return new TreeSet<>(Fields.strings(task.get("dependencies")));
    }
    try {
      return Depends.parse(expression).tasks();
    } catch (IllegalArgumentException e) {
      return Set.of(); // Argo refuses the Workflow and says so; here it is only drawn
    }
  }
}
