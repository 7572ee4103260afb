// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import java.util.List;

/** What Orkestra made for a group and what is still there. Safe for several threads. */
@FunctionalInterface
public interface OrkestraRemains {
  /**
   * Returns what must be settled before the group is released by us: what would release the same as
   * we do, and what would be deleted together with the object. Each a sentence without its full
   * stop, sorted; empty when there is nothing.
   */
  List<String> of(GroupObject object) throws ClusterException;
}
