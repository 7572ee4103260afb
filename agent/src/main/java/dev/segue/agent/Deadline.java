// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.agent.reconcile.PortException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A moment by which something must be done. */
final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  /** At most 200 years away. */
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** What takes its time. */
  @FunctionalInterface
  interface Work {
    boolean done() throws PortException, InterruptedException;
  }

  /**
   * Returns what the work does, or false as soon as the deadline is reached; the work is then
   * interrupted, on a thread of its own.
   */
  boolean cutOff(Work work) throws PortException, InterruptedException {
    FutureTask<Boolean> task = new FutureTask<>(work::done);
    new DaemonThreads("until-deadline").newThread(task).start();
    try {
      return task.get(left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PortException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Sleeps for this long, or until the deadline; returns whether that is reached. */
  boolean sleep(Duration delay) throws InterruptedException {
    Duration left = left();
    Thread.sleep((delay.compareTo(left) < 0 ? delay : left).toMillis());
    return left().isZero();
  }
}
