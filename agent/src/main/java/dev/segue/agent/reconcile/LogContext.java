// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Of which cluster a thread's log lines are. As long as nobody says so, nothing of it sets up a
 * log: that takes a tenth of a second, which a command that logs nothing need not wait.
 *
 * @param fields the logging library's; null for none
 */
public record LogContext(@Nullable Map<String, String> fields) {
  /** The field with the cluster's name. */
  public static final String CLUSTER = "cluster";

  private static volatile boolean said;

  /** What this thread logs, and those threads that it prepares, is of that cluster from now on. */
  public static void say(String cluster) {
    said = true;
    MDC.put(CLUSTER, cluster);
  }

  public static LogContext ofThisThread() {
    return new LogContext(said ? MDC.getCopyOfContextMap() : null);
  }

  /** Returns the task for another thread: what it logs is of the same cluster. */
  public Runnable around(Runnable task) {
    return () -> {
      if (fields != null) {
        MDC.setContextMap(fields);
      }
      task.run();
    };
  }
}
