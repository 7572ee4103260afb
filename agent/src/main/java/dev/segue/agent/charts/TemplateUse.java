// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A place in a template that uses something.
 *
 * @param place file and line, {@code templates/a.yaml:3}
 * @param name what is used, {@code lookup}
 */
record TemplateUse(String place, String name) {
  private static final int MAX_PLACES = 3;

  /**
   * Tells all uses in one line, {@code templates/a.yaml:3 and 12 more places call `lookup`}, since
   * charts of a common library have hundreds; in none when there are none.
   */
  static List<String> told(List<TemplateUse> uses, String one, String several) {
    if (uses.isEmpty()) {
      return List.of();
    }
    List<String> places = uses.stream().map(TemplateUse::place).distinct().toList();
    TreeSet<String> names =
        uses.stream()
            .map(use -> "`" + use.name() + "`")
            .collect(Collectors.toCollection(TreeSet::new));
    return List.of(
        shown(places)
            + " "
            + (places.size() == 1 ? one : several)
            + " "
            + listed(List.copyOf(names)));
  }

  private static String shown(List<String> places) {
    if (places.size() <= MAX_PLACES) {
      return listed(places);
    }
    int more = places.size() - MAX_PLACES + 1;
    return String.join(", ", places.subList(0, MAX_PLACES - 1)) + " and " + more + " more places";
  }

  private static String listed(List<String> texts) {
    int last = texts.size() - 1;
    return last == 0
        ? texts.get(0)
        : String.join(", ", texts.subList(0, last)) + " and " + texts.get(last);
  }
}
