// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import org.jspecify.annotations.Nullable;

/**
 * One request to the API server.
 *
 * @param path relative to the server's address, with its query
 * @param accept the media type of the answer
 * @param contentType null without a body
 * @param body null without one
 */
record Request(
    Target target,
    String method,
    String path,
    String accept,
    @Nullable String contentType,
    @Nullable String body) {
  static final String JSON = "application/json";
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String MERGE = "application/merge-patch+json";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

  static Request get(Target target, String path) {
    return new Request(target, "GET", path, JSON, null, null);
  }

  /** A list whose items have nothing but apiVersion, kind and metadata: no Secret's content. */
  static Request listMetadata(Target target, String path) {
    return new Request(target, "GET", path, METADATA_ONLY, null, null);
  }

  static Request apply(Target target, String path, String body) {
    return new Request(target, "PATCH", path, JSON, APPLY, body);
  }

  static Request merge(Target target, String path, String body) {
    return new Request(target, "PATCH", path, JSON, MERGE, body);
  }

  /** Changes by a list of operations, all or none. */
  static Request change(Target target, String path, String body) {
    return new Request(target, "PATCH", path, JSON, JSON_PATCH, body);
  }

  static Request create(Target target, String path, String body) {
    return new Request(target, "POST", path, JSON, JSON, body);
  }

  /** Puts the body in the place of the object, where that still has the body's version. */
  static Request replace(Target target, String path, String body) {
    return new Request(target, "PUT", path, JSON, JSON, body);
  }

  static Request delete(Target target, String path, String body) {
    return new Request(target, "DELETE", path, JSON, JSON, body);
  }
}
