// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.agent.reconcile.StatusBranch.Written;
import dev.segue.renderer.model.CommitId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The status branch as it stood at some time.
 *
 * @param commit the commit of the branch
 * @param time what ages are counted to
 */
record Moment(Snapshot snapshot, CommitId commit, Instant time) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");
  private static final String SOURCE = "Source-Commit";

  /** Returns the branch as the server has it now. */
  static Moment now(StatusBranch branch, String name, Instant now)
      throws RepoException, RefusedException {
    branch.refresh();
    Snapshot snapshot = branch.read();
    return new Moment(snapshot, snapshot.commit().orElseThrow(() -> missing(name)), now);
  }

  /**
   * Returns the branch at that moment.
   *
   * @param text RFC 3339; or the first digits, seven at least, of a commit of the branch, or of a
   *     source commit for the last thing that was said of it
   * @param groups of which it must have been said; empty for any
   */
  static Moment at(StatusBranch branch, String name, String text, Set<String> groups)
      throws RepoException, RefusedException {
    branch.refresh();
    if (branch.read().commit().isEmpty()) {
      throw missing(name);
    }
    if (!COMMIT.matcher(text).matches()) {
      Instant time = Instant.parse(text);
      return found(branch, written -> !written.at().isAfter(time))
          .orElseThrow(
              () -> new RefusedException("branch \"" + name + "\" did not exist yet at " + time));
    }
    Set<String> meant = new TreeSet<>();
    branch.find(
        written -> {
          meant.addAll(ids(written, text, groups));
          return false;
        });
    if (meant.isEmpty()) {
      throw new RefusedException(
          "no commit \""
              + text
              + "\" is known: neither branch \""
              + name
              + "\" has it, nor was anything said "
              + (groups.isEmpty() ? "" : "of " + String.join(", ", groups) + " at ")
              + "such a source commit");
    }
    if (meant.size() > 1) {
      throw new RefusedException(
          "\"" + text + "\" begins several commits: " + String.join(", ", meant));
    }
    return found(branch, written -> !ids(written, text, groups).isEmpty()).orElseThrow();
  }

  /** The ids that begin so: the commit's own, and that of the source commit it is about. */
  private static List<String> ids(Written written, String start, Set<String> groups) {
    List<String> ids = new ArrayList<>();
    if (written.commit().hex().startsWith(start)) {
      ids.add(written.commit().hex());
    }
    String source = written.trailers().getOrDefault(SOURCE, "");
    boolean meant =
        groups.isEmpty() || groups.contains(written.trailers().getOrDefault("Group", ""));
    if (meant && source.startsWith(start)) {
      ids.add(Shown.line(source));
    }
    return ids;
  }

  private static Optional<Moment> found(StatusBranch branch, Predicate<Written> which)
      throws RepoException {
    List<Written> met = new ArrayList<>();
    Optional<Snapshot> snapshot =
        branch.find(
            written -> {
              boolean found = which.test(written);
              if (found) {
                met.add(written);
              }
              return found;
            });
    return snapshot.map(s -> new Moment(s, met.get(0).commit(), met.get(0).at()));
  }

  private static RefusedException missing(String name) {
    return new RefusedException(
        "branch \"" + name + "\" does not exist yet; the agent makes it with its first plan");
  }
}
