// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.SensitiveValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hides what must be seen by nobody: what a Secret holds, and the sensitive values of the file
 * wherever they stand.
 */
public final class Mask {
  /** Hides what Secrets hold and nothing else. */
  public static final Mask SECRETS = new Mask(List.of());

  /** What of a Secret is no secret. */
  private static final Set<String> OPEN =
      Set.of("apiVersion", "kind", "metadata", "type", "immutable");

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private final List<String> texts;

  private Mask(List<String> texts) {
    this.texts = texts;
  }

  /** Hides the sensitive values of that release too. */
  public static Mask of(ReleaseSettings settings) {
    List<String> texts = SensitiveValues.texts(settings);
    return texts.isEmpty() ? SECRETS : new Mask(texts);
  }

  /** Hides what both hide. */
  public Mask and(Mask other) {
    List<String> all = new ArrayList<>(texts);
    all.addAll(other.texts);
    return new Mask(
        all.stream()
            .distinct()
            .sorted(
                Comparator.comparingInt(String::length)
                    .reversed()
                    .thenComparing(Comparator.naturalOrder()))
            .toList());
  }

  /** Whether there is no sensitive value to hide beside what Secrets hold. */
  boolean hidesSecretsOnly() {
    return texts.isEmpty();
  }

  /** Returns {@code text} with every sensitive value in it masked. */
  public String text(String text) {
    String masked = text;
    for (String secret : texts) {
      masked = masked.replace(secret, SensitiveValues.MASK);
    }
    return masked;
  }

  /** Returns plain data with every sensitive value in its keys and texts masked. */
  public @Nullable Object data(@Nullable Object data) {
    if (data instanceof String text) {
      return text(text);
    }
    if (data instanceof List<?> list) {
      List<@Nullable Object> masked = new ArrayList<>(list.size());
      list.forEach(item -> masked.add(data(item)));
      return masked;
    }
    if (data instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> masked = new TreeMap<>();
      map.forEach((key, value) -> masked.put(text((String) key), data(value)));
      return masked;
    }
    return data;
  }

  /** Returns an object as it may be shown. */
  public Map<String, @Nullable Object> object(Map<String, @Nullable Object> object) {
    Map<String, @Nullable Object> shown = new TreeMap<>(object);
    if (isSecret(object)) {
      shown.replaceAll((key, value) -> hides(List.of(key)) ? maskAll(value) : value);
      shown.computeIfPresent("metadata", (key, value) -> withoutLastApplied(value));
    }
    if (!texts.isEmpty()) {
      shown.replaceAll((key, value) -> data(value));
    }
    return shown;
  }

  /**
   * Whether what a Secret has under these keys is hidden whatever it is. A misspelt {@code
   * stringdata} holds a secret too, so all is hidden but what is known to hold none.
   */
  static boolean hides(List<String> keys) {
    return (!keys.isEmpty() && !OPEN.contains(keys.get(0)))
        || keys.equals(List.of("metadata", "annotations", LAST_APPLIED));
  }

  /** Whether plain data is a Secret. */
  public static boolean isSecret(@Nullable Object data) {
    return data instanceof Map<?, ?> map && "Secret".equals(map.get("kind"));
  }

  /** Returns what a Secret holds with its keys alone. */
  static Object maskAll(@Nullable Object data) {
    if (!(data instanceof Map<?, ?> map)) {
      return SensitiveValues.MASK;
    }
    Map<String, @Nullable Object> masked = new TreeMap<>();
    map.keySet().forEach(key -> masked.put((String) key, SensitiveValues.MASK));
    return masked;
  }

  private static @Nullable Object withoutLastApplied(@Nullable Object metadata) {
    if (!(metadata instanceof Map<?, ?> map)
        || !(map.get("annotations") instanceof Map<?, ?> annotations)
        || !annotations.containsKey(LAST_APPLIED)) {
      return metadata;
    }
    Map<String, @Nullable Object> masked = new TreeMap<>();
    map.forEach((key, value) -> masked.put((String) key, value));
    Map<String, @Nullable Object> shown = new TreeMap<>();
    annotations.forEach((key, value) -> shown.put((String) key, value));
    shown.put(LAST_APPLIED, SensitiveValues.MASK);
    masked.put("annotations", shown);
    return masked;
  }
}
