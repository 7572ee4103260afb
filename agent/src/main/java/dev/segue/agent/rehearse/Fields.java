// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain data: maps with string keys, lists and scalars, read and changed by paths. */
final class Fields {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fields() {}

  /** Returns a deep copy that may be changed. */
  static Map<String, @Nullable Object> copyOf(Map<String, @Nullable Object> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key, copyOfNode(value)));
    return copy;
  }

  private static @Nullable Object copyOfNode(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      return copyOf(typed(map));
    }
    if (node instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(item -> copy.add(copyOfNode(item)));
      return copy;
    }
    return node;
  }

  /** Returns the manifest with {@code value} at that path; null removes what is there. */
  static Manifest with(Manifest manifest, @Nullable Object value, String... path) {
    return new Manifest(with(manifest.fields(), value, List.of(path)));
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> map, @Nullable Object value, List<String> path) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(map);
    String key = path.get(0);
    if (path.size() > 1) {
      changed.put(key, with(typed(map.get(key)), value, path.subList(1, path.size())));
    } else if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return changed;
  }

  /** Returns {@code map} with the JSON merge patch (RFC 7386) applied to it. */
  static Map<String, @Nullable Object> merged(
      Map<String, @Nullable Object> map, Map<String, @Nullable Object> patch) {
    Map<String, @Nullable Object> merged = copyOf(map);
    patch.forEach(
        (key, value) -> {
          if (value == null) {
            merged.remove(key);
          } else if (value instanceof Map<?, ?> inner) {
            merged.put(key, merged(typed(merged.get(key)), typed(inner)));
          } else {
            merged.put(key, value);
          }
        });
    return merged;
  }

  /** Returns the map; an empty one when {@code node} is none. */
  @SuppressWarnings("unchecked") // only data of YAML, JSON and our own gets here
  static Map<String, @Nullable Object> typed(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  /** Returns the maps in the list; an empty list when {@code node} is none. */
  static List<Map<String, @Nullable Object>> maps(@Nullable Object node) {
    return node instanceof List<?> list ? list.stream().map(Fields::typed).toList() : List.of();
  }

  /** Returns the strings in the list; an empty list when {@code node} is none. */
  static List<String> strings(@Nullable Object node) {
    return node instanceof List<?> list ? list.stream().map(Fields::text).toList() : List.of();
  }

  /** Returns a scalar as Argo writes it into a text; "" for null; JSON for maps and lists. */
  static String text(@Nullable Object scalar) {
    if (scalar == null) {
      return "";
    }
    return scalar instanceof Map || scalar instanceof List ? json(scalar) : String.valueOf(scalar);
  }

  static String json(@Nullable Object data) {
    try {
      return JSON.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain data is always JSON", e);
    }
  }

  static JsonNode tree(@Nullable Object data) {
    return JSON.valueToTree(data);
  }
}
