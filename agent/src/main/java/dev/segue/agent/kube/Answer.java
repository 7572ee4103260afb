// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the API server answered.
 *
 * @param code the HTTP status
 * @param retryAfter seconds that it asks us to wait; 0 when it says nothing
 * @param fields the JSON object in the body; null when there is something else in it
 */
record Answer(int code, long retryAfter, @Nullable Map<String, @Nullable Object> fields) {
  boolean successful() {
    return code >= 200 && code < 300;
  }

  /** The {@code reason} of a Status; "" when there is none. */
  String reason() {
    return text("reason");
  }

  /** The {@code message} of a Status; "" when there is none. */
  String message() {
    return text("message");
  }

  /** The kind of resource, in plural, that a Status is about; "" when it does not say. */
  String detailsKind() {
    return fields != null
            && fields.get("details") instanceof Map<?, ?> details
            && details.get("kind") instanceof String kind
        ? kind
        : "";
  }

  private String text(String key) {
    return fields != null && fields.get(key) instanceof String text ? text : "";
  }
}
