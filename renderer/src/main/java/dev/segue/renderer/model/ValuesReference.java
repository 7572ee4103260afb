// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import org.jspecify.annotations.Nullable;

/**
 * Values that stand in the cluster, as HelmRelease's {@code valuesFrom} has them.
 *
 * @param kind {@code ConfigMap} or {@code Secret}
 * @param valuesKey null for Flux's default, {@code values.yaml}
 * @param targetPath where a single value goes; null when the key holds a whole document
 */
public record ValuesReference(
    String kind,
    String name,
    @Nullable String valuesKey,
    @Nullable String targetPath,
    boolean optional) {
  public ValuesReference {
    if (!kind.equals("ConfigMap") && !kind.equals("Secret")) {
      throw new IllegalArgumentException(
          "a values reference must be of kind ConfigMap or Secret; got \"" + kind + "\"");
    }
  }
}
