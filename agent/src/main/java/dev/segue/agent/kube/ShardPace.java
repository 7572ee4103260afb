// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.IntSupplier;

/**
 * How greedy an agent is for shards: it waits the longer for one that is free the more it holds,
 * and takes one at a time, so that agents that start together share evenly and who has least is
 * first to take over from who ended.
 */
final class ShardPace {
  private final long step;
  private final IntSupplier held;
  private OptionalLong last = OptionalLong.empty();

  /**
   * @param step longer than any agent needs to look at all Leases; zero where there is one shard
   * @param held how many shards are ours now
   */
  ShardPace(Duration step, IntSupplier held) {
    this.step = step.toNanos();
    this.held = held;
  }

  /** Whether to try to take a shard now that has been free since then. */
  synchronized boolean mayTake(long freeSince) {
    long now = System.nanoTime();
    boolean early = last.isPresent() && now - last.getAsLong() < step;
    if (early || now - freeSince < held.getAsInt() * step) {
      return false;
    }
    last = OptionalLong.of(now);
    return true;
  }
}
