// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.git.GitClone;
import dev.segue.agent.git.IgnoredFiles;
import dev.segue.agent.reconcile.Declarations;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A clone of the source repository as somebody has it before them: its commits, the files that are
 * not committed yet, and the status branches that were fetched with it. Only read.
 */
final class Checkout implements AutoCloseable {
  /** The revision that names the files as they are. */
  static final String WORK_TREE = ".";

  private final Path scratch;
  private final GitClone clone;
  private String notice = "";

  private Checkout(Path scratch, GitClone clone) {
    this.scratch = scratch;
    this.clone = clone;
  }

  /** Opens the clone that {@code folder} is in; empty when it is in none. */
  static Optional<Checkout> find(Path folder) throws RepoException, IOException {
    Path scratch = Files.createTempDirectory("segue-clone-");
    Optional<GitClone> clone = Optional.empty();
    try {
      clone = GitClone.find(folder, scratch.resolve("objects.git"));
    } finally {
      if (clone.isEmpty()) {
        TemporaryFolders.delete(scratch);
      }
    }
    return clone.map(found -> new Checkout(scratch, found));
  }

  /** Its folder: the work tree, or the repository itself when it has none. */
  Path root() {
    return clone.folder();
  }

  /**
   * Returns the commit that {@code revision} names: what Git takes, or {@link #WORK_TREE}, which is
   * the head where there is no work tree. Empty when there is none.
   *
   * @param paths globs of the files that declare groups
   */
  Optional<CommitId> commit(String revision, List<String> paths) throws PortException, IOException {
    if (!revision.equals(WORK_TREE)) {
      return clone.resolve(revision);
    }
    return clone.isBare() ? clone.resolve("HEAD") : Optional.of(workTree(paths));
  }

  /** What of the files as they are no commit would have, for people; "" for nothing. */
  String notice() {
    return notice;
  }

  /** The files that declare groups, and their charts, as the commit that they would be. */
  private CommitId workTree(List<String> paths) throws PortException, IOException {
    Path root = root();
    CommitId head = clone.resolve("HEAD").orElse(null);
    List<SourceFile> declarations = LocalDeclarations.read(List.of(root), root).files();
    SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    for (SourceFile file : declarations) {
      files.put(file.path(), file.text().getBytes(StandardCharsets.UTF_8));
    }
    files.keySet().removeAll(IgnoredFiles.among(root, files.keySet()));
    CommitId declared = clone.commit(head, files);
    List<ApplicationGroup> groups =
        Declarations.read(at(declared, "", "").tree(declared), paths).valid();
    LocalRepository.Snapshot snapshot = LocalRepository.snapshot(root, declarations, groups);
    notice = snapshot.notice();
    files.putAll(snapshot.files());
    return clone.commit(head, files);
  }

  /**
   * Returns the repository with its watched branch at {@code head}.
   *
   * @param url as Flux reaches it
   * @param branch that branch
   */
  SourceRepo at(CommitId head, String url, String branch) {
    return clone.at(head, url, branch);
  }

  /** Returns the branches whose names begin so, by name. */
  SortedMap<String, Snapshot> branches(String prefix) throws RepoException {
    return clone.branches(prefix);
  }

  @Override
  public void close() {
    clone.close();
    TemporaryFolders.delete(scratch);
  }
}
