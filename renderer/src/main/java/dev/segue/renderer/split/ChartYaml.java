// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.VersionRange;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import dev.segue.renderer.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a chart says of itself.
 *
 * @param declaring the file that declares its dependencies, {@code Chart.yaml} or {@code
 *     requirements.yaml}; "" when none does
 * @param dependencies in the file's order
 * @param fields all that {@code Chart.yaml} says, in its order
 * @param declaringFields all that the declaring file says
 */
record ChartYaml(
    String name,
    String version,
    boolean library,
    String declaring,
    List<Dependency> dependencies,
    Map<String, @Nullable Object> fields,
    Map<String, @Nullable Object> declaringFields) {
  static final String FILE = "Chart.yaml";
  static final String REQUIREMENTS = "requirements.yaml";
  static final String VALUES = "values.yaml";

  /** What is said of the part of a sub-chart as of the umbrella chart. */
  private static final Set<String> OF_PART = Set.of("apiVersion", "name", "type", "kubeVersion");

  /**
   * @param chart the chart's name
   * @param version a range, as written; "" when there is none
   * @param alias "" when there is none
   * @param conditions paths in the values
   * @param tagged whether tags decide on it
   * @param fields everything that is written
   */
  record Dependency(
      String chart,
      String version,
      String alias,
      List<List<String>> conditions,
      boolean tagged,
      List<@Nullable Object> imports,
      Map<String, @Nullable Object> fields) {
    /** What Helm calls it in this chart. */
    String name() {
      return alias.isEmpty() ? chart : alias;
    }

    /** As Helm matches it. */
    boolean means(ChartYaml other) {
      return chart.equals(other.name()) && isInRange(other.version());
    }

    private boolean isInRange(String found) {
      try {
        return VersionRange.parse(version).matches(found);
      } catch (IllegalArgumentException e) { // no range is in no range, as with Helm
        return false;
      }
    }
  }

  /**
   * @param files the chart's own by path in it
   * @param shown what messages call its folder; "" for the umbrella chart
   */
  static ChartYaml of(SortedMap<String, byte[]> files, String shown) {
    byte[] content = files.get(FILE);
    if (content == null) {
      throw new IllegalArgumentException(
          "the chart must have a `" + shown + FILE + "`; it has none");
    }
    YamlNode.Mapping root = read(content, shown + FILE);
    byte[] requirements = files.get(REQUIREMENTS);
    String declaring = isList(root) ? FILE : "";
    YamlNode.Mapping declared = root;
    if (requirements != null) {
      YamlNode.Mapping old = read(requirements, shown + REQUIREMENTS);
      if (isList(old)) {
        declaring = REQUIREMENTS;
        declared = old;
      }
    }
    String name = text(root, "name");
    if (name.isEmpty() || name.contains("/")) {
      throw new IllegalArgumentException(
          shown + FILE + ": field `name` must be a chart's name; got \"" + name + "\"");
    }
    return new ChartYaml(
        name,
        text(root, "version"),
        text(root, "type").equalsIgnoreCase("library"),
        declaring,
        dependencies(declared),
        ordered(root),
        ordered(declared));
  }

  /** Whether Helm looks at dependencies at all. */
  boolean declares() {
    return !declaring.isEmpty();
  }

  /** Returns its {@code Chart.yaml} under another name. */
  byte[] named(String other) {
    Map<String, @Nullable Object> renamed = new LinkedHashMap<>(fields);
    renamed.put("name", other);
    return YamlWriter.write(renamed).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns what is said of the part of a sub-chart: this chart's name, which is in the path of
   * every template, with the versions of the sub-chart. So the part does not change when only this
   * chart's version does; no template of the part sees the difference.
   */
  ChartYaml releasing(ChartYaml subchart) {
    Map<String, @Nullable Object> reduced = new LinkedHashMap<>(fields);
    reduced.keySet().retainAll(OF_PART);
    for (String key : List.of("version", "appVersion")) {
      if (subchart.fields.containsKey(key)) {
        reduced.put(key, subchart.fields.get(key));
      }
    }
    return new ChartYaml(
        name,
        subchart.version,
        library,
        declaring,
        dependencies,
        reduced,
        declaring.equals(FILE) ? reduced : declaringFields);
  }

  /** Returns it without its dependencies. */
  byte[] content() {
    return YamlWriter.write(fields).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the declaring file with these dependencies in place of its own. */
  byte[] declaring(List<Map<String, @Nullable Object>> entries) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(declaringFields);
    if (entries.isEmpty()) {
      fields.remove("dependencies");
    } else {
      fields.put("dependencies", entries);
    }
    return YamlWriter.write(fields).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the text of a file as Helm reads it. */
  static String text(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static boolean isList(YamlNode.Mapping root) {
    return root.get("dependencies") instanceof YamlNode.Sequence;
  }

  private static YamlNode.Mapping read(byte[] content, String shown) {
    YamlStream stream = YamlReader.read(text(content));
    if (!stream.faults().isEmpty()) {
      throw new IllegalArgumentException(
          shown + ":" + stream.faults().get(0).line() + " " + stream.faults().get(0).message());
    }
    if (stream.documents().isEmpty()) {
      return new YamlNode.Mapping(1, List.of());
    }
    if (stream.documents().get(0) instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    throw new IllegalArgumentException(shown + " must be a YAML map");
  }

  private static List<Dependency> dependencies(YamlNode.Mapping root) {
    if (!(root.get("dependencies") instanceof YamlNode.Sequence sequence)) {
      return List.of();
    }
    List<Dependency> dependencies = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      if (item instanceof YamlNode.Mapping entry) {
        dependencies.add(
            new Dependency(
                text(entry, "name"),
                text(entry, "version"),
                text(entry, "alias"),
                conditions(text(entry, "condition")),
                entry.get("tags") instanceof YamlNode.Sequence tags && !tags.items().isEmpty(),
                entry.get("import-values") instanceof YamlNode.Sequence imports
                    ? imports.data()
                    : List.of(),
                ordered(entry)));
      }
    }
    return List.copyOf(dependencies);
  }

  private static List<List<String>> conditions(String text) {
    return Arrays.stream(text.strip().split(",", -1))
        .filter(path -> !path.isEmpty())
        .map(path -> List.of(path.split("\\.", -1)))
        .toList();
  }

  /** Plain data in the file's order. */
  private static Map<String, @Nullable Object> ordered(YamlNode.Mapping mapping) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    mapping.entries().forEach(entry -> fields.put(entry.key(), ordered(entry.value())));
    return fields;
  }

  private static @Nullable Object ordered(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      return ordered(mapping);
    }
    if (node instanceof YamlNode.Sequence sequence) {
      List<@Nullable Object> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(ordered(item)));
      return items;
    }
    return node.data();
  }

  /** The scalar as it is written; "" when there is none. */
  private static String text(YamlNode.Mapping mapping, String key) {
    return mapping.get(key) instanceof YamlNode.Scalar scalar && scalar.value() != null
        ? scalar.text()
        : "";
  }

  /** Where an entry of {@code import-values} takes from, and where it puts it: "." for the root. */
  static List<String> importPath(@Nullable Object entry, String side) {
    if (entry instanceof String exported) {
      return side.equals("child")
          ? List.of(("exports." + exported).split("\\.", -1))
          : List.of(".");
    }
    String path = PlainData.text(entry, side);
    return path.isEmpty() || path.equals(".") ? List.of(".") : List.of(path.split("\\.", -1));
  }
}
