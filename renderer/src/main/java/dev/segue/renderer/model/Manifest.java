// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes object as it is written in YAML or JSON: string keys, lists, strings, booleans,
 * numbers and null, in the order of the writer; deeply immutable. Every manifest has {@code
 * apiVersion}, {@code kind} and {@code metadata.name}.
 */
public record Manifest(Map<String, @Nullable Object> fields) {
  public Manifest {
    fields = copyOf(fields);
    if (text(fields, "apiVersion").isEmpty()
        || text(fields, "kind").isEmpty()
        || text(fields, "metadata", "name").isEmpty()) {
      throw new IllegalArgumentException("a manifest must have apiVersion, kind and metadata.name");
    }
  }

  public String apiVersion() {
    return text("apiVersion").orElseThrow();
  }

  public String kind() {
    return text("kind").orElseThrow();
  }

  public String name() {
    return text("metadata", "name").orElseThrow();
  }

  /** Empty for what is in no namespace. */
  public Optional<String> namespace() {
    return text("metadata", "namespace");
  }

  public Optional<String> label(String key) {
    return text("metadata", "labels", key);
  }

  public Optional<String> annotation(String key) {
    return text("metadata", "annotations", key);
  }

  /**
   * Returns the string at that path of keys; empty when it is not there or something else stands
   * there.
   */
  public Optional<String> text(String... path) {
    return text(fields, path);
  }

  /**
   * Returns the whole number at that path of keys; empty when it is not there or something else
   * stands there.
   */
  public Optional<Long> number(String... path) {
    return at(fields, path) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  /** Returns the map at that path of keys; an empty one when it is not there. */
  public Map<String, @Nullable Object> map(String... path) {
    return typed(at(fields, path));
  }

  /**
   * Returns the maps in the list at that path of keys, in order; an empty list when it is not
   * there.
   */
  public List<Map<String, @Nullable Object>> maps(String... path) {
    if (!(at(fields, path) instanceof List<?> list)) {
      return List.of();
    }
    List<Map<String, @Nullable Object>> maps = new ArrayList<>();
    list.forEach(item -> maps.add(typed(item)));
    return maps;
  }

  /** Returns what stands at that path of keys; null when nothing does. */
  public @Nullable Object at(String... path) {
    return at(fields, path);
  }

  private static Optional<String> text(Map<?, ?> fields, String... path) {
    return at(fields, path) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static @Nullable Object at(Map<?, ?> fields, String... path) {
    Object node = fields;
    for (String key : path) {
      if (!(node instanceof Map<?, ?> map)) {
        return null;
      }
      node = map.get(key);
    }
    return node;
  }

  @SuppressWarnings("unchecked") // every map in a Manifest has string keys: copyOf checked it
  private static Map<String, @Nullable Object> typed(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  private static Map<String, @Nullable Object> copyOf(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String text)) {
            throw new IllegalArgumentException("a manifest's key must be a string; got " + key);
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
    return node;
  }
}
