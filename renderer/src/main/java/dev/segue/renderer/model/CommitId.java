// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.regex.Pattern;

/** The full object id of a Git commit: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
public record CommitId(String hex) implements Comparable<CommitId> {
  private static final int SHORT = 12;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  /** Git's id of no commit at all. */
  public static final CommitId ZERO = new CommitId("0".repeat(40));

  public CommitId {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "a commit id must be 40 or 64 hex digits; got \"" + hex + "\"");
    }
  }

  /** Returns the commit of that id; throws IllegalArgumentException when {@code text} is none. */
  public static CommitId parse(String text) {
    return new CommitId(text);
  }

  /** The first 12 digits, as Flux appends them to a chart's version. */
  public String shortHex() {
    return shortened(hex);
  }

  /** As {@link #shortHex}, of what a file names as a commit and need not be one. */
  public static String shortened(String commit) {
    return commit.length() > SHORT ? commit.substring(0, SHORT) : commit;
  }

  @Override
  public int compareTo(CommitId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
