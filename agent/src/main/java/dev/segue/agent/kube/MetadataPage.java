// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.Manifest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A page of a list of metadata. */
final class MetadataPage {
  private MetadataPage() {}

  /** The items as objects of their own kind: a list of metadata calls them by another. */
  static List<Manifest> items(Resource resource, Map<String, @Nullable Object> list) {
    List<Manifest> items = new ArrayList<>();
    if (list.get("items") instanceof List<?> found) {
      for (Object item : found) {
        if (item instanceof Map<?, ?> object && object.get("metadata") != null) {
          Map<String, @Nullable Object> fields = new LinkedHashMap<>();
          fields.put("apiVersion", resource.apiVersion());
          fields.put("kind", resource.kind());
          fields.put("metadata", object.get("metadata"));
          items.add(Reduced.of(fields));
        }
      }
    }
    return items;
  }

  /** What to add to the query for the next page; "" after the last. */
  static String next(Map<String, @Nullable Object> list) {
    return list.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("continue") instanceof String token
            && !token.isEmpty()
        ? "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8)
        : "";
  }
}
