// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.Declared;
import dev.segue.agent.reconcile.PastAttempts;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.status.Durations;
import java.time.Instant;

/**
 * Where a commit is rehearsed: everything that is read, and nothing that is written.
 *
 * @param status how the real branch stands
 * @param charts those of {@code source}
 * @param declared what the commit that is rehearsed declares
 * @param now when it begins, by the simulated clock
 */
public record RehearsedSite(
    RehearsedSource source,
    StatusBranch.Snapshot status,
    ChartStore charts,
    ReconcilerSettings settings,
    Declared declared,
    Instant now) {

  /** Returns the site with what the commit that {@code source} has now declares. */
  public static RehearsedSite of(
      RehearsedSource source,
      StatusBranch.Snapshot status,
      ChartStore charts,
      ReconcilerSettings settings,
      Instant now)
      throws RepoException {
    StatusBranch branch = new MemoryBranch(status, source);
    Declared declared = Declared.read(source.poll(), source, branch.read(), settings);
    return new RehearsedSite(source, status, charts, settings, declared, now);
  }

  Durations durations(GroupName group) throws RepoException {
    return PastAttempts.durations(status, group);
  }
}
