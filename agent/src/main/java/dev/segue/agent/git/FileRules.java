// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Glob;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What holds for files of a commit, wherever its objects are, and what is said otherwise. */
final class FileRules {
  private static final byte[] LFS_POINTER =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_LFS_POINTER = 1024;

  private FileRules() {}

  static RepoException notFound(RepoPath file, CommitId commit) {
    return problem(
        ProblemCode.REPOSITORY_FILE_NOT_FOUND,
        "\"" + file + "\" must be a file, and there is none in commit " + commit);
  }

  static void requireSize(RepoPath file, long size, long maxBytes) throws RepoException {
    if (size > maxBytes) {
      throw problem(
          ProblemCode.REPOSITORY_FILE_TOO_LARGE,
          "\"" + file + "\" must not be larger than " + maxBytes + " bytes; it has " + size);
    }
  }

  static void requireNoPointer(RepoPath file, byte[] content) throws RepoException {
    boolean pointer =
        content.length <= MAX_LFS_POINTER
            && content.length >= LFS_POINTER.length
            && Arrays.equals(content, 0, LFS_POINTER.length, LFS_POINTER, 0, LFS_POINTER.length);
    if (pointer) {
      throw problem(
          ProblemCode.REPOSITORY_LFS_POINTER,
          "\""
              + file
              + "\" must not be kept in Git LFS; commit its content (`git lfs migrate export`)");
    }
  }

  static List<Glob> globs(List<String> globs) throws RepoException {
    try {
      return globs.stream().map(Glob::parse).toList();
    } catch (IllegalArgumentException e) {
      throw problem(ProblemCode.CONFIG_INVALID, GitFailures.oneLine(e));
    }
  }

  /** Those of them that name one file or folder. */
  static List<RepoPath> named(List<Glob> globs) {
    return globs.stream().filter(Glob::isLiteral).map(glob -> new RepoPath(glob.path())).toList();
  }

  static boolean isNamed(List<RepoPath> named, String path) {
    return named.stream()
        .anyMatch(
            each ->
                each.value().isEmpty()
                    || path.equals(each.value())
                    || path.startsWith(each.value() + "/"));
  }

  static RepoException problem(ProblemCode code, String message) {
    return new RepoException(code, false, message, null);
  }
}
