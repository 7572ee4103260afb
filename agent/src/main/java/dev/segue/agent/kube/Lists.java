// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.Manifest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists of the API server, page by page. */
final class Lists {
  private static final int PAGE = 500;

  private Lists() {}

  /** How a page is asked for. */
  @FunctionalInterface
  private interface Asking {
    Request of(Target target, String path);
  }

  /** Returns the items as the API server gives them, which does not name their kind. */
  static List<Map<?, ?>> items(ApiServer server, Target target, Selection selection)
      throws ClusterException {
    return items(server, target, selection, Request::get);
  }

  /** As {@link #items}, with nothing but their metadata. */
  static List<Map<?, ?>> metadataItems(ApiServer server, Target target, Selection selection)
      throws ClusterException {
    return items(server, target, selection, Request::listMetadata);
  }

  /**
   * Returns the objects with nothing but their metadata, and of that what {@link Reduced} keeps.
   */
  static List<Manifest> metadata(ApiServer server, Target target, Selection selection)
      throws ClusterException {
    List<Manifest> found = new ArrayList<>();
    for (Map<?, ?> item : metadataItems(server, target, selection)) {
      if (item.get("metadata") != null) {
        // A list of metadata calls them by another kind.
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("apiVersion", selection.resource().apiVersion());
        fields.put("kind", selection.resource().kind());
        fields.put("metadata", item.get("metadata"));
        found.add(Reduced.of(fields));
      }
    }
    return found;
  }

  private static List<Map<?, ?>> items(
      ApiServer server, Target target, Selection selection, Asking asking) throws ClusterException {
    String path = selection.path() + "?limit=" + PAGE + "&" + selection.query();
    List<Map<?, ?>> found = new ArrayList<>();
    String next = "";
    do {
      Map<String, @Nullable Object> page =
          server.demand(selection.resource(), asking.of(target, path + next));
      if (page.get("items") instanceof List<?> items) {
        for (Object item : items) {
          if (item instanceof Map<?, ?> object) {
            found.add(object);
          }
        }
      }
      next = next(page);
    } while (!next.isEmpty());
    return found;
  }

  /** What to add to the query for the next page; "" after the last. */
  private static String next(Map<String, @Nullable Object> list) {
    return list.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("continue") instanceof String token
            && !token.isEmpty()
        ? "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8)
        : "";
  }
}
