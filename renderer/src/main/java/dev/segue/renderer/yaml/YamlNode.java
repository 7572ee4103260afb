// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A part of a YAML document that knows its line (1 being the first). Aliases are already followed,
 * merge keys merged.
 */
public sealed interface YamlNode {
  int line();

  /**
   * Returns plain data: sorted maps with string keys, lists, strings, booleans, Long, BigInteger,
   * Double and null.
   */
  @Nullable Object data();

  /**
   * @param value null, Boolean, Long, BigInteger, Double or String, as Kubernetes reads it
   * @param text as it is written, without quotes
   */
  record Scalar(int line, @Nullable Object value, String text) implements YamlNode {
    @Override
    public @Nullable Object data() {
      return value;
    }
  }

  record Sequence(int line, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public List<@Nullable Object> data() {
      List<@Nullable Object> list = new ArrayList<>(items.size());
      items.forEach(item -> list.add(item.data()));
      return list;
    }
  }

  /** Entries in the file's order, their keys unique. */
  record Mapping(int line, List<Entry> entries) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    /** Returns what stands under {@code key}; null when nothing does. */
    public @Nullable YamlNode get(String key) {
      for (Entry entry : entries) {
        if (entry.key().equals(key)) {
          return entry.value();
        }
      }
      return null;
    }

    @Override
    public Map<String, @Nullable Object> data() {
      Map<String, @Nullable Object> map = new TreeMap<>();
      entries.forEach(entry -> map.put(entry.key(), entry.value().data()));
      return map;
    }
  }

  /**
   * @param line the key's line
   */
  record Entry(String key, int line, YamlNode value) {}
}
