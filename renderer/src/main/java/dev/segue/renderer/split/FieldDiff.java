// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields in which two objects differ; what a Secret holds is masked. */
final class FieldDiff {
  private static final String MASK = "(masked)";
  private static final int MAX_SHOWN = 200;

  private final boolean secret;
  private final SortedMap<String, Values> fields = new TreeMap<>();

  private FieldDiff(boolean secret) {
    this.secret = secret;
  }

  /** What stands in a field; "" when nothing does. */
  record Values(String left, String right) {}

  /** By field, such as {@code spec.ports[0].port}. */
  static SortedMap<String, Values> of(
      Map<String, @Nullable Object> left, Map<String, @Nullable Object> right) {
    FieldDiff diff = new FieldDiff(isSecret(left) || isSecret(right));
    diff.compare("", left, right);
    return diff.fields;
  }

  private static boolean isSecret(Map<String, @Nullable Object> object) {
    return PlainData.text(object, "kind").equals("Secret");
  }

  private void compare(String path, @Nullable Object left, @Nullable Object right) {
    if (Objects.equals(left, right)) {
      return;
    }
    if (left instanceof Map<?, ?> && right instanceof Map<?, ?>) {
      Map<String, @Nullable Object> a = PlainData.map(left);
      Map<String, @Nullable Object> b = PlainData.map(right);
      SortedSet<String> keys = new TreeSet<>(a.keySet());
      keys.addAll(b.keySet());
      for (String key : keys) {
        String below = path.isEmpty() ? key : path + "." + key;
        if (a.containsKey(key) && b.containsKey(key)) {
          compare(below, a.get(key), b.get(key));
        } else {
          put(below, shown(below, a, key), shown(below, b, key));
        }
      }
    } else if (left instanceof List<?> a && right instanceof List<?> b && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        compare(path + "[" + i + "]", a.get(i), b.get(i));
      }
    } else {
      put(path, shown(path, left), shown(path, right));
    }
  }

  private void put(String path, String left, String right) {
    fields.put(path, new Values(left, right));
  }

  private String shown(String path, Map<String, @Nullable Object> map, String key) {
    return map.containsKey(key) ? shown(path, map.get(key)) : "";
  }

  private String shown(String path, @Nullable Object value) {
    boolean masked =
        secret
            && (path.startsWith("data")
                || path.startsWith("stringData")
                || path.isEmpty()
                || path.startsWith("metadata.annotations"));
    if (masked) {
      return MASK;
    }
    String text = YamlWriter.write(value).strip();
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }
}
