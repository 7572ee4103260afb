// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Threads that do not keep the process from ending. Their log is of the same cluster as that of the
 * thread which made this, whichever thread has them made.
 */
public final class DaemonThreads implements ThreadFactory {
  private final String name;
  private final @Nullable Map<String, String> context = MDC.getCopyOfContextMap();

  /**
   * @param name of each of them
   */
  public DaemonThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(() -> run(task), name);
    thread.setDaemon(true);
    return thread;
  }

  private void run(Runnable task) {
    if (context != null) {
      MDC.setContextMap(context);
    }
    task.run();
  }
}
