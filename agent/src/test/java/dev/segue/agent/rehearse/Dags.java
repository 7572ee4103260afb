// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workflows of tasks that only succeed or fail. */
final class Dags {
  private static final String TASKS = "tasks";

  private Dags() {}

  /**
   * Returns a Workflow with these tasks: {@code a} or {@code a!} (which fails), and after a colon
   * what it depends on.
   */
  static Manifest of(String... tasks) {
    List<Map<String, @Nullable Object>> written = new ArrayList<>();
    for (String text : tasks) {
      String[] parts = text.split(":", 2);
      String name = parts[0].strip();
      boolean fails = name.endsWith("!");
      Map<String, @Nullable Object> task = new LinkedHashMap<>();
      String plain = fails ? name.substring(0, name.length() - 1) : name;
      task.put("name", plain);
      task.put("template", fails ? "fail" : "ok");
      task.put("arguments", Map.of("parameters", List.of(Map.of("name", "name", "value", plain))));
      if (parts.length > 1) {
        task.put("depends", parts[1].strip());
      }
      written.add(task);
    }
    return with(Rehearsal.read("tasks.yaml", Map.of("NAME", "dag")), TASKS, written);
  }

  /** Returns the Workflow with a field of its DAG changed. */
  static Manifest with(Manifest workflow, String field, Object value) {
    List<Map<String, @Nullable Object>> templates = new ArrayList<>();
    for (Map<String, @Nullable Object> template : workflow.maps("spec", "templates")) {
      Map<String, @Nullable Object> copy = Fields.copyOf(template);
      if (copy.containsKey("dag")) {
        Fields.typed(copy.get("dag")).put(field, value);
      }
      templates.add(copy);
    }
    return Fields.with(workflow, templates, "spec", "templates");
  }
}
