// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.migrate.Migrations;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SensitiveValues;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.schema.Crd;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The specs of a file's groups as a cluster may show them: as they are written, fields without a
 * value left out, what {@code sensitiveValues} names masked. A file of Orkestra is shown in our
 * form.
 */
public final class DeclaredSpecs {
  private static final String ORKESTRA = "orkestra.azure.microsoft.com/";
  private static final String VALUES = "values";

  private DeclaredSpecs() {}

  /** Returns the specs by name; of a group whose document has problems perhaps none. */
  public static SortedMap<GroupName, Map<String, @Nullable Object>> of(SourceFile file) {
    SortedMap<GroupName, Map<String, @Nullable Object>> specs = new TreeMap<>();
    if (collect(file.text(), specs)) {
      String migrated =
          Migrations.of(file, GroupName.parse("unnamed"), RepoPath.ROOT, values -> Optional.empty())
              .text();
      collect(migrated, specs);
    }
    return Collections.unmodifiableSortedMap(specs);
  }

  /** Returns whether there are groups of Orkestra among them, which are passed over. */
  private static boolean collect(
      String text, SortedMap<GroupName, Map<String, @Nullable Object>> specs) {
    boolean others = false;
    for (YamlNode document : YamlReader.read(text).documents()) {
      if (document instanceof YamlNode.Mapping) {
        Map<String, @Nullable Object> data = PlainData.map(document.data());
        others |= PlainData.text(data, "apiVersion").startsWith(ORKESTRA);
        Object spec = data.get("spec");
        if (PlainData.text(data, "apiVersion").equals(Crd.API_VERSION)
            && PlainData.text(data, "kind").equals(Crd.KIND)
            && spec instanceof Map<?, ?> fields) {
          name(PlainData.text(data, "metadata", "name"))
              .ifPresent(name -> specs.put(name, shown(fields)));
        }
      }
    }
    return others;
  }

  private static Optional<GroupName> name(String text) {
    try {
      return Optional.of(GroupName.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The API server takes no null where it knows the field, and gives one in values a meaning. */
  private static Map<String, @Nullable Object> shown(Map<?, ?> node) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    node.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> values && VALUES.equals(key)) {
            shown.put(
                VALUES,
                SensitiveValues.masked(values, PlainData.texts(node.get("sensitiveValues"))));
          } else if (value != null) {
            shown.put((String) key, shownNode(plain((String) key, value)));
          }
        });
    return shown;
  }

  /** Two references that a file may also write as Orkestra does. */
  private static Object plain(String key, Object value) {
    String text =
        switch (key) {
          case "authSecretRef" -> PlainData.text(value, "name");
          case "image" -> PlainData.text(value, "image");
          default -> "";
        };
    return text.isEmpty() ? value : text;
  }

  private static @Nullable Object shownNode(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      return shown(map);
    }
    if (node instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(shownNode(item)));
      return items;
    }
    return node;
  }
}
