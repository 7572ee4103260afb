// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import org.jspecify.annotations.Nullable;

/**
 * What a request is about, for its messages.
 *
 * @param operation a verb as people say it, such as {@code apply}
 * @param kind such as {@code ConfigMap}, or another noun where there is no kind
 * @param namespace null when in none or in all
 * @param name null when it is about all of a kind
 */
record Target(String operation, String kind, @Nullable String namespace, @Nullable String name) {
  /** Such as {@code cannot apply ConfigMap "shop/web"}. */
  String cannot() {
    String text = "cannot " + operation + " " + kind;
    if (name != null) {
      return text + " \"" + (namespace == null ? "" : namespace + "/") + name + "\"";
    }
    return namespace == null ? text : text + " in namespace \"" + namespace + "\"";
  }
}
