// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one kind.
 *
 * @param namespace null for all
 * @param labels that they all have
 */
record Selection(Resource resource, @Nullable String namespace, Map<String, String> labels) {
  Selection {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /**
   * Returns where to select, sorted: null, for all, when none is given.
   *
   * @param namespaces empty for all
   */
  static List<@Nullable String> in(Set<Namespace> namespaces) {
    List<@Nullable String> names = new ArrayList<>();
    namespaces.stream().map(Namespace::value).sorted().forEach(names::add);
    if (names.isEmpty()) {
      names.add(null);
    }
    return names;
  }

  /** Those that are Segue's. */
  static Selection ofSegue(
      Resource resource, @Nullable String namespace, Map<String, String> labels) {
    Map<String, String> all = new TreeMap<>(labels);
    all.put(Labels.MANAGED_BY, Labels.SEGUE);
    return new Selection(resource, namespace, all);
  }

  /** As a parameter of a list's query. */
  String query() {
    if (labels.isEmpty()) {
      return "";
    }
    String selector =
        labels.entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
    return "labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
  }

  String path() {
    return resource.path(namespace);
  }

  boolean contains(Manifest object) {
    return object.kind().equals(resource.kind())
        && object.apiVersion().equals(resource.apiVersion())
        && (namespace == null || namespace.equals(object.namespace().orElse("")))
        && labels.entrySet().stream()
            .allMatch(
                label -> object.label(label.getKey()).filter(label.getValue()::equals).isPresent());
  }
}
