// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into YAML of others, whose fields may be anything. */
final class Nodes {
  private Nodes() {}

  /** The entries of a map; none when {@code node} is no map. */
  static List<YamlNode.Entry> entries(@Nullable YamlNode node) {
    return node instanceof YamlNode.Mapping mapping ? mapping.entries() : List.of();
  }

  /** The items of a list; none when {@code node} is no list. */
  static List<YamlNode> items(@Nullable YamlNode node) {
    return node instanceof YamlNode.Sequence sequence ? sequence.items() : List.of();
  }

  static @Nullable YamlNode get(@Nullable YamlNode node, String key) {
    return node instanceof YamlNode.Mapping mapping ? mapping.get(key) : null;
  }

  /** The text of a scalar as it is written; "" for null and for what is no scalar. */
  static String text(@Nullable YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && scalar.value() != null ? scalar.text() : "";
  }

  static boolean isTrue(@Nullable YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && Boolean.TRUE.equals(scalar.value());
  }

  static boolean isFalse(@Nullable YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && Boolean.FALSE.equals(scalar.value());
  }

  /** Whether nothing is said by it: null, false, 0, "", a list or map of nothing. */
  static boolean isEmpty(@Nullable YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.value() == null
          || Boolean.FALSE.equals(scalar.value())
          || Long.valueOf(0).equals(scalar.value())
          || "".equals(scalar.value());
    }
    return items(node).isEmpty() && entries(node).isEmpty();
  }

  /** As {@link YamlNode#data}, maps in the order of the file. */
  static @Nullable Object data(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      mapping.entries().forEach(entry -> map.put(entry.key(), data(entry.value())));
      return map;
    }
    if (node instanceof YamlNode.Sequence sequence) {
      List<@Nullable Object> list = new ArrayList<>();
      sequence.items().forEach(item -> list.add(data(item)));
      return list;
    }
    return node.data();
  }
}
