// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.ArrayList;
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
    fields = PlainData.copyOf(fields, LinkedHashMap::new);
    if (PlainData.text(fields, "apiVersion").isEmpty()
        || PlainData.text(fields, "kind").isEmpty()
        || PlainData.text(fields, "metadata", "name").isEmpty()) {
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
    return at(path) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /**
   * Returns the whole number at that path of keys; empty when it is not there or something else
   * stands there.
   */
  public Optional<Long> number(String... path) {
    return at(path) instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
  }

  /** Returns the map at that path of keys; an empty one when it is not there. */
  public Map<String, @Nullable Object> map(String... path) {
    return PlainData.map(at(path));
  }

  /**
   * Returns the maps in the list at that path of keys, in order; an empty list when it is not
   * there.
   */
  public List<Map<String, @Nullable Object>> maps(String... path) {
    if (!(at(path) instanceof List<?> list)) {
      return List.of();
    }
    List<Map<String, @Nullable Object>> maps = new ArrayList<>();
    list.forEach(item -> maps.add(PlainData.map(item)));
    return maps;
  }

  /** Returns what stands at that path of keys; null when nothing does. */
  public @Nullable Object at(String... path) {
    return PlainData.at(fields, path);
  }
}
