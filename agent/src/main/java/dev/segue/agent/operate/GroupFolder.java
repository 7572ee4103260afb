// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.agent.reconcile.PastAttempts;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.RequestsFile;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the status branch has of a group, at one commit. */
final class GroupFolder {
  private final Snapshot snapshot;
  private final GroupName group;

  private GroupFolder(Snapshot snapshot, GroupName group) {
    this.snapshot = snapshot;
    this.group = group;
  }

  /** Every group that has a folder, by name. */
  static List<GroupFolder> all(Snapshot snapshot) throws RepoException {
    List<GroupFolder> folders = new ArrayList<>();
    for (String name : snapshot.folders(StatusPaths.GROUPS)) {
      name(name).ifPresent(group -> folders.add(new GroupFolder(snapshot, group)));
    }
    return folders;
  }

  /** Somebody else's folder is passed over. */
  private static Optional<GroupName> name(String folder) {
    try {
      return Optional.of(GroupName.parse(folder));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns that group's folder; refuses a group that has none and names those that do. */
  static GroupFolder of(Snapshot snapshot, GroupName group) throws RepoException, RefusedException {
    List<String> known = snapshot.folders(StatusPaths.GROUPS);
    if (!known.contains(group.value())) {
      throw new RefusedException(
          "there is no group \""
              + group
              + "\" on the status branch; "
              + (known.isEmpty()
                  ? "it has none yet"
                  : "it has " + Shown.line(String.join(", ", known))));
    }
    return new GroupFolder(snapshot, group);
  }

  GroupName group() {
    return group;
  }

  RepoPath requestsFile() {
    return path(StatusPaths.REQUESTS);
  }

  /** Empty when the status cannot be read, as after somebody's edit. */
  Optional<StatusReport> report() throws RepoException {
    return snapshot
        .read(path(StatusPaths.STATUS))
        .flatMap(StatusFile::read)
        .filter(report -> report.group().equals(group));
  }

  /** Returns what is asked; refuses a file that cannot be read, so that nobody's wish is lost. */
  Requests requests() throws RepoException, RefusedException {
    Optional<String> text = snapshot.read(requestsFile());
    if (text.isEmpty()) {
      return Requests.NONE;
    }
    return RequestsFile.read(text.get())
        .orElseThrow(
            () ->
                new RefusedException(
                    "\""
                        + requestsFile()
                        + "\" on the status branch is no file of requests; mend or remove it"));
  }

  /** As {@link #requests}, where nothing hangs on it. */
  Requests requestsIfReadable() throws RepoException {
    return snapshot.read(requestsFile()).flatMap(RequestsFile::read).orElse(Requests.NONE);
  }

  /** The plan that waits for approval or a window; empty when none does. */
  Optional<AttemptRecord> next() throws RepoException {
    return snapshot
        .read(path(StatusPaths.next(StatusPaths.PLAN)))
        .flatMap(HistoryFile::read)
        .filter(record -> record.group().equals(group));
  }

  Optional<AttemptRecord> attempt(int number) throws RepoException {
    return PastAttempts.one(snapshot, group, number);
  }

  /** The attempts that are told, newest first, {@code most} at most. */
  List<AttemptRecord> history(int most) throws RepoException {
    return PastAttempts.of(snapshot, group, most);
  }

  private RepoPath path(RepoPath file) {
    return StatusPaths.of(group, file);
  }
}
