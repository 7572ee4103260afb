// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.status.Gate;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import java.util.Optional;
import java.util.Set;

/**
 * A release that is to be installed while another group still has it: that group was renamed, or
 * the application went from one to the other. To Helm both are one release, so the removal by the
 * one would take away what the other installs.
 */
final class Elsewhere {
  /** The reason of a plan that waits for another group, as a condition's reason. */
  private static final String REASON = "HeldElsewhere";

  private Elsewhere() {}

  /**
   * Returns what a plan waits for, for people; empty for nothing.
   *
   * @param holders groups that may have such a release
   */
  static Optional<String> of(Plan plan, Set<GroupName> holders, Snapshot snapshot)
      throws RepoException {
    StatusReader reader = new StatusReader();
    for (GroupName holder : holders) {
      Optional<StatusReport> report = reader.report(snapshot, holder);
      if (report.isPresent() && report.get().phase() != StatusReport.Phase.REMOVED) {
        Optional<String> found =
            reader
                .inventory(snapshot, holder, StatusPaths.INVENTORY)
                .flatMap(inventory -> of(plan, inventory));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> of(Plan plan, Inventory other) {
    for (Change change : plan.changes()) {
      DesiredRelease wanted = plan.desired().releases().get(change.release());
      if (change.action().equals("install") && wanted != null) {
        Namespace namespace = wanted.settings().targetNamespace();
        if (other
            .find(change.release())
            .filter(there -> there.targetNamespace().equals(namespace))
            .isPresent()) {
          return Optional.of(
              "waits until group \""
                  + other.group()
                  + "\" no longer has release \""
                  + change.release()
                  + "\" in namespace \""
                  + namespace
                  + "\", which is removed there before it is installed here");
        }
      }
    }
    return Optional.empty();
  }

  /** It opens by itself when the other group has let go. */
  static Gate gate(String message) {
    return new Gate.Closed(REASON, message, Optional.empty());
  }
}
