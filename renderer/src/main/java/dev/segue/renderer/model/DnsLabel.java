// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.regex.Pattern;

/** The rule that Kubernetes has for names of one label (RFC 1123), in one place. */
final class DnsLabel {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  private DnsLabel() {}

  static String check(String what, String value, int maxLength) {
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
