// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The memory of groups that others applied. With each report the spec that it speaks of is kept,
 * and those of the last good release and of the last attempts, since the API server keeps none: the
 * way back and the removal read them.
 */
final class AppliedBranch implements StatusBranch {
  private static final RepoPath FOLDER = RepoPath.parse("declared");
  private static final Pattern COMMIT = Pattern.compile("\\b[0-9a-f]{40}\\b");
  private static final int ATTEMPTS = 3;
  private static final int MOST = 8;

  private final StatusBranch branch;
  private final Function<CommitId, Optional<String>> texts;

  /**
   * @param texts the spec of a revision; empty for one that is not of now
   */
  AppliedBranch(StatusBranch branch, Function<CommitId, Optional<String>> texts) {
    this.branch = branch;
    this.texts = texts;
  }

  /** Where the spec of a revision is kept. */
  static RepoPath path(GroupName group, CommitId revision) {
    return StatusPaths.of(group, RepoPath.parse(FOLDER + "/" + revision + ".yaml"));
  }

  @Override
  public void refresh() throws RepoException {
    branch.refresh();
  }

  @Override
  public Snapshot read() throws RepoException {
    return branch.read();
  }

  @Override
  public Optional<CommitId> commit(Change change) throws RepoException {
    return branch.commit(
        new Change() {
          @Override
          public Edit of(Snapshot newest) {
            return withSpecs(change.of(newest), newest);
          }

          @Override
          public void made(CommitId commit) {
            change.made(commit);
          }
        });
  }

  private Edit withSpecs(Edit edit, Snapshot before) {
    Optional<GroupName> group =
        Optional.ofNullable(edit.trailers().get("Group")).flatMap(StatusReader::name);
    if (group.isEmpty()) {
      return edit;
    }
    SortedMap<RepoPath, String> files = new TreeMap<>(edit.files());
    for (CommitId revision : spokenOf(group.get(), edit, before)) {
      RepoPath path = path(group.get(), revision);
      texts.apply(revision).or(() -> read(before, path)).ifPresent(t -> files.put(path, t));
    }
    List<RepoPath> replaced = new ArrayList<>(edit.replaced());
    replaced.add(StatusPaths.of(group.get(), FOLDER));
    return new Edit(replaced, files, edit.blobs(), edit.subject(), edit.trailers());
  }

  /**
   * The revisions that the group's report, its last good release and its last attempts name, the
   * newest first.
   */
  private static Set<CommitId> spokenOf(GroupName group, Edit edit, Snapshot before) {
    Function<RepoPath, String> text =
        file -> {
          RepoPath path = StatusPaths.of(group, file);
          String written = edit.files().get(path);
          return written == null ? read(before, path).orElse("") : written;
        };
    Set<CommitId> found = new LinkedHashSet<>();
    add(text.apply(StatusPaths.STATUS), found);
    add(text.apply(StatusPaths.GOOD), found);
    int attempt =
        StatusFile.read(text.apply(StatusPaths.STATUS)).map(r -> r.attempt().number()).orElse(0);
    for (int number = attempt; number > Math.max(0, attempt - ATTEMPTS); number--) {
      add(text.apply(HistoryFile.path(number)), found);
    }
    return found.stream().limit(MOST).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static void add(String text, Set<CommitId> found) {
    Matcher matcher = COMMIT.matcher(text);
    while (matcher.find()) {
      found.add(CommitId.parse(matcher.group()));
    }
  }

  private static Optional<String> read(Snapshot snapshot, RepoPath path) {
    try {
      return snapshot.read(path);
    } catch (RepoException e) {
      throw new IllegalStateException("what was just read must be readable: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Snapshot> find(Predicate<Written> which) throws RepoException {
    return branch.find(which);
  }

  @Override
  public void close() {
    branch.close();
  }
}
