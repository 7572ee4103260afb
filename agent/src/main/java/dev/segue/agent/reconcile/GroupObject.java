// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An ApplicationGroup of the cluster, as it was at one moment.
 *
 * @param manifest of its {@code metadata.managedFields} nothing but who, how and when
 */
public record GroupObject(Manifest manifest) {
  /**
   * Which object it is, whatever became of it.
   *
   * @param namespace "" for a kind that has none
   */
  public record Ref(String apiVersion, String namespace, String name) implements Comparable<Ref> {
    /** As people write it, such as {@code shop/web}. */
    public String place() {
      return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    @Override
    public int compareTo(Ref other) {
      int byPlace = place().compareTo(other.place());
      return byPlace != 0 ? byPlace : apiVersion.compareTo(other.apiVersion);
    }
  }

  public Ref ref() {
    return new Ref(apiVersion(), namespace(), name());
  }

  public String apiVersion() {
    return manifest.apiVersion();
  }

  /** "" for a kind that has none. */
  public String namespace() {
    return manifest.namespace().orElse("");
  }

  public String name() {
    return manifest.name();
  }

  public String uid() {
    return manifest.text("metadata", "uid").orElse("");
  }

  /** Another number for each other spec; 0 where the API server counts none. */
  public long generation() {
    return manifest.number("metadata", "generation").orElse(0L);
  }

  /** Whether somebody deleted it, and finalizers alone keep it. */
  public boolean deleting() {
    return manifest.at("metadata", "deletionTimestamp") != null;
  }

  public List<String> finalizers() {
    return PlainData.texts(manifest.at("metadata", "finalizers"));
  }

  public Optional<String> label(String key) {
    return manifest.label(key);
  }

  public Optional<String> annotation(String key) {
    return manifest.annotation(key);
  }

  /** Who wrote fields of it, in the API server's order, such as {@code kubectl}. */
  public List<String> managers() {
    return manifest.maps("metadata", "managedFields").stream()
        .filter(entry -> PlainData.text(entry, "subresource").isEmpty())
        .map(entry -> PlainData.text(entry, "manager"))
        .filter(manager -> !manager.isEmpty())
        .distinct()
        .toList();
  }

  /** Whether somebody of that name applied it by server-side apply, its status apart. */
  boolean isAppliedBy(String manager) {
    return manifest.maps("metadata", "managedFields").stream()
        .anyMatch(
            entry ->
                PlainData.text(entry, "manager").equals(manager)
                    && PlainData.text(entry, "operation").equals("Apply")
                    && PlainData.text(entry, "subresource").isEmpty());
  }

  /** An empty map where there is none. */
  public Map<String, @Nullable Object> spec() {
    return manifest.map("spec");
  }

  /** An empty map while it has none. */
  public Map<String, @Nullable Object> status() {
    return manifest.map("status");
  }
}
