// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.model.Manifest;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WorkflowNodesTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  @Test
  void unpacksWhatArgoPacked() throws IOException {
    String nodes =
        "{\"n1\":{\"id\":\"n1\",\"displayName\":\"wéb\",\"phase\":\"Failed\",\"inputs\":{\"a\":1},"
            + "\"outputs\":{\"parameters\":[{\"name\":\"revision\",\"value\":\"1.0.0\"}],\"artifacts\":[{}]}}}";

    Manifest unpacked =
        WorkflowNodes.unpack(packed(gzip(nodes.getBytes(StandardCharsets.UTF_8))), JSON);

    assertThat(unpacked.map("status")).doesNotContainKey(WorkflowNodes.COMPRESSED);
    assertThat(unpacked.map("status", "nodes", "n1"))
        .containsEntry("displayName", "wéb")
        .containsEntry("phase", "Failed")
        .doesNotContainKey("inputs");
    assertThat(unpacked.map("status", "nodes", "n1", "outputs")).containsOnlyKeys("parameters");
  }

  @Test
  void leavesAPlainWorkflowAsItIs() throws IOException {
    Manifest plain = packed("");

    assertThat(WorkflowNodes.unpack(plain, JSON)).isSameAs(plain);
  }

  @Test
  void refusesWhatIsNoPackedJson() {
    assertThatThrownBy(() -> WorkflowNodes.unpack(packed("%%%"), JSON))
        .isInstanceOf(IOException.class)
        .hasMessage("`status.compressedNodes` must be base64");
    assertThatThrownBy(() -> WorkflowNodes.unpack(packed("QUJD"), JSON))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(
            () -> WorkflowNodes.unpack(packed(gzip("[1,".getBytes(StandardCharsets.UTF_8))), JSON))
        .isInstanceOf(IOException.class)
        .hasMessage("`status.compressedNodes` must hold a JSON object");
  }

  @Test
  void refusesWhatUnpacksToTooMuch() {
    assertThatThrownBy(() -> WorkflowNodes.unpack(packed(gzip(new byte[64 * 1024 * 1024])), JSON))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must not unpack to more than");
  }

  @Test
  void keepsOfAWorkflowWhatIsRead() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(packed("x").fields());
    fields.put("spec", Map.of("shutdown", "Stop", "templates", List.of(Map.of("name", "main"))));
    fields.put(
        "metadata",
        Map.of(
            "name",
            "run",
            "managedFields",
            List.of(Map.of("manager", "argo")),
            "annotations",
            Map.of("a", "1", "kubectl.kubernetes.io/last-applied-configuration", "{}")));

    Manifest reduced = Reduced.of(fields);

    assertThat(reduced.map("spec")).containsOnlyKeys("shutdown");
    assertThat(reduced.map("metadata")).containsOnlyKeys("name", "annotations");
    assertThat(reduced.map("metadata", "annotations")).containsOnlyKeys("a");
    assertThat(reduced.text("status", WorkflowNodes.COMPRESSED)).contains("x");
  }

  private static Manifest packed(String compressed) {
    return new Manifest(
        Map.of(
            "apiVersion",
            "argoproj.io/v1alpha1",
            "kind",
            "Workflow",
            "metadata",
            Map.of("name", "run"),
            "status",
            Map.of("phase", "Running", WorkflowNodes.COMPRESSED, compressed)));
  }

  private static String gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
