// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import java.util.Optional;
import java.util.function.Predicate;

/** A status branch to which is committed only while the group is ours. */
final class FencedStatusBranch implements StatusBranch {
  private final StatusBranch branch;
  private final Mandate mandate;

  FencedStatusBranch(StatusBranch branch, Mandate mandate) {
    this.branch = branch;
    this.mandate = mandate;
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
    return mandate.write(
        why -> new RepoException(ProblemCode.GIT_FAILED, true, "cannot commit: " + why, null),
        () -> branch.commit(change));
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
