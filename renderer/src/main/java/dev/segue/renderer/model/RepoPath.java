// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * A path inside a repository: relative, with {@code /} between its segments, already normal. It
 * cannot leave its root: no segment is empty, {@code .} or {@code ..}, and neither a backslash nor
 * a control character is in it. The root is "".
 */
public record RepoPath(String value) implements Comparable<RepoPath> {
  public static final RepoPath ROOT = new RepoPath("");
  private static final int MAX_LENGTH = 4096;

  public RepoPath {
    if (value.length() > MAX_LENGTH || !isNormal(value)) {
      throw new IllegalArgumentException(
          "a path must be relative, without `.`, `..`, empty segments and backslashes; got \""
              + value
              + "\"");
    }
  }

  /**
   * Returns the path that {@code text} means after `.` segments, `..` segments that stay inside,
   * doubled and trailing slashes are taken out; throws IllegalArgumentException when it is absolute
   * or leaves the root.
   */
  public static RepoPath parse(String text) {
    return ROOT.resolve(text);
  }

  /** Returns {@code relative} as seen from this folder, as {@link #parse} reads it. */
  public RepoPath resolve(String relative) {
    if (relative.startsWith("/")) {
      throw new IllegalArgumentException("a path must be relative; got \"" + relative + "\"");
    }
    java.util.ArrayDeque<String> segments = new java.util.ArrayDeque<>();
    if (!value.isEmpty()) {
      segments.addAll(Arrays.asList(value.split("/", -1)));
    }
    for (String segment : relative.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".")) {
        continue;
      }
      if (!segment.equals("..")) {
        segments.addLast(segment);
      } else if (segments.pollLast() == null) {
        throw new IllegalArgumentException(
            "a path must not leave its root; got \"" + relative + "\"");
      }
    }
    return new RepoPath(String.join("/", segments));
  }

  /** The folder that holds this path; empty for the root. */
  public Optional<RepoPath> parent() {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    int slash = value.lastIndexOf('/');
    return Optional.of(slash < 0 ? ROOT : new RepoPath(value.substring(0, slash)));
  }

  /** The last segment; "" for the root. */
  public String fileName() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /** Whether this path is {@code folder} or lies below it. */
  public boolean isWithin(RepoPath folder) {
    return folder.value.isEmpty()
        || value.equals(folder.value)
        || value.startsWith(folder.value + "/");
  }

  private static boolean isNormal(String value) {
    if (value.isEmpty()) {
      return true;
    }
    for (String segment : value.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return value.chars().noneMatch(c -> c == '\\' || c < ' ' || c == 0x7f);
  }

  @Override
  public int compareTo(RepoPath other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
