// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values of a chart: a tree of maps with string keys, lists, strings, booleans, numbers (Long,
 * BigInteger, Double) and null, deeply immutable, its maps sorted by key.
 */
public record Values(Map<String, @Nullable Object> tree) {
  public static final Values EMPTY = new Values(Map.of());

  public Values {
    tree = copyOf(tree);
  }

  public boolean isEmpty() {
    return tree.isEmpty();
  }

  /**
   * Returns these values with {@code over} laid over them as Helm merges value files: maps merge
   * key by key, everything else replaces, and null replaces too.
   */
  public Values mergedWith(Values over) {
    return new Values(merge(tree, over.tree));
  }

  private static Map<String, @Nullable Object> merge(
      Map<String, @Nullable Object> base, Map<String, @Nullable Object> over) {
    Map<String, @Nullable Object> merged = new TreeMap<>(base);
    over.forEach(
        (key, value) -> {
          Object below = base.get(key);
          merged.put(
              key,
              below instanceof Map<?, ?> b && value instanceof Map<?, ?> o
                  ? merge(typed(b), typed(o))
                  : value);
        });
    return merged;
  }

  @SuppressWarnings("unchecked") // every map in a Values has string keys: copyOf checked it
  private static Map<String, @Nullable Object> typed(Map<?, ?> map) {
    return (Map<String, @Nullable Object>) map;
  }

  /**
   * Returns a sorted, unmodifiable deep copy; throws IllegalArgumentException for a type that JSON
   * does not have.
   */
  private static Map<String, @Nullable Object> copyOf(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new TreeMap<>();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String text)) {
            throw new IllegalArgumentException("a key of values must be a string; got " + key);
          }
          copy.put(text, copyOfNode(value));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copyOfNode(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      return copyOf(map);
    }
    if (node instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(item -> copy.add(copyOfNode(item)));
      return Collections.unmodifiableList(copy);
    }
    if (node instanceof Integer number) {
      return number.longValue();
    }
    if (node == null
        || node instanceof String
        || node instanceof Boolean
        || node instanceof Long
        || node instanceof Double
        || node instanceof java.math.BigInteger) {
      return node;
    }
    throw new IllegalArgumentException("values must not hold a " + node.getClass().getSimpleName());
  }
}
