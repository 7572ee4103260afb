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

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LAST = Duration.ofMinutes(1);

  private final Wait wait;
  private final Consumer<String> log;

  /**
   * @param wait a second before the second attempt; twice as long each time, up to a minute
   * @param log told of each failure after which there is another attempt
   */
  Retry(Wait wait, Consumer<String> log) {
    this.wait = wait;
    this.log = log;
  }

  /**
   * Returns whether it succeeded before the waiting was over; throws at once what cannot pass by
   * itself.
   */
  boolean until(Attempt attempt) throws PortException, InterruptedException {
    Duration delay = FIRST;
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
        delay = doubled.compareTo(LAST) > 0 ? LAST : doubled;
      }
    }
  }
}
