// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.model.PlainData;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object as a release has it, in one form whichever way it was written: no key stands for
 * nothing, whole numbers are whole, and a Secret has {@code data} only.
 *
 * @param role what Helm does with it
 * @param data not masked: for this package alone
 */
record RenderedObject(ObjectId id, Role role, Map<String, @Nullable Object> data) {
  private static final Set<String> IN_NO_NAMESPACE =
      Set.of(
          "Namespace",
          "Node",
          "PersistentVolume",
          "ClusterRole",
          "ClusterRoleBinding",
          "CustomResourceDefinition",
          "APIService",
          "StorageClass",
          "CSIDriver",
          "CSINode",
          "VolumeAttachment",
          "VolumeAttributesClass",
          "VolumeSnapshotClass",
          "PriorityClass",
          "IngressClass",
          "GatewayClass",
          "RuntimeClass",
          "ClusterIssuer",
          "FlowSchema",
          "PriorityLevelConfiguration",
          "ValidatingWebhookConfiguration",
          "MutatingWebhookConfiguration",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "MutatingAdmissionPolicy",
          "MutatingAdmissionPolicyBinding",
          "CertificateSigningRequest",
          "DeviceClass",
          "PodSecurityPolicy");

  /** What Helm does with a document. */
  enum Role {
    OBJECT,
    HOOK,
    /** It stands in a chart's {@code crds/}. */
    CRD
  }

  /**
   * @param namespace where an object is that names none
   */
  static RenderedObject of(Role role, Map<String, @Nullable Object> object, String namespace) {
    String kind = PlainData.text(object, "kind");
    String own = PlainData.text(object, "metadata", "namespace");
    boolean none = IN_NO_NAMESPACE.contains(kind);
    String name = PlainData.text(object, "metadata", "name");
    String generated = PlainData.text(object, "metadata", "generateName");
    ObjectId id =
        new ObjectId(
            PlainData.text(object, "apiVersion"),
            kind,
            none ? "" : own.isEmpty() ? namespace : own,
            name.isEmpty() && !generated.isEmpty() ? generated + "*" : name);
    return new RenderedObject(id, role, normal(object, id));
  }

  private static Map<String, @Nullable Object> normal(
      Map<String, @Nullable Object> object, ObjectId id) {
    Map<String, @Nullable Object> data = new TreeMap<>(PlainData.map(node(object)));
    if (Mask.isSecret(object)) {
      mergeStringData(data);
    }
    Map<String, @Nullable Object> metadata = new TreeMap<>(PlainData.map(data.get("metadata")));
    metadata.remove("namespace"); // is in the identity
    metadata.values().removeIf(value -> value instanceof Map<?, ?> map && map.isEmpty());
    if (!metadata.isEmpty() || !id.name().isEmpty()) {
      data.put("metadata", metadata);
    }
    return data;
  }

  /** As the API server does when it stores the Secret. */
  private static void mergeStringData(Map<String, @Nullable Object> secret) {
    if (!(secret.remove("stringData") instanceof Map<?, ?> texts) || texts.isEmpty()) {
      return;
    }
    Map<String, @Nullable Object> merged = new TreeMap<>(PlainData.map(secret.get("data")));
    texts.forEach(
        (key, value) ->
            merged.put(
                (String) key,
                value instanceof String text && !Recorded.isMasked(text)
                    ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
                    : value));
    secret.put("data", merged);
  }

  private static @Nullable Object node(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> normal = new TreeMap<>();
      map.forEach(
          (key, value) -> {
            if (value != null) {
              normal.put((String) key, node(value));
            }
          });
      return normal;
    }
    if (node instanceof List<?> list) {
      List<@Nullable Object> normal = new ArrayList<>(list.size());
      list.forEach(item -> normal.add(node(item)));
      return normal;
    }
    return node instanceof Double number && number == Math.rint(number) ? whole(number) : node;
  }

  private static Object whole(Double number) {
    BigInteger whole = new BigDecimal(number).toBigInteger();
    return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
  }

  @Nullable Object at(String... path) {
    return PlainData.at(data, path);
  }

  String text(String... path) {
    return PlainData.text(data, path);
  }

  String annotation(String key) {
    return PlainData.text(data, "metadata", "annotations", key);
  }

  /** Whether Helm leaves it where it is when the release has it no longer. */
  boolean isKept() {
    return annotation("helm.sh/resource-policy").strip().equals("keep");
  }
}
