// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Walks what is below a folder, within bounds: a small tree can mean endless files. */
final class TreeFiles {
  private static final int MAX_PATH = 4096;

  private TreeFiles() {}

  /**
   * Something that is no folder.
   *
   * @param text its path, which need not be one that {@link RepoPath} takes
   */
  record File(String text, boolean decoded, FileMode mode, ObjectId id) {
    /** Returns the path; fails when it is none that can be written down. */
    RepoPath path() throws RepoException {
      try {
        if (decoded) {
          return new RepoPath(text);
        }
      } catch (IllegalArgumentException e) {
        // Said below.
      }
      String shown = text.replaceAll("[\\p{Cntrl}]", "?");
      throw FileRules.problem(
          ProblemCode.REPOSITORY_BAD_PATH,
          "the name \""
              + shown
              + "\" must be UTF-8 without backslashes, control characters, `.` and `..`; rename it");
    }
  }

  /** What is done with each file. */
  interface Visitor {
    void visit(File file) throws IOException, RepoException;
  }

  /**
   * Visits the files below {@code folder} in Git's order, going only into the folders that {@code
   * enter} takes; fails when there are more than {@code maxEntries} files and folders.
   */
  static void walk(
      ObjectReader reader,
      ObjectId tree,
      RepoPath folder,
      int maxEntries,
      Predicate<String> enter,
      Visitor visitor)
      throws IOException, RepoException {
    String prefix = folder.value().isEmpty() ? "" : folder.value() + "/";
    int entries = 0;
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      while (walk.next()) {
        if (++entries > maxEntries || walk.getPathLength() > MAX_PATH) {
          throw tooMuch(folder, maxEntries);
        }
        String text = prefix + walk.getPathString();
        if (!walk.isSubtree()) {
          boolean decoded =
              Arrays.equals(
                  walk.getRawPath(), walk.getPathString().getBytes(StandardCharsets.UTF_8));
          visitor.visit(new File(text, decoded, walk.getFileMode(0), walk.getObjectId(0)));
        } else if (enter.test(text)) {
          walk.enterSubtree();
        }
      }
    }
  }

  static RepoException tooMuch(RepoPath folder, int maxEntries) {
    return FileRules.problem(
        ProblemCode.REPOSITORY_FILE_TOO_LARGE,
        "folder \""
            + folder
            + "\" must not hold more than "
            + maxEntries
            + " files or paths longer than "
            + MAX_PATH
            + " bytes");
  }
}
