// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.render.ReadManifests;
import dev.segue.renderer.yaml.YamlNode;
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
  /** Its CRDs, objects and hooks, those of lists one by one; what is no YAML is left out. */
  static List<RenderedObject> of(ReadManifests read) {
    List<RenderedObject> objects = new ArrayList<>();
    read.manifests().stream()
        .map(ReadManifests.Manifest::content)
        .filter(content -> content.faults().isEmpty())
        .flatMap(content -> content.documents().stream())
        .map(YamlNode::data)
        .forEach(data -> add(data, objects));
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
