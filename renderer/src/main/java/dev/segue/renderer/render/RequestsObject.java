// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;

/** The ConfigMap on which people ask for something by annotation. It holds nothing. */
public final class RequestsObject {
  private RequestsObject() {}

  /** Returns the group's, without an annotation. */
  public static Manifest of(GroupName group, Namespace namespace) {
    return new Manifest(
        Objects.map(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Objects.metadata(
                group + ".requests",
                namespace.value(),
                Objects.labels(group, Labels.REQUESTS, "true"))));
  }
}
