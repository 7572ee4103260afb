// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.Waits;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where a group may go back to, and from what. */
final class Goals {
  private static final int MOST_NAMED = 10;

  private Goals() {}

  /**
   * Returns the commit that begins with {@code start} and at which the group was released; refuses
   * any other and names those.
   *
   * @param history newest first
   */
  static CommitId commit(GroupName group, List<AttemptRecord> history, String start)
      throws RefusedException {
    Set<String> reached = new LinkedHashSet<>();
    history.stream()
        .filter(Goals::wasReached)
        .forEach(record -> reached.add(record.attempt().commit()));
    List<String> meant = reached.stream().filter(id -> id.startsWith(start)).toList();
    if (meant.size() == 1) {
      try {
        return CommitId.parse(meant.get(0));
      } catch (IllegalArgumentException e) {
        throw new RefusedException(
            group + ": its history was edited: \"" + Shown.line(meant.get(0)) + "\" is no commit");
      }
    }
    throw new RefusedException(
        group
            + ": \""
            + start
            + "\" must be a commit at which it was released; "
            + (reached.isEmpty()
                ? "it was released at none yet"
                : meant.isEmpty() ? "those are " + named(reached) : "it begins " + named(meant)));
  }

  private static boolean wasReached(AttemptRecord record) {
    Purpose purpose = record.attempt().purpose();
    return record.attempt().result() == Attempt.Result.SUCCEEDED
        && (purpose == Purpose.RELEASE || purpose == Purpose.ROLLBACK)
        // To take away what failed at first is a rollback too, to nothing.
        && record.releases().stream().anyMatch(release -> release.state() == State.RELEASED);
  }

  private static String named(Collection<String> commits) {
    String names =
        String.join(", ", commits.stream().limit(MOST_NAMED).map(Shown::shortened).toList());
    return commits.size() > MOST_NAMED
        ? names + " and " + (commits.size() - MOST_NAMED) + " more"
        : names;
  }

  /** Returns the digest of what the group's file wants now, which a rollback leaves. */
  static String wanted(GroupFolder folder, StatusReport report, List<AttemptRecord> history)
      throws RepoException, RefusedException {
    return Waits.wanted(report, folder.next())
        .or(
            () ->
                history.stream()
                    .map(AttemptRecord::attempt)
                    .filter(attempt -> attempt.purpose() == Purpose.RELEASE)
                    .map(Attempt::digest)
                    .findFirst())
        .orElseThrow(
            () -> new RefusedException(folder.group() + ": nothing of it was ever released"));
  }
}
