// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Trees as JSON has them: maps with string keys, lists, strings, booleans, numbers and null. */
public final class PlainData {
  private PlainData() {}

  /**
   * Returns an unmodifiable deep copy; whole numbers are Long or BigInteger in it.
   *
   * @param newMap makes the maps, whose order the copy has
   * @throws IllegalArgumentException for a key that is no string and a type that JSON does not have
   */
  static Map<String, @Nullable Object> copyOf(
      Map<?, ?> map, Supplier<Map<String, @Nullable Object>> newMap) {
    Map<String, @Nullable Object> copy = newMap.get();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String text)) {
            throw new IllegalArgumentException("a key must be a string; got " + key);
          }
          copy.put(text, copyOfNode(value, newMap));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copyOfNode(
      @Nullable Object node, Supplier<Map<String, @Nullable Object>> newMap) {
    if (node instanceof Map<?, ?> map) {
      return copyOf(map, newMap);
    }
    if (node instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(item -> copy.add(copyOfNode(item, newMap)));
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
        || node instanceof BigInteger) {
      return node;
    }
    throw new IllegalArgumentException("JSON has no " + node.getClass().getSimpleName());
  }

  /** Returns what stands at that path of keys; null when nothing does. */
  public static @Nullable Object at(@Nullable Object node, String... path) {
    Object found = node;
    for (String key : path) {
      if (!(found instanceof Map<?, ?> map)) {
        return null;
      }
      found = map.get(key);
    }
    return found;
  }

  /** Returns the string at that path of keys; "" when something else or nothing stands there. */
  public static String text(@Nullable Object node, String... path) {
    return at(node, path) instanceof String text ? text : "";
  }

  /**
   * Returns the map that {@code node} is, which must have string keys; an empty one when it is
   * none.
   */
  @SuppressWarnings("unchecked") // trees of this kind have string keys only
  public static Map<String, @Nullable Object> map(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  /**
   * Returns the items of the list that {@code node} is, as texts; an empty list when it is none.
   */
  public static List<String> texts(@Nullable Object node) {
    return node instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
