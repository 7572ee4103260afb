// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Durations;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The attempts that a status branch tells of. */
public final class PastAttempts {
  /** So many are read to say how long releases take. */
  private static final int TELLING = 40;

  private PastAttempts() {}

  /** Returns a group's attempts, newest first, {@code most} at most; those that can be read. */
  public static List<AttemptRecord> of(Snapshot branch, GroupName group, int most)
      throws RepoException {
    int last =
        branch
            .read(StatusPaths.of(group, StatusPaths.STATUS))
            .flatMap(StatusFile::read)
            .filter(report -> report.group().equals(group))
            .map(report -> report.attempt().number())
            .orElse(0);
    List<AttemptRecord> attempts = new ArrayList<>();
    for (int number = last; number > 0 && attempts.size() < most; number--) {
      one(branch, group, number).ifPresent(attempts::add);
    }
    return attempts;
  }

  /** Returns how long a group's releases took lately. */
  public static Durations durations(Snapshot branch, GroupName group) throws RepoException {
    return Durations.of(of(branch, group, TELLING));
  }

  /** Returns one attempt; empty when it is not told of or cannot be read. */
  public static Optional<AttemptRecord> one(Snapshot branch, GroupName group, int number)
      throws RepoException {
    return branch
        .read(StatusPaths.of(group, HistoryFile.path(number)))
        .flatMap(HistoryFile::read)
        .filter(attempt -> attempt.group().equals(group));
  }
}
