// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Where commits, trees and files are read. */
interface GitObjects {
  int SHA1_DIGITS = 40;

  /** What a reader does with the objects. */
  interface Reading<T> {
    T from(ObjectReader reader) throws IOException, RepoException;
  }

  /** The repository now. */
  Repository repository();

  /**
   * Returns what {@code reading} finds.
   *
   * @param what completes "cannot …" in a message
   * @param expected the repository in which the objects were last seen
   */
  <T> T read(String what, Repository expected, Reading<T> reading) throws RepoException;

  /** JGit's parsers meet a tree that Git would not have written. */
  static RepoException invalid(String what, IndexOutOfBoundsException e) {
    return new RepoException(
        ProblemCode.GIT_FAILED, false, "cannot " + what + ": it is no valid Git object", e);
  }

  /**
   * Whether {@code commit} is {@code ancestor} or descends from it; false when either is not here.
   */
  default boolean descends(CommitId commit, CommitId ancestor) throws RepoException {
    if (commit.hex().length() != SHA1_DIGITS || ancestor.hex().length() != SHA1_DIGITS) {
      return false;
    }
    return read(
        "compare commits " + commit.shortHex() + " and " + ancestor.shortHex(),
        repository(),
        reader -> {
          try (RevWalk walk = new RevWalk(reader)) {
            RevCommit older = walk.parseCommit(ObjectId.fromString(ancestor.hex()));
            return walk.isMergedInto(older, walk.parseCommit(ObjectId.fromString(commit.hex())));
          } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return false;
          }
        });
  }
}
