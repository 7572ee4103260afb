// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

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
    tree = PlainData.copyOf(tree, TreeMap::new);
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
                  ? merge(PlainData.map(b), PlainData.map(o))
                  : value);
        });
    return merged;
  }
}
