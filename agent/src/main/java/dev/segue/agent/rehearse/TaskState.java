// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the status says of a task.
 *
 * @param since when it got into this phase, from the Workflow's start
 * @param times from and to, with two spaces before; "" when it has not begun
 */
record TaskState(String phase, String message, String since, String times) {
  static final TaskState WAITING = new TaskState("waiting", "", "", "");

  /** Empty when the task has no node yet. */
  static Optional<TaskState> of(Manifest workflow, String task) {
    String name = workflow.name() + "." + task;
    return workflow.map("status", "nodes").values().stream()
        .map(Fields::typed)
        .filter(node -> name.equals(node.get("name")))
        .findFirst()
        .map(node -> of(workflow, node));
  }

  private static TaskState of(Manifest workflow, Map<String, @Nullable Object> node) {
    String phase = Fields.text(node.get("phase"));
    @Nullable String end = text(node, "finishedAt");
    String from = offset(workflow, text(node, "startedAt"));
    String to = offset(workflow, end);
    boolean neverRan = phase.equals("Omitted") || phase.equals("Skipped");
    return new TaskState(
        phase,
        reason(workflow, node),
        end == null ? from : to,
        neverRan ? "" : "  " + from + (end == null ? "" : " to " + to));
  }

  /** The message; of a step with retries that of its last pod, which says more. */
  private static String reason(Manifest workflow, Map<String, @Nullable Object> node) {
    List<String> children = Fields.strings(node.get("children"));
    boolean isRetry = "Retry".equals(node.get("type")) && !children.isEmpty();
    Map<String, @Nullable Object> teller =
        isRetry ? workflow.map("status", "nodes", children.get(children.size() - 1)) : node;
    return Fields.text(teller.get("message"));
  }

  private static @Nullable String text(Map<String, @Nullable Object> node, String field) {
    return node.get(field) instanceof String text ? text : null;
  }

  /** Returns the time since the Workflow's start; "" when one of both is unknown. */
  static String offset(Manifest workflow, @Nullable String time) {
    Optional<String> start = workflow.text("status", "startedAt");
    if (start.isEmpty() || time == null) {
      return "";
    }
    try {
      return Timestamps.offset(Duration.between(Instant.parse(start.get()), Instant.parse(time)));
    } catch (DateTimeParseException e) {
      return "";
    }
  }
}
