// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.render.ReadManifests;
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
    return read.manifests().stream()
        .flatMap(manifest -> manifest.objects().stream())
        .filter(object -> !object.entries().isEmpty())
        .map(object -> new RenderedObject(object.data()))
        .toList();
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
