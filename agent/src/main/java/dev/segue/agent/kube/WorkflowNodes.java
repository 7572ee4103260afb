// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.Manifest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a Workflow. Argo writes those of a big one compressed: gzip in base64 of the same
 * JSON ({@code workflow/packer} and {@code util/file} of Argo Workflows).
 */
final class WorkflowNodes {
  static final String COMPRESSED = "compressedNodes";

  /** Names a version when Argo keeps the nodes in a database, where nobody but Argo sees them. */
  static final String OFFLOADED = "offloadNodeStatusVersion";

  /** A thousand steps take about 2 MB. */
  private static final int MOST_BYTES = 48 * 1024 * 1024;

  private static final List<String> KEPT =
      List.of(
          "id",
          "name",
          "displayName",
          "type",
          "templateName",
          "boundaryID",
          "phase",
          "message",
          "startedAt",
          "finishedAt",
          "children");
  private static final List<String> KEPT_OUTPUTS = List.of("parameters", "exitCode");

  private WorkflowNodes() {}

  /** Leaves inputs and the like out of every node. */
  static Map<String, @Nullable Object> reduce(@Nullable Object nodes) {
    Map<String, @Nullable Object> reduced = new LinkedHashMap<>();
    if (nodes instanceof Map<?, ?> map) {
      map.forEach((id, node) -> reduced.put(String.valueOf(id), reduceOne(node)));
    }
    return reduced;
  }

  /**
   * Returns the Workflow with its nodes in {@code status.nodes}, compressed or not; throws
   * IOException, which says why, when they cannot be had.
   */
  static Manifest unpack(Manifest workflow, KubernetesSerialization json) throws IOException {
    String compressed = workflow.text("status", COMPRESSED).orElse("");
    if (compressed.isEmpty()) {
      return workflow;
    }
    Map<String, @Nullable Object> status = new LinkedHashMap<>(workflow.map("status"));
    status.remove(COMPRESSED);
    status.put("nodes", decode(compressed, json));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(workflow.fields());
    fields.put("status", status);
    return new Manifest(fields);
  }

  private static Map<String, @Nullable Object> decode(
      String compressed, KubernetesSerialization json) throws IOException {
    byte[] text;
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(compressed)))) {
      text = in.readNBytes(MOST_BYTES + 1);
    } catch (IllegalArgumentException e) {
      throw new IOException("`status.compressedNodes` must be base64", e);
    }
    if (text.length > MOST_BYTES) {
      throw new IOException(
          "`status.compressedNodes` must not unpack to more than " + MOST_BYTES + " bytes");
    }
    try {
      return reduce(json.unmarshal(new String(text, StandardCharsets.UTF_8), LinkedHashMap.class));
    } catch (RuntimeException e) {
      throw new IOException("`status.compressedNodes` must hold a JSON object", e);
    }
  }

  private static Map<String, @Nullable Object> reduceOne(@Nullable Object node) {
    Map<String, @Nullable Object> reduced = Reduced.pick(node, KEPT);
    if (node instanceof Map<?, ?> map && map.get("outputs") != null) {
      Map<String, @Nullable Object> outputs = Reduced.pick(map.get("outputs"), KEPT_OUTPUTS);
      if (!outputs.isEmpty()) {
        reduced.put("outputs", outputs);
      }
    }
    return reduced;
  }
}
