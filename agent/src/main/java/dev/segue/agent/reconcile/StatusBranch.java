// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * The branch {@code segue/<cluster>} to which plan, rendered artifacts and status are written:
 * append-only, memory and report.
 */
public interface StatusBranch extends AutoCloseable {
  /**
   * Asks the server where the branch stands and fetches it when it moved; {@link #read} then gives
   * that. At most one ref advertisement; none when the source was polled through the same mirror
   * since this was last asked, as that poll told it too.
   */
  void refresh() throws RepoException;

  /**
   * Returns the files as last fetched or written; an empty snapshot when the branch does not exist
   * yet.
   */
  Snapshot read() throws RepoException;

  /**
   * Commits what {@code change} makes of the newest snapshot and pushes it with the expected old
   * value. Changes that wait for a push meanwhile are committed one upon the other and pushed
   * together. An edit that changes no file makes no commit.
   *
   * @return the new commit; empty when nothing changed
   */
  Optional<CommitId> commit(Change change) throws RepoException;

  /**
   * Returns the files at the first commit that {@code which} accepts, from the newest one as last
   * fetched or written back to the first: a commit comes before its parents, and of two branches
   * that were merged the later commit first. Empty when it accepts none.
   */
  Optional<Snapshot> find(Predicate<Written> which) throws RepoException;

  @Override
  void close();

  /** What a commit is made of. */
  @FunctionalInterface
  interface Change {
    /**
     * Returns what to change in the newest files. After a race it is asked again, on any thread, so
     * it must be pure.
     *
     * @param newest perhaps of a commit that is about to be pushed with this one
     */
    Edit of(Snapshot newest);

    /** Told of the commit that was made of the last edit; it may still lose a race. */
    default void made(CommitId commit) {}
  }

  /** The files of the branch at one commit. Safe for several threads. */
  interface Snapshot {
    /** Empty when the branch does not exist yet. */
    Optional<CommitId> commit();

    /** Returns a file's text (UTF-8); empty when it is not there. */
    Optional<String> read(RepoPath file) throws RepoException;

    /** Returns the names of the folders directly below {@code folder}, sorted. */
    List<String> folders(RepoPath folder) throws RepoException;
  }

  /**
   * A commit of the branch.
   *
   * @param at when it was made, by its writer's clock
   * @param trailers by name; the first of each name
   */
  record Written(CommitId commit, Instant at, String subject, Map<String, String> trailers) {
    public Written {
      trailers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(trailers));
    }
  }

  /**
   * What a commit changes.
   *
   * @param replaced folders whose content is what {@code files} has below them: everything else
   *     there is removed
   * @param files text (UTF-8) by path
   * @param blobs files that are no text, or not ours, by path
   * @param subject the commit message's first line
   * @param trailers {@code Source-Commit}, {@code Group}, {@code Phase}, {@code Workflow}, in this
   *     order
   */
  record Edit(
      List<RepoPath> replaced,
      SortedMap<RepoPath, String> files,
      SortedMap<RepoPath, byte[]> blobs,
      String subject,
      Map<String, String> trailers) {
    public Edit {
      replaced = List.copyOf(replaced);
      files = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(files));
      blobs = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(blobs));
      trailers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(trailers));
    }

    /** An edit of text alone. */
    public Edit(
        List<RepoPath> replaced,
        SortedMap<RepoPath, String> files,
        String subject,
        Map<String, String> trailers) {
      this(replaced, files, java.util.Collections.emptySortedMap(), subject, trailers);
    }
  }
}
