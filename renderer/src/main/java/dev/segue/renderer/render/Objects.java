// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all rendered objects have in common. */
final class Objects {
  private Objects() {}

  /**
   * Returns a map that keeps the order of its {@code keysAndValues}; pairs with a null value are
   * left out.
   */
  static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      if (keysAndValues[i] instanceof String key && keysAndValues[i + 1] != null) {
        map.put(key, keysAndValues[i + 1]);
      }
    }
    return map;
  }

  /** The labels by which everything of a group is found. */
  static Map<String, @Nullable Object> labels(GroupName group, @Nullable Object... more) {
    Map<String, @Nullable Object> labels =
        map(Labels.MANAGED_BY, Labels.SEGUE, Labels.GROUP, group.value());
    labels.putAll(map(more));
    return labels;
  }

  static Map<String, @Nullable Object> metadata(
      String name, String namespace, Map<String, @Nullable Object> labels) {
    return map("name", name, "namespace", namespace, "labels", labels);
  }

  static Manifest object(
      String apiVersion,
      String kind,
      Map<String, @Nullable Object> metadata,
      Map<String, @Nullable Object> spec) {
    return new Manifest(
        map("apiVersion", apiVersion, "kind", kind, "metadata", metadata, "spec", spec));
  }
}
