// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where to listen: an address of this machine and a port; names are not looked up. */
final class ListenAddress {
  private static final int MAX_PORT = 65_535;
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
  private static final Pattern FORM =
      Pattern.compile(
          "(" + OCTET + "(?:\\." + OCTET + "){3}|\\[[0-9A-Fa-f:.]{2,45}])" + ":([0-9]{1,5})");

  private ListenAddress() {}

  /** Throws IllegalArgumentException for what is not such as {@code 0.0.0.0:8443}. */
  static InetSocketAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int port = Integer.parseInt(matcher.group(2));
      if (port > 0 && port <= MAX_PORT) {
        try {
          return new InetSocketAddress(InetAddress.getByName(matcher.group(1)), port);
        } catch (UnknownHostException e) {
          throw new IllegalArgumentException(rule(text), e);
        }
      }
    }
    throw new IllegalArgumentException(rule(text));
  }

  private static String rule(String text) {
    return "must be an IP address and a port such as \"0.0.0.0:8443\" or \"[::]:8443\"; got \""
        + text
        + "\"";
  }
}
