// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** The name of a Kubernetes namespace. */
public record Namespace(String value) implements Comparable<Namespace> {
  public static final int MAX_LENGTH = 63;

  public Namespace {
    DnsLabel.check("a namespace", value, MAX_LENGTH);
  }

  /**
   * Returns the name; throws IllegalArgumentException, which says the rule, when {@code text} is
   * none.
   */
  public static Namespace parse(String text) {
    return new Namespace(text);
  }

  @Override
  public int compareTo(Namespace other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
