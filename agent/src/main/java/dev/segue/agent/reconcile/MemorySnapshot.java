// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Files as a status branch would have them. */
record MemorySnapshot(SortedMap<RepoPath, String> files) implements Snapshot {
  @Override
  public Optional<CommitId> commit() {
    return Optional.empty();
  }

  @Override
  public Optional<String> read(RepoPath file) {
    return Optional.ofNullable(files.get(file));
  }

  @Override
  public List<String> folders(RepoPath folder) {
    String start = folder.value().isEmpty() ? "" : folder + "/";
    return files.keySet().stream()
        .map(RepoPath::value)
        .filter(path -> path.startsWith(start) && path.indexOf('/', start.length()) > 0)
        .map(path -> path.substring(start.length(), path.indexOf('/', start.length())))
        .distinct()
        .toList();
  }
}
