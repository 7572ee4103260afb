// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps so many entries: what was not asked for longest goes first. Safe for several threads. */
final class Recent<K, V> {
  private final Map<K, V> entries;

  Recent(int most) {
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  synchronized Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key));
  }

  synchronized void put(K key, V value) {
    entries.put(key, value);
  }
}
