// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The source repository with a commit that is rehearsed as what is watched, and with the charts
 * that a rehearsal keeps on its status branch. Closes nothing.
 */
public final class RehearsedSource implements SourceRepo {
  private final SourceRepo watched;
  private final Map<CommitId, RepoTree> kept = new ConcurrentHashMap<>();

  /**
   * @param watched what it has at its head is rehearsed; it has the commits of the real status
   *     branch too
   */
  public RehearsedSource(SourceRepo watched) {
    this.watched = watched;
  }

  @Override
  public RepoTree poll() throws RepoException {
    return watched.poll();
  }

  /** Of a commit that a rehearsal made, what it keeps, and what was kept before. */
  @Override
  public RepoTree tree(CommitId commit) throws RepoException {
    RepoTree made = kept.get(commit);
    return made == null ? watched.tree(commit) : made;
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) throws RepoException {
    return watched.descends(commit, ancestor);
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
