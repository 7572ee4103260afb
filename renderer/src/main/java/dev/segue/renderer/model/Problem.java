// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.Comparator;

/**
 * One mistake, told so that it can be mended: what, where and how. Never an exception; problems are
 * collected, sorted by their place and shown at once.
 *
 * @param path the file, relative to the repository; "" when it is about no file
 * @param line 1 being the first; 0 when it is about the whole file
 * @param field the field's path in the document, such as {@code spec.applications[0].name}; "" when
 *     there is none
 * @param message what must be, and what was found; follows the field's name in a sentence when
 *     there is one
 * @param remedy what to do, a whole sentence; "" when the message says it
 */
public record Problem(
    ProblemCode code, String path, int line, String field, String message, String remedy)
    implements Comparable<Problem> {
  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparing(Problem::path)
          .thenComparingInt(Problem::line)
          .thenComparing(Problem::code)
          .thenComparing(Problem::field)
          .thenComparing(Problem::message)
          .thenComparing(Problem::remedy);

  public static Problem at(
      Origin origin, ProblemCode code, String field, String message, String remedy) {
    return new Problem(code, origin.file().value(), origin.line(), field, message, remedy);
  }

  /** A problem of no file. */
  public static Problem of(ProblemCode code, String message, String remedy) {
    return new Problem(code, "", 0, "", message, remedy);
  }

  @Override
  public int compareTo(Problem other) {
    return BY_PLACE.compare(this, other);
  }

  /** One line: {@code file:line: CODE: field `x` message remedy}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!path.isEmpty()) {
      text.append(path).append(':');
      if (line > 0) {
        text.append(line).append(':');
      }
      text.append(' ');
    }
    text.append(code.id()).append(": ");
    if (!field.isEmpty()) {
      text.append("field `").append(field).append("` ");
    }
    text.append(message);
    if (!remedy.isEmpty()) {
      text.append(message.endsWith(".") || message.endsWith("?") ? " " : ". ").append(remedy);
    }
    return text.toString();
  }
}
