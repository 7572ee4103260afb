// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import java.util.List;

/**
 * One of the forms that an object may have.
 *
 * @param title what it is then
 * @param needed fields that must be there
 * @param absent fields that must not
 * @param sign what tells it from the other forms
 */
public record Form(String title, List<String> needed, List<String> absent, Sign sign) {
  public Form {
    needed = List.copyOf(needed);
    absent = List.copyOf(absent);
  }

  /** What a field has in one form and in no other. */
  public sealed interface Sign {
    /** The fields that are there say enough. */
    record None() implements Sign {}

    /** {@code field}, a text that is there, begins with one of {@code prefixes}. */
    record Begins(String field, List<String> prefixes) implements Sign {
      public Begins {
        prefixes = List.copyOf(prefixes);
      }
    }

    /** {@code field} is there and is {@code value}. */
    record Is(String field, String value) implements Sign {}

    /** {@code field} is not there, or is another text. */
    record IsNot(String field, String value) implements Sign {}
  }
}
