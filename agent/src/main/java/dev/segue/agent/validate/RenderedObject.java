// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of Helm's output.
 *
 * @param data with string keys
 */
record RenderedObject(Map<String, @Nullable Object> data) {
  /** Returns the object that a document is; those of a list one by one. */
  static List<RenderedObject> of(@Nullable Object document) {
    List<RenderedObject> objects = new ArrayList<>();
    add(document, objects);
    return objects;
  }

  private static void add(@Nullable Object data, List<RenderedObject> objects) {
    Map<String, @Nullable Object> object = PlainData.map(data);
    if (PlainData.text(object, "kind").endsWith("List")
        && object.get("items") instanceof List<?> items) {
      items.forEach(item -> add(item, objects));
    } else if (!object.isEmpty()) {
      objects.add(new RenderedObject(object));
    }
  }

  String apiVersion() {
    return PlainData.text(data, "apiVersion");
  }

  String kind() {
    return PlainData.text(data, "kind");
  }

  boolean isSecret() {
    return kind().equals("Secret") && apiVersion().equals("v1");
  }

  /** Such as {@code apps/v1 Deployment web}. */
  String title() {
    return apiVersion() + " " + kind() + " " + PlainData.text(data, "metadata", "name");
  }
}
