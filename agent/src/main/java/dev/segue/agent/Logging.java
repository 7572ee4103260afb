// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.util.Map;

/** How much is logged. */
final class Logging {
  /** Read where the log is set up, as a system property or a variable. */
  private static final String LEVEL = "SEGUE_LOG_LEVEL";

  private Logging() {}

  /**
   * For commands that tell people how they get on: lowers our log to warnings, unless the
   * environment says a level. Must come before the first logger.
   */
  static void quieten(Map<String, String> environment) {
    if (environment.getOrDefault(LEVEL, "").isEmpty()) {
      System.setProperty(LEVEL, "WARN");
    }
  }
}
