// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Problem;
import java.util.List;

/**
 * What the files of a snapshot say.
 *
 * @param groups sorted by name, each name once; those whose name cannot be read are the last
 * @param problems every problem of every file, those of the groups included; sorted, each once
 */
public record Reading(List<Parsed> groups, List<Problem> problems) {
  public Reading {
    groups = List.copyOf(groups);
    problems = List.copyOf(problems);
  }

  /** The groups without a problem, sorted by name. */
  public List<ApplicationGroup> valid() {
    return groups.stream()
        .filter(Parsed.Valid.class::isInstance)
        .map(parsed -> ((Parsed.Valid) parsed).group())
        .toList();
  }

  /** The broken groups, in the order of {@link #groups}. */
  public List<Parsed.Invalid> invalid() {
    return groups.stream()
        .filter(Parsed.Invalid.class::isInstance)
        .map(Parsed.Invalid.class::cast)
        .toList();
  }
}
