// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.log.LogSetup;
import java.util.Map;

/** How much is logged. */
final class Logging {
  private Logging() {}

  /**
   * For commands that tell people how they get on: lowers our log to warnings, unless the
   * environment says a level. Must come before the first logger.
   */
  static void quieten(Map<String, String> environment) {
    if (environment.getOrDefault(LogSetup.LEVEL, "").isEmpty()) {
      System.setProperty(LogSetup.LEVEL, "WARN");
    }
  }
}
