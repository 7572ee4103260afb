// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.status.StatusReport;
import java.util.Optional;
import java.util.Set;

/** What a {@link Reconciler} does, one step of one group at a time. */
interface GroupPasses {
  /** Returns what a commit declares, and what was released and it does not declare any more. */
  Declared declared(RepoTree tree) throws RepoException;

  /** The groups of which people asked something else since this was last asked; sorted. */
  Set<GroupName> asked() throws RepoException;

  /** The groups that were told of and not removed. */
  Set<GroupName> known() throws RepoException;

  /** What was told of a group last; empty before the first time, or unreadable. */
  Optional<StatusReport> told(GroupName group);

  /** Takes the group's next step; empty when there is nothing to say of it any more. */
  Optional<Outcome> over(GroupName group, Declared now);
}
