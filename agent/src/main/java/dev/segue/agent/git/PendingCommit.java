// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch.Change;
import dev.segue.renderer.model.CommitId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A change that waits for its commit and push, and what became of it. */
final class PendingCommit {
  private final Change change;
  private Optional<CommitId> commit = Optional.empty();
  private @Nullable RepoException failure;
  private @Nullable RuntimeException bug;
  private boolean done;

  PendingCommit(Change change) {
    this.change = change;
  }

  Change change() {
    return change;
  }

  /** Takes the commit that was made of it; empty when it changes nothing. */
  void made(Optional<CommitId> commit) {
    this.commit = commit;
    commit.ifPresent(change::made);
  }

  /** The server has it. */
  void done() {
    done = true;
  }

  void failed(RepoException failure) {
    this.failure = failure;
    done = true;
  }

  /** What the change itself threw. */
  void failed(RuntimeException bug) {
    this.bug = bug;
    done = true;
  }

  boolean isDone() {
    return done;
  }

  /** Returns the commit that the server has; empty when nothing changed. */
  Optional<CommitId> result() throws RepoException {
    if (bug != null) {
      throw bug;
    }
    if (failure != null) {
      throw failure;
    }
    if (!done) {
      throw new IllegalStateException("it was not pushed");
    }
    return commit;
  }
}
