// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects of the cluster with what an API server does to them: versions, generations, ids,
 * finalizers, immutable data. Tells its listeners of every change, in the order of their adding.
 * Used under the lock of the time only.
 */
final class ObjectStore {
  private static final String CONTROLLERS_LABELS = "workflows.argoproj.io/";
  private static final List<String> WRITTEN_BY_SERVER =
      List.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp");

  private final SimulatedTime time;
  private final Map<ObjectKey, Manifest> objects = new TreeMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private long version;

  ObjectStore(SimulatedTime time) {
    this.time = time;
  }

  /** Is told of every change: {@code before} is null for a new object, {@code after} for a gone. */
  interface Listener {
    void changed(ObjectKey key, @Nullable Manifest before, @Nullable Manifest after);
  }

  void listen(Listener listener) {
    listeners.add(listener);
  }

  Optional<Manifest> get(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Returns the objects of that kind, sorted by key. */
  List<Manifest> list(String group, String kind) {
    return objects.entrySet().stream()
        .filter(e -> e.getKey().group().equals(group) && e.getKey().kind().equals(kind))
        .map(Map.Entry::getValue)
        .toList();
  }

  List<ObjectKey> keys() {
    return List.copyOf(objects.keySet());
  }

  /** Stores a new object; throws when one of that name exists. */
  void create(ObjectKey key, Manifest object) throws RejectedException {
    if (objects.containsKey(key)) {
      throw new RejectedException(
          "Error from server (AlreadyExists): error when creating: " + key + " already exists");
    }
    Map<String, @Nullable Object> fields = Fields.copyOf(normal(object).fields());
    fields.remove("status");
    Map<String, @Nullable Object> metadata = Fields.copyOf(Fields.typed(fields.get("metadata")));
    if (!key.namespace().isEmpty()) {
      metadata.put("namespace", key.namespace());
    }
    metadata.put("uid", uid(key));
    metadata.put("creationTimestamp", Timestamps.of(time.now()));
    metadata.put("generation", 1L);
    fields.put("metadata", metadata);
    put(key, new Manifest(fields));
  }

  /**
   * Lays the object over what is there, which keeps its status and what the server wrote; what
   * changes nothing is no change.
   */
  void apply(ObjectKey key, Manifest object) throws RejectedException {
    Manifest before = objects.get(key);
    if (before == null) {
      create(key, object);
      return;
    }
    Manifest applied = normal(object);
    Map<String, @Nullable Object> fields = Fields.copyOf(applied.fields());
    fields.put("metadata", metadata(before, applied));
    replace(key, before, fields);
  }

  /** Changes what a client may change: anything but the status and what the server wrote. */
  void edit(ObjectKey key, UnaryOperator<Manifest> change) throws RejectedException {
    Manifest before = objects.get(key);
    if (before == null) {
      return;
    }
    Map<String, @Nullable Object> fields = Fields.copyOf(change.apply(before).fields());
    Map<String, @Nullable Object> metadata = Fields.copyOf(Fields.typed(fields.get("metadata")));
    for (String field : WRITTEN_BY_SERVER) {
      metadata.remove(field);
      Object written = before.at("metadata", field);
      if (written != null) {
        metadata.put(field, written);
      }
    }
    fields.put("metadata", metadata);
    replace(key, before, fields);
  }

  private void replace(ObjectKey key, Manifest before, Map<String, @Nullable Object> fields)
      throws RejectedException {
    fields.remove("status");
    if (before.at("status") != null) {
      fields.put("status", before.at("status"));
    }
    boolean contentChanged = !content(before.fields()).equals(content(fields));
    if (contentChanged && Boolean.TRUE.equals(before.at("immutable"))) {
      throw new RejectedException(
          key
              + " is invalid: data: Forbidden: field is immutable when `immutable` is set (remedy:"
              + " give changed data a new name)");
    }
    if (contentChanged) {
      long generation = before.number("metadata", "generation").orElse(1L);
      Fields.typed(fields.get("metadata")).put("generation", generation + 1);
    }
    Manifest after = new Manifest(fields);
    if (!after.equals(before)) {
      put(key, after);
    }
  }

  /** Changes status or metadata as a controller does: no new generation. */
  void update(ObjectKey key, UnaryOperator<Manifest> change) {
    Manifest before = objects.get(key);
    if (before == null) {
      return;
    }
    Manifest after = change.apply(before);
    boolean isReleased =
        after.at("metadata", "deletionTimestamp") != null
            && Fields.strings(after.at("metadata", "finalizers")).isEmpty();
    if (isReleased) {
      remove(key);
    } else if (!after.equals(before)) {
      put(key, after);
    }
  }

  void updateStatus(ObjectKey key, Map<String, @Nullable Object> status) {
    update(key, object -> Fields.with(object, status, "status"));
  }

  /** Deletes the object, or marks it when a finalizer holds it; nothing when it is not there. */
  void delete(ObjectKey key) {
    Manifest object = objects.get(key);
    if (object == null) {
      return;
    }
    if (Fields.strings(object.at("metadata", "finalizers")).isEmpty()) {
      remove(key);
    } else if (object.at("metadata", "deletionTimestamp") == null) {
      put(key, Fields.with(object, Timestamps.of(time.now()), "metadata", "deletionTimestamp"));
    }
  }

  private void remove(ObjectKey key) {
    Manifest before = objects.remove(key);
    version++;
    List.copyOf(listeners).forEach(listener -> listener.changed(key, before, null));
  }

  private void put(ObjectKey key, Manifest object) {
    Manifest stored = Fields.with(object, String.valueOf(++version), "metadata", "resourceVersion");
    Manifest before = objects.put(key, stored);
    List.copyOf(listeners).forEach(listener -> listener.changed(key, before, stored));
  }

  private String uid(ObjectKey key) {
    String seed = key.group() + "/" + key.kind() + "/" + key.namespace() + "/" + key.name();
    return UUID.nameUUIDFromBytes((seed + "/" + version).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  private static Map<String, @Nullable Object> metadata(Manifest before, Manifest applied) {
    Map<String, @Nullable Object> metadata = Fields.copyOf(before.map("metadata"));
    for (String field : List.of("labels", "annotations")) {
      Map<String, @Nullable Object> entries = new LinkedHashMap<>(applied.map("metadata", field));
      before
          .map("metadata", field)
          .forEach(
              (key, value) -> {
                if (key.startsWith(CONTROLLERS_LABELS)) {
                  entries.putIfAbsent(key, value);
                }
              });
      if (entries.isEmpty()) {
        metadata.remove(field);
      } else {
        metadata.put(field, entries);
      }
    }
    return metadata;
  }

  private static Map<String, @Nullable Object> content(Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> content = new LinkedHashMap<>(fields);
    content.remove("metadata");
    content.remove("status");
    return content;
  }

  /** As the server stores it: a Secret's {@code stringData} becomes {@code data}. */
  private static Manifest normal(Manifest object) {
    Map<String, @Nullable Object> plain = object.map("stringData");
    if (!object.kind().equals("Secret") || plain.isEmpty()) {
      return object;
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>(object.map("data"));
    plain.forEach(
        (key, value) ->
            data.put(
                key,
                Base64.getEncoder()
                    .encodeToString(Fields.text(value).getBytes(StandardCharsets.UTF_8))));
    return Fields.with(Fields.with(object, data, "data"), null, "stringData");
  }
}
