// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.time.Duration;

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

  /** Sleeps for this long, or until the deadline; returns whether that is reached. */
  boolean sleep(Duration delay) throws InterruptedException {
    Duration left = left();
    Thread.sleep((delay.compareTo(left) < 0 ? delay : left).toMillis());
    return left().isZero();
  }
}
