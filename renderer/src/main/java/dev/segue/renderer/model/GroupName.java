// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** The name of an ApplicationGroup, unique in a repository: a DNS label. */
public record GroupName(String value) implements Comparable<GroupName> {
  public static final int MAX_LENGTH = 63;

  public GroupName {
    DnsLabel.check("a group's name", value, MAX_LENGTH);
  }

  /**
   * Returns the name; throws IllegalArgumentException, which says the rule, when {@code text} is
   * none.
   */
  public static GroupName parse(String text) {
    return new GroupName(text);
  }

  @Override
  public int compareTo(GroupName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
