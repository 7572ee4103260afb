// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.util.Comparator;
import java.util.Set;

/**
 * What tells objects apart.
 *
 * @param group the API group; "" for the core one
 * @param namespace "" for what is in none
 */
record ObjectKey(String group, String kind, String namespace, String name)
    implements Comparable<ObjectKey> {
  static final String DEFAULT_NAMESPACE = "default";
  private static final Set<String> CLUSTER_SCOPED =
      Set.of(
          "APIService",
          "ClusterRole",
          "ClusterRoleBinding",
          "CustomResourceDefinition",
          "IngressClass",
          "MutatingWebhookConfiguration",
          "Namespace",
          "Node",
          "PersistentVolume",
          "PriorityClass",
          "RuntimeClass",
          "StorageClass",
          "ValidatingWebhookConfiguration");
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::group)
          .thenComparing(ObjectKey::kind)
          .thenComparing(ObjectKey::namespace)
          .thenComparing(ObjectKey::name);

  static ObjectKey of(Manifest object) {
    return of(object, DEFAULT_NAMESPACE);
  }

  /** As an API client whose own namespace is {@code ownNamespace} understands the object. */
  static ObjectKey of(Manifest object, String ownNamespace) {
    String namespace =
        CLUSTER_SCOPED.contains(object.kind()) ? "" : object.namespace().orElse(ownNamespace);
    return new ObjectKey(groupOf(object.apiVersion()), object.kind(), namespace, object.name());
  }

  static String groupOf(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }

  /** As kubectl says it: {@code helmrelease.helm.toolkit.fluxcd.io "web"}. */
  @Override
  public String toString() {
    String type = kind.toLowerCase(java.util.Locale.ROOT);
    return (group.isEmpty() ? type : type + "." + group) + " \"" + name + "\"";
  }
}
