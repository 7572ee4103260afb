// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the groups that a commit declares. */
public final class Declarations {
  private static final long MAX_FILE_BYTES = 3L * 1024 * 1024;

  private Declarations() {}

  /**
   * Returns what the files that {@code paths} match declare; a file that cannot be read is a
   * problem of that file alone.
   */
  public static Reading read(RepoTree tree, List<String> paths) throws RepoException {
    List<SourceFile> files = new ArrayList<>();
    List<Problem> unreadable = new ArrayList<>();
    for (RepoTree.Entry entry : tree.find(paths)) {
      try {
        byte[] content = tree.read(entry.path(), MAX_FILE_BYTES);
        files.add(new SourceFile(entry.path(), new String(content, StandardCharsets.UTF_8)));
      } catch (RepoException e) {
        if (e.retryable()) {
          throw e;
        }
        unreadable.add(new Problem(e.code(), entry.path().value(), 0, "", e.getMessage(), ""));
      }
    }
    if (files.isEmpty() && unreadable.isEmpty()) {
      unreadable.add(
          Problem.of(
              ProblemCode.NOTHING_FOUND,
              "no file of commit " + tree.commit().shortHex() + " matches " + paths,
              "Check `source.paths`; nothing is removed because of it."));
    }
    Reading reading = GroupReader.read(files);
    unreadable.addAll(reading.problems());
    return new Reading(reading.groups(), unreadable.stream().sorted().toList());
  }

  /** Returns the group of that name; empty when no file that {@code paths} match has it well. */
  static Optional<ApplicationGroup> find(RepoTree tree, List<String> paths, GroupName name)
      throws RepoException {
    return read(tree, paths).valid().stream()
        .filter(group -> group.name().equals(name))
        .findFirst();
  }
}
