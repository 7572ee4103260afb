// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.util.Map;
import org.slf4j.MDC;

/** How much is logged, and of which cluster a line is. */
final class Logging {
  /** Read by {@code logback.xml}, as a system property or a variable. */
  private static final String LEVEL = "SEGUE_LOG_LEVEL";

  /** Read by {@code logback.xml}. */
  private static final String CLUSTER = "cluster";

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

  /** What this thread logs, and those threads that it prepares, is of that cluster from now on. */
  static void of(String cluster) {
    MDC.put(CLUSTER, cluster);
  }

  /** Returns the task for another thread: what it logs is of the same cluster as this thread's. */
  static Runnable asHere(Runnable task) {
    Map<String, String> context = MDC.getCopyOfContextMap();
    return () -> {
      if (context != null) {
        MDC.setContextMap(context);
      }
      task.run();
    };
  }
}
