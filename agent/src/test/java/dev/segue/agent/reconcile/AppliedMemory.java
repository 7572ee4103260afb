// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A status branch in memory that an agent's restart survives. */
final class AppliedMemory implements StatusBranch {
  private SortedMap<RepoPath, String> files = new TreeMap<>();

  synchronized SortedMap<RepoPath, String> files() {
    return new TreeMap<>(files);
  }

  @Override
  public void refresh() {
    // nobody else writes it
  }

  @Override
  public Snapshot read() {
    return new MemorySnapshot(files());
  }

  @Override
  public synchronized Optional<CommitId> commit(Change change) {
    Edit edit = change.of(read());
    SortedMap<RepoPath, String> now = new TreeMap<>(files);
    now.keySet().removeIf(path -> edit.replaced().stream().anyMatch(path::isWithin));
    now.putAll(edit.files());
    boolean same = now.equals(files);
    files = now;
    Optional<CommitId> commit =
        same ? Optional.empty() : Optional.of(AppliedObject.commit(now.toString()));
    commit.ifPresent(change::made);
    return commit;
  }

  @Override
  public Optional<Snapshot> find(Predicate<Written> which) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // there is nothing to let go of
  }
}
