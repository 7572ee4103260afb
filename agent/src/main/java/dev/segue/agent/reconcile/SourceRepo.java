// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;

/** The repository that declares the products. Safe for several threads. */
public interface SourceRepo extends AutoCloseable {
  /**
   * Returns the tree that the watched branch, tag or commit names now: one ref advertisement, and a
   * fetch only when the ref moved. A force-push shows as a tree whose commit does not descend from
   * the one before; that is the caller's to judge with {@link #descends}.
   */
  RepoTree poll() throws RepoException;

  /** Returns the tree of an earlier commit, without the network when it is already here. */
  RepoTree tree(CommitId commit) throws RepoException;

  /**
   * Whether {@code commit} is {@code ancestor} or descends from it; false when either is not here
   * (a shallow mirror).
   */
  boolean descends(CommitId commit, CommitId ancestor) throws RepoException;

  /** The URL as Flux in the cluster reaches it, without credentials. */
  String url();

  /** The branch that is watched; "" when it is a tag or a commit. */
  String branch();

  @Override
  void close();
}
