// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The source repository with a commit that is rehearsed as what is watched, and with the charts
 * that the status branch keeps. Closes nothing.
 */
public final class RehearsedSource implements SourceRepo {
  private final SourceRepo watched;
  private final RepoTree head;
  private final @Nullable CommitId before;
  private final SourceRepo status;
  private final Map<CommitId, RepoTree> kept = new ConcurrentHashMap<>();

  /**
   * @param head the tree of the commit that is rehearsed
   * @param before the commit that it would follow when it is none of the repository's; null when it
   *     is one
   * @param status the repository of the status branch
   */
  public RehearsedSource(
      SourceRepo watched, RepoTree head, @Nullable CommitId before, SourceRepo status) {
    this.watched = watched;
    this.head = head;
    this.before = before;
    this.status = status;
  }

  @Override
  public RepoTree poll() {
    return head;
  }

  /** Of a commit that a rehearsal made, what it keeps, and what was kept before. */
  @Override
  public RepoTree tree(CommitId commit) throws RepoException {
    if (commit.equals(head.commit())) {
      return head;
    }
    RepoTree made = kept.get(commit);
    if (made != null) {
      return made;
    }
    try {
      return watched.tree(commit);
    } catch (RepoException e) {
      try {
        return ofStatus(commit);
      } catch (RepoException second) {
        e.addSuppressed(second);
        throw e;
      }
    }
  }

  /** Returns the tree of a commit of the real status branch. */
  RepoTree ofStatus(CommitId commit) throws RepoException {
    return status.tree(commit);
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) throws RepoException {
    if (before == null || !commit.equals(head.commit())) {
      return watched.descends(commit, ancestor);
    }
    return ancestor.equals(commit) || ancestor.equals(before) || watched.descends(before, ancestor);
  }

  @Override
  public String url() {
    return watched.url();
  }

  @Override
  public String branch() {
    return watched.branch();
  }

  /** Has the commit be found from now on. */
  void keep(RepoTree tree) {
    kept.putIfAbsent(tree.commit(), tree);
  }

  @Override
  public void close() {
    kept.clear();
  }
}
