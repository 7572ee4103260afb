// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.testing.AppliedShop;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ApplicationGroups of an API server that is not there: its generations and finalizers are. */
final class AppliedObjects implements GroupObjects {
  final List<Happening> events = new CopyOnWriteArrayList<>();
  private final List<Consumer<GroupObject.Ref>> watchers = new CopyOnWriteArrayList<>();
  private final SortedMap<GroupObject.Ref, GroupObject> objects = new TreeMap<>();
  private int made;

  /** As kubectl does. */
  void put(String yaml) {
    YamlNode.Mapping document = (YamlNode.Mapping) YamlReader.read(yaml).documents().get(0);
    GroupObject wanted = new GroupObject(new Manifest(document.data()));
    change(
        wanted.ref(),
        before -> {
          Map<String, @Nullable Object> metadata =
              new LinkedHashMap<>(wanted.manifest().map("metadata"));
          boolean same = before != null && before.spec().equals(wanted.spec());
          metadata.put("uid", before == null ? "uid-" + ++made : before.uid());
          metadata.put("generation", before == null ? 1L : before.generation() + (same ? 0 : 1));
          if (before != null) {
            metadata.put("finalizers", before.finalizers());
          }
          Map<String, @Nullable Object> fields = new LinkedHashMap<>(wanted.manifest().fields());
          fields.put("metadata", metadata);
          fields.put("status", before == null ? Map.of() : before.status());
          return fields;
        });
  }

  /** As kubectl does; it is gone at once where no finalizer holds it. */
  void remove(GroupObject.Ref ref) {
    change(
        ref,
        before ->
            before == null || before.finalizers().isEmpty()
                ? null
                : with(before, "deletionTimestamp", "2026-01-01T00:00:00Z"));
  }

  /** As somebody does by hand. */
  void finalizers(GroupObject.Ref ref, String... finalizers) {
    change(ref, before -> before == null ? null : with(before, "finalizers", List.of(finalizers)));
  }

  /** It is gone, whatever held it. */
  void vanish(GroupObject.Ref ref) {
    change(ref, before -> null);
  }

  private interface Change {
    @Nullable Map<String, @Nullable Object> of(@Nullable GroupObject before);
  }

  private void change(GroupObject.Ref ref, Change change) {
    synchronized (this) {
      Map<String, @Nullable Object> fields = change.of(objects.get(ref));
      if (fields == null) {
        objects.remove(ref);
      } else {
        objects.put(ref, new GroupObject(new Manifest(fields)));
      }
    }
    watchers.forEach(watcher -> watcher.accept(ref));
  }

  private static Map<String, @Nullable Object> with(
      GroupObject object, String key, @Nullable Object value) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(object.manifest().map("metadata"));
    metadata.put(key, value);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.manifest().fields());
    fields.put("metadata", metadata);
    return fields;
  }

  /** The condition Ready, as {@code status reason: message}; "" while there is none. */
  String ready(GroupObject.Ref ref) {
    Optional<GroupObject> object = find(ref);
    if (object.isEmpty()
        || !Long.valueOf(object.get().generation())
            .equals(object.get().status().get("observedGeneration"))) {
      return "";
    }
    return AppliedShop.ready(object.get().status());
  }

  @Override
  public boolean watch(Consumer<GroupObject.Ref> changed) {
    watchers.add(changed);
    return true;
  }

  @Override
  public synchronized List<GroupObject> observe() {
    return new ArrayList<>(objects.values());
  }

  @Override
  public synchronized Optional<GroupObject> find(GroupObject.Ref object) {
    return Optional.ofNullable(objects.get(object));
  }

  @Override
  public GroupObject apply(Manifest object) {
    throw new UnsupportedOperationException("nobody applies what others own");
  }

  @Override
  public Optional<GroupObject> create(Manifest object) {
    throw new UnsupportedOperationException("nobody creates what others own");
  }

  @Override
  public GroupObject status(GroupObject object, Map<String, ? extends @Nullable Object> status)
      throws ClusterException {
    GroupObject before = same(object);
    if (!before.status().equals(status)) {
      change(
          object.ref(),
          now -> {
            if (now == null) {
              return null; // it vanished meanwhile
            }
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(before.manifest().fields());
            fields.put("status", status);
            return fields;
          });
    }
    return find(object.ref()).orElse(object);
  }

  private GroupObject same(GroupObject object) throws ClusterException {
    return find(object.ref())
        .filter(now -> now.uid().equals(object.uid()))
        .orElseThrow(
            () -> new ClusterException(ProblemCode.CLUSTER_CONFLICT, true, "it is gone", null));
  }

  @Override
  public void event(GroupObject object, Happening happening) {
    events.add(happening);
  }

  @Override
  public GroupObject finalizer(GroupObject object, boolean present) throws ClusterException {
    Optional<GroupObject> there = find(object.ref());
    if (!present && there.isEmpty()) {
      return object;
    }
    GroupObject before = same(object);
    if (!present && before.deleting()) {
      vanish(object.ref());
      return before;
    }
    change(
        object.ref(),
        now ->
            now == null
                ? null
                : with(before, "finalizers", present ? List.of(FINALIZER) : List.of()));
    return find(object.ref()).orElse(object);
  }

  @Override
  public void delete(GroupObject object) {
    throw new UnsupportedOperationException("nobody deletes what others own");
  }
}
