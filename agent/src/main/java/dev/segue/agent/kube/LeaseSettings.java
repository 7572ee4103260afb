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
 * @param leaseDuration how long others wait after the last renewal, in whole seconds
 * @param renewDeadline how long after its last renewal the holder goes on; less than the lease
 * @param retryPeriod between two renewals, and between two looks of who does not hold it
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

  /**
   * How long after a renewal a write of its holder may be under way: a little less than the lease.
   */
  Duration writesEnd() {
    return leaseDuration.minus(leaseDuration.dividedBy(20));
  }
}
