// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One object of Helm's output.
 *
 * @param data with string keys
 */
record RenderedObject(Map<String, @Nullable Object> data) {
  /** Its CRDs, objects and hooks, those of lists one by one; what is no YAML is left out. */
  static List<RenderedObject> of(HelmOutput output) {
    List<RenderedObject> objects = new ArrayList<>();
    Stream.of(output.crds(), output.manifests(), output.hooks())
        .flatMap(List::stream)
        .forEach(
            document -> {
              YamlStream stream = YamlReader.read(document);
              if (stream.faults().isEmpty()) {
                stream.documents().stream().map(YamlNode::data).forEach(d -> add(d, objects));
              }
            });
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
