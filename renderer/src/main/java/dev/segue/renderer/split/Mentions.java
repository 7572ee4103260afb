// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.split.TemplateText.Action;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Of which sub-charts the templates of the parent may see the values: those whose name stands in an
 * action, and all when values as a whole are looked at.
 *
 * @param subcharts by name
 * @param entries whether a template looks at the entries of {@code dependencies}
 */
record Mentions(SortedSet<String> subcharts, boolean entries) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*");

  /** {@code .Values}, {@code .Subcharts} or all of the root, not followed by a field. */
  private static final Pattern AS_A_WHOLE =
      Pattern.compile(
          "\\.(Values|Subcharts)(?!\\.?[A-Za-z0-9_])|\\b(to\\w+|index)\\s+\\$(?![\\w.])|(?<![\\w.])\\$\\s*\\|");

  private static final Pattern OF_CHART =
      Pattern.compile("\\.Chart(?!\\.?[A-Za-z0-9_])|\\.Chart\\.Dependencies\\b");

  static Mentions of(Reach reach, Set<String> names) {
    SortedSet<String> found = new TreeSet<>();
    boolean entries = false;
    if (reach.evaluatesValues()) {
      found.addAll(names);
    }
    for (Reach.Span span : reach.spans()) {
      entries |= isAny(span.actions(), OF_CHART);
      if (found.size() < names.size()) {
        if (isAny(span.actions(), AS_A_WHOLE)) {
          found.addAll(names);
        }
        span.actions().forEach(action -> addWords(action.code(), names, found));
      }
    }
    if (entries) {
      found.addAll(names);
    }
    return new Mentions(found, entries);
  }

  private static void addWords(String code, Set<String> names, SortedSet<String> found) {
    Matcher word = WORD.matcher(code);
    while (word.find()) {
      if (names.contains(word.group())) {
        found.add(word.group());
      }
    }
  }

  private static boolean isAny(Collection<Action> actions, Pattern pattern) {
    return actions.stream().anyMatch(action -> pattern.matcher(action.code()).find());
  }
}
