// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import java.util.Optional;
import java.util.regex.Pattern;

/** Finds comments. */
final class Comments {
  static final String ARE_LEFT_OUT = "comments, from this line on, are left out";

  private static final Pattern COMMENT = Pattern.compile("^\\s*#.*");

  private Comments() {}

  /** The line of the first comment that has a line of its own, 1 being the first. */
  static Optional<Integer> firstIn(String text) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (COMMENT.matcher(line).matches()) {
        return Optional.of(number);
      }
    }
    return Optional.empty();
  }
}
