// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param request one request, from its start to its answer
 * @param attempts how often a request that may pass is sent at most
 * @param pause before the second attempt; doubled before each one after it
 * @param longestPause what a server may ask for by {@code Retry-After}; asked for more, we give up
 *     at once
 * @param patience no further attempt begins after this
 * @param staleAfter how long what is watched counts as true although the watch is down; also how
 *     long a write of our own waits to be seen by the watch
 * @param firstList until the first list of a watch is complete
 */
record Limits(
    Duration request,
    int attempts,
    Duration pause,
    Duration longestPause,
    Duration patience,
    Duration staleAfter,
    Duration firstList) {
  static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(15),
          4,
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          Duration.ofSeconds(25),
          Duration.ofMinutes(2),
          Duration.ofMinutes(1));
}
