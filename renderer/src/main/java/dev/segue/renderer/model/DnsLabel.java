// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.regex.Pattern;

/** The rule that Kubernetes has for names of one label (RFC 1123), in one place. */
public final class DnsLabel {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  private DnsLabel() {}

  /**
   * Returns {@code value}; throws IllegalArgumentException, which begins with {@code what} and says
   * the rule, when it is no label or too long.
   */
  public static String check(String what, String value, int maxLength) {
    if (value.length() > maxLength || !LABEL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what
              + " must be a DNS label of at most "
              + maxLength
              + " characters (a-z, 0-9 and `-`, beginning and ending with a letter or digit); got \""
              + value
              + "\"");
    }
    return value;
  }
}
