// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import dev.segue.agent.reconcile.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of threads, one for each request from its first byte to the answer's last. A
 * request that takes longer than it may is interrupted, which closes its connection: the server of
 * the JDK reads and writes by channels that end so.
 */
final class RequestThreads extends ThreadPoolExecutor {
  private static final long IDLE_SECONDS = 30;

  private static final ThreadLocal<Deadline> DEADLINES = new ThreadLocal<>();

  private final Duration asking;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(new DaemonThreads("web-timer"));

  RequestThreads(WebLimits limits) {
    super(
        0,
        limits.connections(),
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        new DaemonThreads("web"));
    this.asking = limits.asking();
  }

  /** The request of this thread may take that long from now. */
  void allow(Duration duration) {
    Deadline deadline = DEADLINES.get();
    if (deadline != null) {
      deadline.in(duration);
    }
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    super.beforeExecute(thread, task);
    Deadline deadline = new Deadline(thread);
    DEADLINES.set(deadline);
    deadline.in(asking);
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable failure) {
    super.afterExecute(task, failure);
    Deadline deadline = DEADLINES.get();
    if (deadline != null) {
      deadline.over();
      DEADLINES.remove();
    }
  }

  @Override
  protected void terminated() {
    timer.shutdownNow();
    super.terminated();
  }

  /** Interrupts its thread once, and never when the request is over. */
  private final class Deadline {
    private final Thread thread;
    private @Nullable ScheduledFuture<?> due;
    private boolean over;

    Deadline(Thread thread) {
      this.thread = thread;
    }

    synchronized void in(Duration duration) {
      if (due != null) {
        due.cancel(false);
      }
      due = timer.schedule(this::passed, duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void passed() {
      if (!over) {
        thread.interrupt();
      }
    }

    synchronized void over() {
      over = true;
      if (due != null) {
        due.cancel(false);
      }
    }
  }
}
