// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What we wrote and the watch has perhaps not seen yet. A write is forgotten when the watch has it
 * or something newer, when the watch saw its end, and after a while in any case: by then a watch
 * that works has seen it.
 */
final class OwnWrites {
  private record Write(Manifest manifest, long version, long until) {}

  private final long keptNanos;
  private final Map<String, Write> byKey = new ConcurrentHashMap<>();

  OwnWrites(Duration kept) {
    this.keptNanos = kept.toNanos();
  }

  /** Remembers what the API server returned, unless an even newer one is remembered. */
  void add(Manifest written) {
    Write write = new Write(written, version(written), System.nanoTime() + keptNanos);
    byKey.merge(
        WatchedItems.keyOf(written),
        write,
        (before, now) -> before.version() > now.version() ? before : now);
  }

  /** The watch saw the end of that object, at that version. */
  void ended(String key, String resourceVersion) {
    byKey.computeIfPresent(
        key, (name, write) -> write.version() < parse(resourceVersion) ? null : write);
  }

  /**
   * Returns those of the group that are newer than what is watched.
   *
   * @param watched finds by key
   */
  List<Manifest> ahead(GroupName group, Function<String, Optional<Manifest>> watched) {
    settle(watched);
    return byKey.values().stream()
        .map(Write::manifest)
        .filter(written -> written.label(Labels.GROUP).equals(Optional.of(group.value())))
        .toList();
  }

  /** As the other, of all groups. */
  List<Manifest> ahead(Function<String, Optional<Manifest>> watched) {
    settle(watched);
    return byKey.values().stream().map(Write::manifest).toList();
  }

  /** As the other, of the object with that key. */
  Optional<Manifest> ahead(String key, Function<String, Optional<Manifest>> watched) {
    return Optional.ofNullable(byKey.get(key))
        .filter(write -> version(watched.apply(key)) < write.version())
        .map(Write::manifest);
  }

  /** The object is gone, which a watch may have seen before we were told of our last write. */
  void forget(String key) {
    byKey.remove(key);
  }

  /** Forgets what the watch has by now, and what it should have had long since. */
  void settle(Function<String, Optional<Manifest>> watched) {
    long now = System.nanoTime();
    byKey
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue().until() - now < 0
                    || watched
                        .apply(entry.getKey())
                        .filter(seen -> version(seen) >= entry.getValue().version())
                        .isPresent());
  }

  /** 0 for none. */
  private static long version(Optional<Manifest> manifest) {
    return manifest.map(OwnWrites::version).orElse(0L);
  }

  private static long version(Manifest manifest) {
    return manifest.text("metadata", "resourceVersion").map(OwnWrites::parse).orElse(0L);
  }

  /** Versions of one resource may be compared as numbers (KEP-5504; always so with etcd). */
  private static long parse(String resourceVersion) {
    return resourceVersion.matches("[0-9]{1,18}") ? Long.parseLong(resourceVersion) : 0L;
  }
}
