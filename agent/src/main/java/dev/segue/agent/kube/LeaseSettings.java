// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.Namespace;
import java.time.Duration;

/**
 * What is competed for, as whom and how fast.
 *
 * @param namespace of the Leases
 * @param name of the first shard's Lease; those of the others have their number behind it
 * @param shards how many Leases there are, at least one
 * @param identity that no other process has
 * @param leaseDuration by when a holder that renews no more has been followed, in whole seconds
 * @param renewDeadline how long after its last renewal the holder goes on; at most three quarters
 *     of the lease
 * @param retryPeriod between two renewals
 */
public record LeaseSettings(
    Namespace namespace,
    String name,
    int shards,
    String identity,
    Duration leaseDuration,
    Duration renewDeadline,
    Duration retryPeriod) {
  /** The name of a shard's Lease. */
  String leaseName(int shard) {
    return shard == 0 ? name : name + "-" + shard;
  }

  /** How long after a renewal a write of its holder may be under way. */
  Duration writesEnd() {
    return percent(leaseDuration, 80);
  }

  /**
   * How long others wait from when they saw the last renewal of a lease: longer than its holder's
   * writes, and so much less than the lease that the next has it by the end of that.
   */
  static Duration followedAfter(Duration lease) {
    return percent(lease, 85);
  }

  /**
   * Between two looks of who does not hold it. A single Lease is looked at often, so that it is
   * followed in time; one of many shards is not, as that would be many requests.
   */
  Duration look() {
    return shards == 1 ? retryPeriod.dividedBy(4) : retryPeriod;
  }

  private static Duration percent(Duration duration, int percent) {
    return duration.multipliedBy(percent).dividedBy(100);
  }
}
