// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.renderer.model.PlainData;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Flux, Argo CD and others read the state of an object whose kind they do not know: the rules
 * of kstatus (cli-utils, {@code pkg/kstatus/status}: {@code checkGenericProperties}, then {@code
 * checkReadyCondition}), in their order.
 */
public enum KStatus {
  CURRENT,
  IN_PROGRESS,
  FAILED,
  TERMINATING;

  /** Returns what that object is taken for. */
  public static KStatus of(Map<String, ? extends @Nullable Object> object) {
    if (!PlainData.text(object, "metadata", "deletionTimestamp").isEmpty()) {
      return TERMINATING;
    }
    Object generation = PlainData.at(object, "metadata", "generation");
    Object observed = PlainData.at(object, "status", "observedGeneration");
    if (generation != null && observed != null && number(observed) != number(generation)) {
      return IN_PROGRESS;
    }
    List<?> conditions =
        PlainData.at(object, "status", "conditions") instanceof List<?> list ? list : List.of();
    for (Object condition : conditions) {
      boolean holds = PlainData.text(condition, "status").equals("True");
      if (holds && PlainData.text(condition, "type").equals("Reconciling")) {
        return IN_PROGRESS;
      }
      if (holds && PlainData.text(condition, "type").equals("Stalled")) {
        return FAILED;
      }
    }
    for (Object condition : conditions) {
      if (PlainData.text(condition, "type").equals("Ready")) {
        return PlainData.text(condition, "status").equals("True") ? CURRENT : IN_PROGRESS;
      }
    }
    return CURRENT;
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
