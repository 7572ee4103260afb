// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import java.util.regex.Pattern;

/** Who commits to the status branch. */
public record GitAuthor(String name, String email) {
  private static final Pattern PLAIN = Pattern.compile("[^<>\\p{Cntrl}]+");

  public GitAuthor {
    if (!PLAIN.matcher(name).matches() || !PLAIN.matcher(email).matches()) {
      throw new IllegalArgumentException(
          "an author's name and e-mail must be one line without angle brackets");
    }
  }
}
