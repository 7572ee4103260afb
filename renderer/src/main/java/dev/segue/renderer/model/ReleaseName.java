// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/**
 * The name of an application and of its Helm release, unique in its group: a DNS label that Helm
 * takes (53 characters).
 */
public record ReleaseName(String value) implements Comparable<ReleaseName> {
  public static final int MAX_LENGTH = 53;

  public ReleaseName {
    DnsLabel.check("a release's name", value, MAX_LENGTH);
  }

  /**
   * Returns the name; throws IllegalArgumentException, which says the rule, when {@code text} is
   * none.
   */
  public static ReleaseName parse(String text) {
    return new ReleaseName(text);
  }

  @Override
  public int compareTo(ReleaseName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
