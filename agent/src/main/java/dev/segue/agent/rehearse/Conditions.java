// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a Flux object, in Flux's order: Stalled, Reconciling, Ready, then the others by
 * name.
 */
final class Conditions {
  static final String STALLED = "Stalled";
  static final String RECONCILING = "Reconciling";
  static final String READY = "Ready";
  static final String RELEASED = "Released";
  static final String DRIFTED = "Drifted";

  private static final List<String> FIRST = List.of(STALLED, RECONCILING, READY);
  private static final Comparator<String> ORDER =
      Comparator.<String>comparingInt(
              type -> FIRST.contains(type) ? FIRST.indexOf(type) : FIRST.size())
          .thenComparing(Comparator.naturalOrder());

  private final Map<String, Map<String, @Nullable Object>> byType = new TreeMap<>(ORDER);

  /** Reads {@code status.conditions}. */
  Conditions(@Nullable Object written) {
    Fields.maps(written).forEach(c -> byType.put(Fields.text(c.get("type")), Fields.copyOf(c)));
  }

  /** Sets a condition; its transition time moves only with its status. */
  void set(String type, String status, String reason, String message, String now, long generation) {
    Map<String, @Nullable Object> before = byType.get(type);
    boolean same = before != null && status.equals(before.get("status"));
    Map<String, @Nullable Object> condition = new LinkedHashMap<>();
    condition.put("type", type);
    condition.put("status", status);
    condition.put("observedGeneration", generation);
    condition.put(
        "lastTransitionTime", same && before != null ? before.get("lastTransitionTime") : now);
    condition.put("reason", reason);
    condition.put("message", message);
    byType.put(type, condition);
    if (type.equals(STALLED)) {
      byType.remove(RECONCILING);
    } else if (type.equals(RECONCILING)) {
      byType.remove(STALLED);
    }
  }

  void remove(String type) {
    byType.remove(type);
  }

  /** Returns that field of a condition; empty when there is no such condition. */
  Optional<String> get(String type, String field) {
    return Optional.ofNullable(byType.get(type))
        .map(condition -> Fields.text(condition.get(field)));
  }

  boolean isTrue(String type) {
    return get(type, "status").filter("True"::equals).isPresent();
  }

  List<Map<String, @Nullable Object>> toStatus() {
    return new ArrayList<>(byType.values());
  }
}
