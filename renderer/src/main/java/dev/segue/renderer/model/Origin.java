// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/**
 * Where something was declared: a file of the repository and a line in it, 1 being the first, 0 the
 * file as a whole.
 */
public record Origin(RepoPath file, int line) {
  public Origin {
    if (line < 0) {
      throw new IllegalArgumentException("a line must not be negative; got " + line);
    }
  }

  /** The same line of another file. */
  Origin in(RepoPath other) {
    return new Origin(other, line);
  }
}
