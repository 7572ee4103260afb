// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The objects in texts that Helm renders. */
public final class Documents {
  private Documents() {}

  /**
   * Returns them, those of lists one by one; empty when it is not YAML that we read as Helm does.
   */
  public static Optional<List<Map<String, @Nullable Object>>> objects(String text) {
    YamlStream stream = YamlReader.readRendered(text);
    if (!stream.faults().isEmpty()) {
      return Optional.empty();
    }
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    stream.documents().stream().map(YamlNode::data).forEach(data -> add(data, objects));
    return Optional.of(objects);
  }

  private static void add(@Nullable Object data, List<Map<String, @Nullable Object>> objects) {
    Map<String, @Nullable Object> object = PlainData.map(data);
    // Whatever its kind is called: Kubernetes' clients tell a list by its items (client-go's
    // unstructuredJSONScheme).
    if (object.get("items") instanceof List<?> items) {
      items.forEach(item -> add(item, objects));
    } else if (!object.isEmpty()) {
      objects.add(object);
    }
  }
}
