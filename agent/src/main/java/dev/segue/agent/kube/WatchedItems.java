// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * What an informer holds, reduced the moment it comes in, by group. The informer itself gets back
 * nothing but names, version and labels.
 */
final class WatchedItems implements ItemStore<GenericKubernetesResource> {
  private record Held(GenericKubernetesResource slim, Manifest manifest) {}

  private final KubernetesSerialization json;
  private final Map<String, Held> byKey = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> keysByGroup = new ConcurrentHashMap<>();

  WatchedItems(KubernetesSerialization json) {
    this.json = json;
  }

  /** The group's objects, in no order. */
  List<Manifest> of(GroupName group) {
    return keysByGroup.getOrDefault(group.value(), Set.of()).stream()
        .flatMap(key -> Stream.ofNullable(byKey.get(key)))
        .map(Held::manifest)
        .toList();
  }

  /** All objects, in no order. */
  List<Manifest> all() {
    return byKey.values().stream().map(Held::manifest).toList();
  }

  Optional<Manifest> find(String key) {
    return Optional.ofNullable(byKey.get(key)).map(Held::manifest);
  }

  /** Namespace and name. */
  static String keyOf(Manifest manifest) {
    return manifest.namespace().map(namespace -> namespace + "/").orElse("") + manifest.name();
  }

  @Override
  public String getKey(GenericKubernetesResource object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  @NullUnmarked // the informer expects null for "was not there"
  public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
    Held held = new Held(slim(object), Reduced.of(fields(object)));
    Held before = byKey.put(key, held);
    String group = group(held);
    if (before != null && !group.equals(group(before))) {
      forget(group(before), key);
    }
    keysByGroup.computeIfAbsent(group, name -> ConcurrentHashMap.newKeySet()).add(key);
    return before == null ? null : before.slim();
  }

  @Override
  @NullUnmarked // as above
  public GenericKubernetesResource remove(String key) {
    Held before = byKey.remove(key);
    if (before == null) {
      return null;
    }
    forget(group(before), key);
    return before.slim();
  }

  @Override
  @NullUnmarked // as above
  public GenericKubernetesResource get(String key) {
    Held held = byKey.get(key);
    return held == null ? null : held.slim();
  }

  @Override
  public Stream<String> keySet() {
    return byKey.keySet().stream();
  }

  @Override
  public Stream<GenericKubernetesResource> values() {
    return byKey.values().stream().map(Held::slim);
  }

  @Override
  public int size() {
    return byKey.size();
  }

  private void forget(String group, String key) {
    keysByGroup.computeIfPresent(
        group,
        (name, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }

  private static String group(Held held) {
    return held.manifest().label(Labels.GROUP).orElse("");
  }

  private Map<String, @Nullable Object> fields(GenericKubernetesResource object) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", object.getApiVersion());
    fields.put("kind", object.getKind());
    fields.put("metadata", json.convertValue(object.getMetadata(), LinkedHashMap.class));
    object.getAdditionalProperties().forEach(fields::put);
    return fields;
  }

  private static GenericKubernetesResource slim(GenericKubernetesResource object) {
    ObjectMeta metadata = object.getMetadata();
    GenericKubernetesResource slim = new GenericKubernetesResource();
    slim.setApiVersion(object.getApiVersion());
    slim.setKind(object.getKind());
    slim.setMetadata(
        new ObjectMetaBuilder()
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .withResourceVersion(metadata.getResourceVersion())
            .withUid(metadata.getUid())
            .withLabels(metadata.getLabels())
            .build());
    return slim;
  }
}
