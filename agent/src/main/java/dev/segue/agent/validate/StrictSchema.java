// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema of Kubernetes as a JSON Schema that knows no fields but its own, as strict validation of
 * the API server does. What is alternative ({@code anyOf} and its like) is left as it stands: it
 * names fields without being all of them.
 */
final class StrictSchema {
  private static final Set<String> MAPS_OF_SCHEMAS =
      Set.of("properties", "patternProperties", "definitions", "$defs");
  private static final Set<String> SCHEMAS = Set.of("items", "additionalProperties");

  private StrictSchema() {}

  /** Returns the schema of a whole object, with what every object has. */
  static Map<String, @Nullable Object> of(Map<String, @Nullable Object> schema) {
    Map<String, @Nullable Object> strict = new LinkedHashMap<>(schema(schema));
    strict.remove("$schema"); // often one that nobody can resolve
    strict.remove("$id");
    strict.remove("id");
    if (strict.get("properties") instanceof Map<?, ?> properties) {
      Map<String, @Nullable Object> all = new LinkedHashMap<>(PlainData.map(properties));
      all.putIfAbsent("apiVersion", Map.of("type", "string"));
      all.putIfAbsent("kind", Map.of("type", "string"));
      all.putIfAbsent("metadata", Map.of("type", "object"));
      strict.put("properties", all);
    }
    return strict;
  }

  private static Map<String, @Nullable Object> schema(Map<String, @Nullable Object> schema) {
    Map<String, @Nullable Object> strict = new LinkedHashMap<>();
    schema.forEach((keyword, value) -> strict.put(keyword, value(keyword, value)));
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      strict.put("type", List.of("integer", "string"));
    }
    if (Boolean.TRUE.equals(schema.get("nullable"))) {
      nullable(strict);
    }
    boolean open =
        Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))
            || Boolean.TRUE.equals(schema.get("x-kubernetes-embedded-resource"));
    strict.keySet().removeIf(keyword -> keyword.startsWith("x-") || keyword.equals("nullable"));
    if (!open && schema.get("properties") instanceof Map<?, ?>) {
      strict.putIfAbsent("additionalProperties", false);
    }
    return strict;
  }

  private static @Nullable Object value(String keyword, @Nullable Object value) {
    if (SCHEMAS.contains(keyword) && value instanceof Map<?, ?> below) {
      return schema(PlainData.map(below));
    }
    if (MAPS_OF_SCHEMAS.contains(keyword) && value instanceof Map<?, ?> schemas) {
      Map<String, @Nullable Object> strict = new LinkedHashMap<>();
      PlainData.map(schemas)
          .forEach(
              (name, below) ->
                  strict.put(
                      name, below instanceof Map<?, ?> ? schema(PlainData.map(below)) : below));
      return strict;
    }
    return value;
  }

  private static void nullable(Map<String, @Nullable Object> schema) {
    Object type = schema.get("type");
    if (type instanceof String || type instanceof List<?>) {
      List<Object> types =
          new ArrayList<>(type instanceof List<?> several ? several : List.of(type));
      types.add("null");
      schema.put("type", types);
    }
    if (schema.get("enum") instanceof List<?> values) {
      List<@Nullable Object> all = new ArrayList<>(values);
      all.add(null);
      schema.put("enum", all);
    }
  }
}
