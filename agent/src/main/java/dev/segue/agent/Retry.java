// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.PortException;
import java.time.Duration;
import java.util.function.Consumer;

/** Tries what may fail, later and later. */
final class Retry {
  /** What is tried. */
  @FunctionalInterface
  interface Attempt {
    void make() throws PortException;
  }

  /** How the time between two attempts is spent. */
  @FunctionalInterface
  interface Wait {
    /** Returns true, perhaps earlier, when no further attempt should be made. */
    boolean over(Duration delay) throws InterruptedException;
  }

  private final Duration first;
  private final Duration last;
  private final Wait wait;
  private final Consumer<String> log;

  /**
   * @param first the time before the second attempt; doubled each time up to {@code last}
   * @param log told of each failure after which there is another attempt
   */
  Retry(Duration first, Duration last, Wait wait, Consumer<String> log) {
    this.first = first;
    this.last = last;
    this.wait = wait;
    this.log = log;
  }

  /**
   * Returns whether it succeeded before the waiting was over; throws at once what cannot pass by
   * itself.
   */
  boolean until(Attempt attempt) throws PortException, InterruptedException {
    Duration delay = first;
    while (true) {
      try {
        attempt.make();
        return true;
      } catch (PortException e) {
        if (!e.retryable()) {
          throw e;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        log.accept(
            e.code().id()
                + ": "
                + e.getMessage()
                + "; trying again in "
                + delay.toSeconds()
                + " s");
        if (wait.over(delay)) {
          return false;
        }
        Duration doubled = delay.multipliedBy(2);
        delay = doubled.compareTo(last) > 0 ? last : doubled;
      }
    }
  }
}
