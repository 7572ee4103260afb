// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.Comparator;

/**
 * What tells an object from all others of a cluster, and the version of the API that it is written
 * in.
 *
 * @param apiVersion such as {@code apps/v1}
 * @param namespace "" for what is in none
 * @param name where the API server makes it up what it begins with, and a {@code *}
 */
public record ObjectId(String apiVersion, String kind, String namespace, String name)
    implements Comparable<ObjectId> {
  private static final Comparator<ObjectId> ORDER =
      Comparator.comparing(ObjectId::kind)
          .thenComparing(ObjectId::namespace)
          .thenComparing(ObjectId::name)
          .thenComparing(ObjectId::apiVersion);

  /** The API group; "" for the core's. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** Whether the other is the same object, in whatever version of its API. */
  boolean isSame(ObjectId other) {
    return key().equals(other.key());
  }

  /** The same for the same object in whatever version of its API. */
  ObjectId key() {
    return new ObjectId(group() + "/", kind, namespace, name);
  }

  /** Whether it is of that API group and kind. */
  boolean is(String otherGroup, String otherKind) {
    return kind.equals(otherKind) && group().equals(otherGroup);
  }

  /** Such as {@code Deployment shop/web}. */
  public String shortText() {
    return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }

  /** Such as {@code apps/v1 Deployment shop/web}. */
  public String text() {
    return apiVersion + " " + shortText();
  }

  @Override
  public int compareTo(ObjectId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return text();
  }
}
