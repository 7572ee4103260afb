// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.diff.Documents;
import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document of Helm's output.
 *
 * @param part the sub-chart whose part renders it; "" for the parent's and for the whole chart's
 * @param text begins with {@code # Source: } and the template's path
 */
record Rendered(String part, boolean hook, String text) {
  private static final String SOURCE = "# Source: ";

  static List<Rendered> of(String part, List<String> manifests, List<String> hooks) {
    List<Rendered> all = new ArrayList<>();
    manifests.forEach(text -> all.add(new Rendered(part, false, text)));
    hooks.forEach(text -> all.add(new Rendered(part, true, text)));
    return all;
  }

  /** The template's path; "" when the document does not say it. */
  String source() {
    int end = text.indexOf('\n');
    return text.startsWith(SOURCE)
        ? text.substring(SOURCE.length(), end < 0 ? text.length() : end).strip()
        : "";
  }

  /** Equal documents have one identity. */
  String identity() {
    return (hook ? "hook\n" : "") + text;
  }

  /** The objects in it, those of lists one by one; empty when it is not YAML that we read. */
  List<Map<String, @Nullable Object>> objects() {
    return Documents.objects(text).orElse(List.of());
  }

  /** The namespace that it names; "" for the release's and for what is in none. */
  static String namespace(Map<String, @Nullable Object> object) {
    return PlainData.text(object, "metadata", "namespace");
  }

  /** {@code apiVersion Kind namespace/name}. */
  static String title(Map<String, @Nullable Object> object) {
    String namespace = namespace(object);
    return PlainData.text(object, "apiVersion")
        + " "
        + PlainData.text(object, "kind")
        + " "
        + (namespace.isEmpty() ? "" : namespace + "/")
        + PlainData.text(object, "metadata", "name");
  }
}
