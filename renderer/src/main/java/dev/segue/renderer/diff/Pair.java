// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * An object before and after.
 *
 * @param fields what surely differs, not masked
 */
record Pair(RenderedObject before, RenderedObject after, List<FieldChange> fields) {
  ObjectId id() {
    return after.id();
  }

  /** What differs at or below these keys. */
  Stream<FieldChange> under(String... keys) {
    return fields.stream().filter(field -> field.path().isUnder(keys));
  }

  boolean differs(String... keys) {
    return under(keys).findAny().isPresent();
  }

  /** Such as {@code `spec.template.spec.containers[web].image` and 2 more}. */
  static String named(Stream<FieldChange> fields) {
    List<String> paths =
        fields.map(field -> field.path().text()).filter(Predicate.not(String::isEmpty)).toList();
    return paths.isEmpty()
        ? ""
        : "`"
            + paths.get(0)
            + "`"
            + (paths.size() > 1 ? " and " + (paths.size() - 1) + " more" : "");
  }
}
