// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import java.util.HashSet;
import java.util.Set;

/**
 * Whose turn it is: a group has at most one turn at a time, and one that is asked for meanwhile is
 * looked at once more. Safe for several threads; its monitor may be held over several calls.
 */
final class Turns {
  private final Set<GroupName> taken = new HashSet<>();
  private final Set<GroupName> asked = new HashSet<>();

  /** Asks for a look; returns whether the caller must begin the turn. */
  synchronized boolean ask(GroupName group) {
    asked.add(group);
    return taken.add(group);
  }

  /** Returns whether the turn goes on with a look; otherwise it has ended. */
  synchronized boolean next(GroupName group) {
    if (asked.remove(group)) {
      return true;
    }
    taken.remove(group);
    return false;
  }

  /** Whether no group is looked at or waits for it. */
  synchronized boolean idle() {
    return taken.isEmpty();
  }
}
