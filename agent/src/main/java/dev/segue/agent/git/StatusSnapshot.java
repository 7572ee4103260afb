// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The status branch at one commit. */
final class StatusSnapshot implements Snapshot {
  private static final int MAX_FILE = 32 << 20;

  private final GitObjects objects;
  private final Repository repository;
  private final @Nullable ObjectId commit;
  private final @Nullable ObjectId tree;

  /** Both null when the branch does not exist. */
  StatusSnapshot(
      GitObjects objects,
      Repository repository,
      @Nullable ObjectId commit,
      @Nullable ObjectId tree) {
    this.objects = objects;
    this.repository = repository;
    this.commit = commit;
    this.tree = tree;
  }

  @Override
  public Optional<CommitId> commit() {
    return Optional.ofNullable(commit).map(id -> CommitId.parse(id.name()));
  }

  @Override
  public Optional<String> read(RepoPath file) throws RepoException {
    if (tree == null || file.value().isEmpty()) {
      return Optional.empty();
    }
    ObjectId root = tree;
    return objects.read(
        "read \"" + file + "\" of the status branch",
        repository,
        reader -> {
          try (TreeWalk walk = TreeWalk.forPath(reader, file.value(), root)) {
            if (walk == null || !isFile(walk.getFileMode(0))) {
              return Optional.empty();
            }
            return Optional.of(text(reader, file, walk.getObjectId(0)));
          }
        });
  }

  @Override
  public List<String> folders(RepoPath folder) throws RepoException {
    if (tree == null) {
      return List.of();
    }
    ObjectId root = tree;
    return objects.read(
        "list \"" + folder + "\" of the status branch",
        repository,
        reader -> folders(reader, root, folder));
  }

  @Nullable ObjectId commitId() {
    return commit;
  }

  @Nullable ObjectId tree() {
    return tree;
  }

  private static List<String> folders(ObjectReader reader, ObjectId root, RepoPath folder)
      throws IOException {
    ObjectId at = root;
    if (!folder.value().isEmpty()) {
      try (TreeWalk walk = TreeWalk.forPath(reader, folder.value(), root)) {
        if (walk == null || !FileMode.TREE.equals(walk.getFileMode(0))) {
          return List.of();
        }
        at = walk.getObjectId(0);
      }
    }
    List<String> names = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(at);
      while (walk.next()) {
        if (walk.isSubtree()) {
          names.add(walk.getNameString());
        }
      }
    }
    Collections.sort(names);
    return List.copyOf(names);
  }

  private static String text(ObjectReader reader, RepoPath file, ObjectId blob)
      throws IOException, RepoException {
    long size = reader.getObjectSize(blob, Constants.OBJ_BLOB);
    if (size > MAX_FILE) {
      throw new RepoException(
          ProblemCode.REPOSITORY_FILE_TOO_LARGE,
          false,
          "\"" + file + "\" of the status branch must not be larger than 32 MiB; it has " + size,
          null);
    }
    byte[] bytes = reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(MAX_FILE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static boolean isFile(FileMode mode) {
    return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
  }
}
