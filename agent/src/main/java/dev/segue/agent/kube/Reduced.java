// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out of a watched object what nobody reads, so that a thousand of them fit in memory: of a
 * Workflow its templates and arguments, of a ConfigMap its content, of all the history of who wrote
 * which field; of an ApplicationGroup it keeps who wrote, which tells owners apart, without the
 * fields.
 */
final class Reduced {
  private static final List<String> METADATA =
      List.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "labels",
          "annotations");
  private static final List<String> WRITE = List.of("manager", "operation", "subresource", "time");
  private static final Set<String> CONTENT = Set.of("data", "binaryData", "immutable");
  private static final List<String> WORKFLOW_SPEC = List.of("suspend", "shutdown");
  private static final List<String> WORKFLOW_STATUS =
      List.of(
          "phase",
          "message",
          "startedAt",
          "finishedAt",
          "progress",
          "conditions",
          "nodes",
          WorkflowNodes.COMPRESSED,
          WorkflowNodes.OFFLOADED);
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Reduced() {}

  /** Throws IllegalArgumentException when the fields are no Kubernetes object. */
  static Manifest of(Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>(fields);
    Map<String, @Nullable Object> metadata = pick(fields.get("metadata"), METADATA);
    if (metadata.get("annotations") instanceof Map<?, ?> annotations) {
      Map<Object, @Nullable Object> others = new LinkedHashMap<>(annotations);
      others.remove(LAST_APPLIED);
      metadata.put("annotations", others);
    }
    kept.put("metadata", metadata);
    if (Resource.GROUP.kind().equals(fields.get("kind"))) {
      metadata.putAll(owners(fields.get("metadata")));
    }
    if (Resource.CONFIG_MAP.kind().equals(fields.get("kind"))) {
      kept.keySet().removeAll(CONTENT);
    }
    if (Resource.WORKFLOW.kind().equals(fields.get("kind"))) {
      kept.put("spec", pick(fields.get("spec"), WORKFLOW_SPEC));
      Map<String, @Nullable Object> status = pick(fields.get("status"), WORKFLOW_STATUS);
      status.computeIfPresent("nodes", (key, nodes) -> WorkflowNodes.reduce(nodes));
      kept.put("status", status);
    }
    return new Manifest(kept);
  }

  private static Map<String, @Nullable Object> owners(@Nullable Object metadata) {
    Map<String, @Nullable Object> owners = pick(metadata, List.of("finalizers"));
    if (metadata instanceof Map<?, ?> map && map.get("managedFields") instanceof List<?> writes) {
      owners.put("managedFields", writes.stream().map(write -> pick(write, WRITE)).toList());
    }
    return owners;
  }

  static Map<String, @Nullable Object> pick(@Nullable Object node, List<String> keys) {
    Map<String, @Nullable Object> picked = new LinkedHashMap<>();
    if (node instanceof Map<?, ?> map) {
      for (String key : keys) {
        Object value = map.get(key);
        if (value != null) {
          picked.put(key, value);
        }
      }
    }
    return picked;
  }
}
