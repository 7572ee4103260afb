// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.regex.Pattern;

/** The rule for names of objects in the cluster, such as Secrets and service accounts. */
public final class ObjectName {
  public static final int MAX_LENGTH = 253;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

  private ObjectName() {}

  /**
   * Returns {@code value}; throws IllegalArgumentException, which begins with {@code what} and says
   * the rule, when it is no such name: one has no slash, so it names what is beside its user only.
   */
  public static String check(String what, String value) {
    if (value.length() > MAX_LENGTH || !NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what
              + " must be the name of an object: at most "
              + MAX_LENGTH
              + " of a-z, 0-9, `-` and `.`, beginning and ending with a letter or digit; got \""
              + value
              + "\"");
    }
    return value;
  }
}
