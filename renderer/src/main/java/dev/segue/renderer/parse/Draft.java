// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A group as far as it could be read.
 *
 * @param name empty where it cannot be read
 * @param group empty where something is wrong with it; its findings say what
 * @param claims the releases that it would make
 * @param findings of its document
 */
record Draft(
    Optional<GroupName> name,
    Origin origin,
    Optional<ApplicationGroup> group,
    List<Claim> claims,
    Findings findings) {

  /** A release in a namespace, and the line that says so. */
  record Claim(Namespace namespace, ReleaseName release, String field, int line) {}

  private static final Comparator<Origin> BY_PLACE =
      Comparator.comparing(Origin::file).thenComparingInt(Origin::line);

  /** Of drafts with one name one broken group is made: {@link Uniqueness} reported them. */
  static List<Parsed> parsed(List<Draft> drafts) {
    Map<GroupName, List<Draft>> named = new TreeMap<>();
    List<Parsed> unnamed = new ArrayList<>();
    for (Draft draft : drafts) {
      if (draft.name.isPresent()) {
        named.computeIfAbsent(draft.name.get(), name -> new ArrayList<>()).add(draft);
      } else {
        unnamed.add(invalid(List.of(draft)));
      }
    }
    List<Parsed> parsed = new ArrayList<>();
    named.values().forEach(same -> parsed.add(parsedOf(same)));
    parsed.addAll(unnamed);
    return parsed;
  }

  private static Parsed parsedOf(List<Draft> same) {
    Draft first = same.get(0);
    return same.size() == 1 && first.findings.isEmpty() && first.group.isPresent()
        ? new Parsed.Valid(first.group.get())
        : invalid(same);
  }

  private static Parsed.Invalid invalid(List<Draft> same) {
    TreeSet<Problem> problems = new TreeSet<>();
    same.forEach(draft -> problems.addAll(draft.findings.problems()));
    return new Parsed.Invalid(
        same.get(0).name.orElse(null),
        same.stream().map(Draft::origin).sorted(BY_PLACE).toList(),
        List.copyOf(problems));
  }
}
