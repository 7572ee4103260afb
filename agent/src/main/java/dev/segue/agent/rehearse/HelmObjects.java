// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects of all Helm releases, and what Helm keeps of each release in its storage. As seen
 * with Helm 4 and helm-controller 1.6: an install and an upgrade take over what is there, whoever
 * owns it; an upgrade deletes what the last deployed manifest has and the new one has not unless
 * the live object is to be kept, and never asks who owns it; an uninstall deletes what the last
 * manifest has unless the manifest says that it is to be kept.
 */
final class HelmObjects {
  static final String OWNER = "meta.helm.sh/release-name";
  static final String OWNER_NAMESPACE = "meta.helm.sh/release-namespace";
  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  private static final String POLICY = "helm.sh/resource-policy";

  private final Map<ObjectKey, Stored> storage = new TreeMap<>();
  private final Map<ObjectKey, Manifest> objects = new TreeMap<>();
  private long made;

  /**
   * What Helm's storage has of a release.
   *
   * @param deployed the manifest that was released well last; empty when none was
   * @param last the manifest of the last revision
   */
  private record Stored(Optional<List<Manifest>> deployed, List<Manifest> last) {}

  /** Returns the objects as the release's post-renderer leaves them: with its common metadata. */
  static List<Manifest> withCommonMetadata(List<Manifest> rendered, ReleaseSpec spec) {
    Map<String, @Nullable Object> annotations =
        spec.release().map("spec", "commonMetadata", "annotations");
    Map<String, @Nullable Object> labels = spec.release().map("spec", "commonMetadata", "labels");
    return rendered.stream()
        .map(object -> merged(object, annotations, "annotations"))
        .map(object -> merged(object, labels, "labels"))
        .toList();
  }

  private static Manifest merged(
      Manifest object, Map<String, @Nullable Object> added, String field) {
    return added.isEmpty()
        ? object
        : Fields.with(
            object, Fields.merged(object.map("metadata", field), added), "metadata", field);
  }

  /**
   * Installs or upgrades.
   *
   * @param well whether it ends well: a release that is never ready has its objects nevertheless
   */
  void release(ObjectKey release, ReleaseSpec spec, List<Manifest> manifest, boolean well) {
    Map<ObjectKey, Manifest> wanted = byKey(manifest, spec);
    wanted.forEach((key, object) -> objects.put(key, owned(key, object, spec)));
    Stored before = storage.get(release);
    if (before != null) {
      byKey(before.deployed().orElse(before.last()), spec)
          .keySet()
          .forEach(
              key -> {
                Manifest live = objects.get(key);
                if (!wanted.containsKey(key) && live != null && !isKept(live)) {
                  objects.remove(key);
                }
              });
    }
    Optional<List<Manifest>> deployed = before == null ? Optional.empty() : before.deployed();
    storage.put(release, new Stored(well ? Optional.of(manifest) : deployed, manifest));
  }

  void uninstall(ObjectKey release, ReleaseSpec spec) {
    Stored before = storage.remove(release);
    if (before != null) {
      byKey(before.last(), spec)
          .forEach(
              (key, object) -> {
                if (!isKept(object)) {
                  objects.remove(key);
                }
              });
    }
  }

  /** Writes the release's objects again. */
  void correct(ObjectKey release, ReleaseSpec spec) {
    deployed(release)
        .forEach(object -> objects.put(key(object, spec), owned(key(object, spec), object, spec)));
  }

  /** The manifest of a release that ended well last; empty when none did. */
  List<Manifest> deployed(ObjectKey release) {
    Stored stored = storage.get(release);
    return stored == null ? List.of() : stored.deployed().orElse(List.of());
  }

  /** What is there of everything that Helm released, in the order of the keys. */
  List<Manifest> all() {
    return List.copyOf(objects.values());
  }

  private Manifest owned(ObjectKey key, Manifest object, ReleaseSpec spec) {
    Manifest before = objects.get(key);
    Map<String, @Nullable Object> annotations =
        new LinkedHashMap<>(object.map("metadata", "annotations"));
    annotations.put(OWNER, spec.releaseName());
    annotations.put(OWNER_NAMESPACE, spec.releaseNamespace());
    Map<String, @Nullable Object> labels = new LinkedHashMap<>(object.map("metadata", "labels"));
    labels.put(MANAGED_BY, "Helm");
    Object uid = before == null ? "object-" + ++made : before.at("metadata", "uid");
    Manifest owned = Fields.with(object, annotations, "metadata", "annotations");
    owned = Fields.with(owned, labels, "metadata", "labels");
    owned = Fields.with(owned, key.namespace(), "metadata", "namespace");
    return Fields.with(owned, uid, "metadata", "uid");
  }

  private static boolean isKept(Manifest object) {
    return object.kind().equals("CustomResourceDefinition")
        || object.annotation(POLICY).filter("keep"::equals).isPresent();
  }

  private static Map<ObjectKey, Manifest> byKey(List<Manifest> manifest, ReleaseSpec spec) {
    Map<ObjectKey, Manifest> byKey = new TreeMap<>();
    manifest.forEach(object -> byKey.put(key(object, spec), object));
    return byKey;
  }

  private static ObjectKey key(Manifest object, ReleaseSpec spec) {
    return ObjectKey.of(object, spec.releaseNamespace());
  }
}
