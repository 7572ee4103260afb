// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.net.URI;

/** Addresses as messages may show them. */
final class Urls {
  private Urls() {}

  /** In double quotes, without user information and query, either of which may be secret. */
  static String shown(URI address) {
    if (address.getHost() == null) {
      return "\"" + address.getScheme() + ":…\"";
    }
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    return "\"" + address.getScheme() + "://" + address.getHost() + port + path + "\"";
  }
}
