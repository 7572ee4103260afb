// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import java.nio.charset.StandardCharsets;

/**
 * Spreads groups over shards by rendezvous hashing of their names: each group is in the shard that
 * draws the highest number for it. The same everywhere and for ever; one shard more takes its share
 * evenly from all others and moves nothing else.
 */
public final class Shards {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Shards() {}

  /** Returns the group's shard, from 0 to less than {@code count}. */
  public static int of(GroupName group, int count) {
    long name = FNV_OFFSET;
    for (byte each : group.value().getBytes(StandardCharsets.UTF_8)) {
      name = (name ^ (each & 0xff)) * FNV_PRIME;
    }
    int best = 0;
    long most = Long.MIN_VALUE;
    for (int shard = 0; shard < count; shard++) {
      long drawn = mixed(name + (shard + 1) * GOLDEN);
      if (drawn > most) {
        most = drawn;
        best = shard;
      }
    }
    return best;
  }

  /** The last steps of SplitMix64, by which each bit depends on all. */
  private static long mixed(long bits) {
    long first = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
    return second ^ (second >>> 31);
  }
}
