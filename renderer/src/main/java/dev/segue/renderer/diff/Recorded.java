// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.model.SensitiveValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the status branch has of a release: a text in which masks stand where secrets were. While it
 * is compared a mask is a text that nothing else is.
 */
final class Recorded {
  /**
   * Of a character that nobody uses; unlike the mask itself it is plain text wherever it stands.
   */
  private static final String SENTINEL = "\uE5E6\uE5E7\uE5E6";

  private Recorded() {}

  /** Returns {@code text} with each mask in it made what YAML reads as text. */
  static String readable(String text) {
    return text.replace(SensitiveValues.MASK, SENTINEL);
  }

  /** Whether a mask stands in it. */
  static boolean isMasked(@Nullable Object data) {
    if (data instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .anyMatch(entry -> isMasked(entry.getKey()) || isMasked(entry.getValue()));
    }
    if (data instanceof List<?> list) {
      return list.stream().anyMatch(Recorded::isMasked);
    }
    return data instanceof String text && text.contains(SENTINEL);
  }

  /** Returns {@code text} with each mask as people know it. */
  static String shown(String text) {
    return text.replace(SENTINEL, SensitiveValues.MASK);
  }

  /** Returns plain data with each mask as people know it. */
  static @Nullable Object shown(@Nullable Object data) {
    if (data instanceof String text) {
      return shown(text);
    }
    if (data instanceof List<?> list) {
      List<@Nullable Object> shown = new ArrayList<>(list.size());
      list.forEach(item -> shown.add(shown(item)));
      return shown;
    }
    if (data instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> shown = new TreeMap<>();
      map.forEach((key, value) -> shown.put(shown((String) key), shown(value)));
      return shown;
    }
    return data;
  }
}
