// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Clock;
import java.util.Locale;
import java.util.TreeMap;

/** Says again how the last attempt stands, where the status said something else since. */
final class LastAttempt {
  private final StatusStore store;
  private final Clock clock;

  LastAttempt(StatusStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Returns what is said now of the last attempt, which there must be. */
  StatusReport sayAgain(Stored stored, ApplicationGroup group, CommitId commit)
      throws RepoException {
    StatusReport report = stored.report().orElseThrow();
    Attempt attempt = report.attempt();
    Phase phase = Phase.of(attempt);
    if (report.phase() == phase) {
      return report;
    }
    StatusReport resumed =
        new Reports(stored.report(), clock.instant()).resumed(report, group, commit);
    String how = phase == Phase.PLANNED ? "is under way" : phase.text().toLowerCase(Locale.ROOT);
    store.update(resumed, new TreeMap<>(), "attempt " + attempt.number() + " " + how);
    return resumed;
  }
}
