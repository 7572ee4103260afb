// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.util.List;
import java.util.Optional;

/**
 * The files of one commit, read from the object database without a checkout. Safe for several
 * threads.
 */
public interface RepoTree {
  CommitId commit();

  /**
   * Returns the regular files in or below {@code folder}, sorted by path; empty when there is no
   * such folder. Fails for a submodule or a symbolic link below it, naming it.
   */
  List<Entry> list(RepoPath folder) throws RepoException;

  /**
   * Returns the files that the globs match ({@code *}, {@code **}, {@code ?}, {@code {a,b}}), or
   * that stand in or below a named folder; sorted.
   */
  List<Entry> find(List<String> globs) throws RepoException;

  /**
   * Returns the id of the Git tree or blob at that path: equal ids, equal content. Empty when
   * nothing is there.
   */
  Optional<String> objectId(RepoPath path) throws RepoException;

  /**
   * Returns a file's content. Fails when it is not there, larger than {@code maxBytes}, or a Git
   * LFS pointer.
   */
  byte[] read(RepoPath file, long maxBytes) throws RepoException;

  /**
   * A file.
   *
   * @param executable whether Git has it as executable
   */
  record Entry(RepoPath path, long size, boolean executable) {}
}
