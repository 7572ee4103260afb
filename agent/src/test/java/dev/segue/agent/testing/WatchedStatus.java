// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.CommitId;
import java.util.Optional;
import java.util.function.Predicate;

/** A status branch whose calls are counted and fail on demand. */
final class WatchedStatus implements StatusBranch {
  private final StatusBranch branch;
  private final Calls calls;

  WatchedStatus(StatusBranch branch, Calls calls) {
    this.branch = branch;
    this.calls = calls;
  }

  @Override
  public void refresh() throws RepoException {
    calls.on("status.refresh", RepoException.class);
    branch.refresh();
  }

  @Override
  public Optional<Snapshot> find(Predicate<Written> which) throws RepoException {
    calls.on("status.find", RepoException.class);
    return branch.find(which);
  }

  @Override
  public Snapshot read() throws RepoException {
    calls.on("status.read", RepoException.class);
    return branch.read();
  }

  @Override
  public Optional<CommitId> commit(Change change) throws RepoException {
    calls.on("status.commit", RepoException.class);
    Optional<CommitId> commit = branch.commit(change);
    calls.on("status.commit done", RepoException.class);
    return commit;
  }

  @Override
  public void close() {
    branch.close();
  }
}
