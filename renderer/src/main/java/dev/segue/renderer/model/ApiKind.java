// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/**
 * A kind of objects.
 *
 * @param group the API group; "" for the core's
 * @param version such as {@code v1}
 */
public record ApiKind(String group, String version, String kind) implements Comparable<ApiKind> {
  /** Where the objects of a kind are. */
  public enum Scope {
    NAMESPACED,
    CLUSTER,
    /** Nobody who was asked knows the kind. */
    UNKNOWN
  }

  /** Returns the kind of an object with that {@code apiVersion}, such as {@code apps/v1}. */
  public static ApiKind of(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new ApiKind("", apiVersion, kind)
        : new ApiKind(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The kind with its group, such as {@code ClusterRole.rbac.authorization.k8s.io}. */
  public String qualified() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  @Override
  public int compareTo(ApiKind other) {
    int byName = qualified().compareTo(other.qualified());
    return byName != 0 ? byName : version.compareTo(other.version);
  }
}
