// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which shard an agent asks another for: one of who holds at least two more than itself, for a
 * while. Each that moves makes the shares more even, so that none moves for ever.
 */
final class FairShare {
  private final String identity;
  private final long patience;
  private OptionalLong unfairSince = OptionalLong.empty();

  /**
   * @param patience how long shares must have been uneven before one is asked for, and before one
   *     more is; longer than agents that start together need to share out
   */
  FairShare(String identity, Duration patience) {
    this.identity = identity;
    this.patience = patience.toNanos();
  }

  /**
   * Returns the shard to ask for now.
   *
   * @param holders by shard, "" for nobody
   */
  OptionalInt wanted(List<String> holders) {
    long now = System.nanoTime();
    OptionalInt shard = unfair(holders, identity);
    if (shard.isEmpty()) {
      unfairSince = OptionalLong.empty();
    } else if (unfairSince.isEmpty()) {
      unfairSince = OptionalLong.of(now);
    } else if (now - unfairSince.getAsLong() >= patience) {
      unfairSince = OptionalLong.of(now);
      return shard;
    }
    return OptionalInt.empty();
  }

  /** The last shard of who holds most; empty where shares are even or a shard is free. */
  static OptionalInt unfair(List<String> holders, String identity) {
    if (holders.contains("")) {
      return OptionalInt.empty();
    }
    int enough = Collections.frequency(holders, identity) + 2;
    int most = holders.stream().mapToInt(h -> Collections.frequency(holders, h)).max().orElse(0);
    for (int shard = holders.size() - 1; most >= enough && shard >= 0; shard--) {
      if (Collections.frequency(holders, holders.get(shard)) == most) {
        return OptionalInt.of(shard);
      }
    }
    return OptionalInt.empty();
  }
}
