// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import java.util.concurrent.ThreadFactory;

/**
 * Threads that do not keep the process from ending. Their log is of the same cluster as that of the
 * thread which made this, whichever thread has them made.
 */
public final class DaemonThreads implements ThreadFactory {
  private final String name;
  private final LogContext log = LogContext.ofThisThread();

  /**
   * @param name of each of them
   */
  public DaemonThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(log.around(task), name);
    thread.setDaemon(true);
    return thread;
  }
}
