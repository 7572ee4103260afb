// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one group of the files. */
public sealed interface Parsed {

  /** A group without a problem. */
  record Valid(ApplicationGroup group) implements Parsed {}

  /**
   * A group that is declared and broken: it is there, and must not be taken for removed.
   *
   * @param name null where it cannot be read; any group that was declared in the same file before
   *     may then be meant
   * @param origins where it is declared; several for a name that several documents claim; sorted
   * @param problems at least one; sorted
   */
  record Invalid(@Nullable GroupName name, List<Origin> origins, List<Problem> problems)
      implements Parsed {
    public Invalid {
      origins = List.copyOf(origins);
      problems = List.copyOf(problems);
    }
  }
}
