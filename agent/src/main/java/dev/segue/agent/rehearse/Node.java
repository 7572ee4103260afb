// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a Workflow's status; changes while the Workflow runs. */
final class Node {
  final String id;
  final String name;
  final String displayName;
  final Type type;
  final String template;
  final String boundaryId;
  final boolean retried;
  final Instant startedAt;
  final List<String> children = new ArrayList<>();

  NodePhase phase;
  String message = "";
  @Nullable Instant finishedAt;
  Map<String, String> inputs = Map.of();
  List<Output> outputs = List.of();
  @Nullable Integer exitCode;

  /**
   * Whether the pod has said what it found: of one that is killed the phase is known before that.
   */
  boolean reported = true;

  Node(
      String id,
      String name,
      String displayName,
      Type type,
      String template,
      String boundaryId,
      boolean retried,
      NodePhase phase,
      Instant startedAt) {
    this.id = id;
    this.name = name;
    this.displayName = displayName;
    this.type = type;
    this.template = template;
    this.boundaryId = boundaryId;
    this.retried = retried;
    this.phase = phase;
    this.startedAt = startedAt;
    this.finishedAt = phase.isFulfilled() ? startedAt : null;
  }

  enum Type {
    DAG("DAG"),
    POD("Pod"),
    RETRY("Retry"),
    SKIPPED("Skipped");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As Argo writes it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * An output parameter.
   *
   * @param from the declared {@code valueFrom}
   */
  record Output(String name, String value, Map<String, @Nullable Object> from) {}

  boolean isActivePod() {
    return type == Type.POD && !phase.isFulfilled();
  }

  /** Whether it has ended, and what follows on it may be decided. */
  boolean isSettled() {
    return phase.isFulfilled() && reported;
  }

  /** As it stands in {@code status.nodes}. */
  Map<String, @Nullable Object> toStatus() {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("id", id);
    status.put("name", name);
    status.put("displayName", displayName);
    status.put("type", type.toString());
    status.put("templateName", template);
    if (!boundaryId.isEmpty()) {
      status.put("boundaryID", boundaryId);
    }
    status.put("phase", phase.toString());
    if (!message.isEmpty()) {
      status.put("message", message);
    }
    status.put("startedAt", Timestamps.of(startedAt));
    status.put("finishedAt", finishedAt == null ? null : Timestamps.of(finishedAt));
    if (retried) {
      status.put("nodeFlag", Map.of("retried", true));
    }
    if (!inputs.isEmpty()) {
      List<Map<String, @Nullable Object>> parameters = new ArrayList<>();
      inputs.forEach((key, value) -> parameters.add(parameter(key, value)));
      status.put("inputs", Map.of("parameters", parameters));
    }
    if (exitCode != null || !outputs.isEmpty()) {
      status.put("outputs", outputsAsStatus());
    }
    if (!children.isEmpty()) {
      status.put("children", List.copyOf(children));
    }
    return status;
  }

  private Map<String, @Nullable Object> outputsAsStatus() {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    if (!outputs.isEmpty()) {
      List<Map<String, @Nullable Object>> parameters = new ArrayList<>();
      for (Output output : outputs) {
        Map<String, @Nullable Object> parameter = parameter(output.name(), output.value());
        parameter.put("valueFrom", output.from());
        parameters.add(parameter);
      }
      status.put("parameters", parameters);
    }
    if (exitCode != null) {
      status.put("exitCode", String.valueOf(exitCode));
    }
    return status;
  }

  private static Map<String, @Nullable Object> parameter(String name, String value) {
    Map<String, @Nullable Object> parameter = new LinkedHashMap<>();
    parameter.put("name", name);
    parameter.put("value", value);
    return parameter;
  }
}
