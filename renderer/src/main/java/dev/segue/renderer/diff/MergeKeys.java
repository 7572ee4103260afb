// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tells the items of a list from each other: the keys that Kubernetes merges lists by, and
 * what charts' own resources commonly use. See {@code patchMergeKey} and {@code
 * x-kubernetes-list-map-keys} in the API's types.
 */
final class MergeKeys {
  private static final String PROTOCOL = "protocol";

  private static final List<List<String>> USUAL = List.of(List.of("name"), List.of("key"));

  private static final Map<String, List<List<String>>> BY_FIELD =
      Map.of(
          "ports",
              List.of(
                  List.of("name"), List.of("containerPort", PROTOCOL), List.of("port", PROTOCOL)),
          "volumeMounts", List.of(List.of("mountPath")),
          "volumeDevices", List.of(List.of("devicePath")),
          "hostAliases", List.of(List.of("ip")),
          "topologySpreadConstraints", List.of(List.of("topologyKey", "whenUnsatisfiable")),
          "subjects", List.of(List.of("kind", "namespace", "name")),
          "volumeClaimTemplates", List.of(List.of("metadata.name")),
          "endpoints", List.of(List.of("port")),
          "tolerations", List.of(),
          "rules", List.of());

  private MergeKeys() {}

  /**
   * Returns the labels of the items of both lists, in their order; empty when the items have
   * nothing that tells them from each other, in both lists.
   */
  static Optional<Labels> of(String field, List<?> before, List<?> after) {
    for (List<String> keys : BY_FIELD.getOrDefault(field, USUAL)) {
      List<String> left = labels(keys, before);
      List<String> right = labels(keys, after);
      if (left.size() == before.size() && right.size() == after.size()) {
        return Optional.of(new Labels(left, right));
      }
    }
    return Optional.empty();
  }

  /** Each unique in its list. */
  record Labels(List<String> before, List<String> after) {}

  private static List<String> labels(List<String> keys, List<?> items) {
    List<String> labels = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Object item : items) {
      String label = label(keys, item);
      if (label.isEmpty() || !seen.add(label)) {
        return List.of();
      }
      labels.add(label);
    }
    return labels;
  }

  /** "" when the item has none. */
  private static String label(List<String> keys, @Nullable Object item) {
    List<String> parts = new ArrayList<>();
    for (String key : keys) {
      Object value = PlainData.at(item, key.split("\\.", -1));
      if (value instanceof Map<?, ?> || value instanceof List<?>) {
        return "";
      }
      boolean isDefault = value == null || (key.equals(PROTOCOL) && value.equals("TCP"));
      if (!isDefault) {
        parts.add(String.valueOf(value));
      } else if (key.equals(keys.get(0))) {
        return "";
      }
    }
    return String.join("/", parts);
  }
}
