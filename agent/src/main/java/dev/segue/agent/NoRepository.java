// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;

/** Where no source is configured. */
enum NoRepository implements SourceRepo {
  INSTANCE;

  @Override
  public RepoTree poll() throws RepoException {
    throw none();
  }

  @Override
  public RepoTree tree(CommitId commit) throws RepoException {
    throw none();
  }

  private static RepoException none() {
    return new RepoException(
        ProblemCode.GIT_NOT_FOUND,
        false,
        "nothing can be read from Git: `source.url` is not given",
        null);
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) {
    return false;
  }

  @Override
  public String url() {
    return "";
  }

  @Override
  public String branch() {
    return "";
  }

  @Override
  public void close() {
    // there is nothing to let go of
  }
}
