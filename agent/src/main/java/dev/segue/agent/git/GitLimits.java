// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import java.time.Duration;

/**
 * How long and how much.
 *
 * @param idle how long the server may be silent before an operation fails; whole seconds
 * @param operation how long one fetch or push may take in all
 * @param changesBeforeTidying after how many fetches and commits the mirror is packed anew
 */
public record GitLimits(Duration idle, Duration operation, int changesBeforeTidying) {
  public GitLimits {
    if (idle.toSeconds() < 1 || operation.compareTo(idle) < 0 || changesBeforeTidying < 1) {
      throw new IllegalArgumentException(
          "`idle` must be at least 1s, `operation` not shorter, `changesBeforeTidying` positive");
    }
  }

  /** Half a minute of silence, ten minutes in all, tidied after 100 changes. */
  public static GitLimits defaults() {
    return new GitLimits(Duration.ofSeconds(30), Duration.ofMinutes(10), 100);
  }
}
