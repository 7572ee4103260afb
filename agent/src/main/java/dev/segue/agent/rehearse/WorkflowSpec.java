// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a Workflow says, read and checked.
 *
 * @param dag the entrypoint
 * @param steps the other templates by name
 * @param parameters {@code spec.arguments}
 * @param parallelism the most pods at a time; empty for no limit
 */
record WorkflowSpec(
    Dag dag, Map<String, Step> steps, Map<String, String> parameters, OptionalLong parallelism) {

  /**
   * A DAG template.
   *
   * @param tasks in the order of the file
   * @param targets the tasks that decide; the leaves when the template names none; sorted
   * @param failFast whether a failed target decides before the others have begun
   * @param parallelism the most of its pods at a time; empty for no limit
   */
  record Dag(
      String template,
      Map<String, Task> tasks,
      List<String> targets,
      boolean failFast,
      OptionalLong parallelism) {}

  /**
   * A task.
   *
   * @param arguments may hold placeholders of the workflow's scope
   */
  record Task(String name, String template, Depends depends, Map<String, String> arguments) {}

  /**
   * A resource template with its placeholders.
   *
   * @param inputs the declared parameters with their defaults; null for none
   * @param fields the template as it is written
   */
  record Step(
      String name, Map<String, @Nullable String> inputs, Map<String, @Nullable Object> fields) {
    /** The template's {@code retryStrategy}; null when it has none. */
    @Nullable Object retryStrategy() {
      return fields.get("retryStrategy");
    }
  }
}
