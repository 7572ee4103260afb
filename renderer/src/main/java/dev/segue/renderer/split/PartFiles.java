// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.split.ChartTree.Instance;
import dev.segue.renderer.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the files of a part together. Sub-charts that only lend something to it are stubs:
 *
 * <ul>
 *   <li>of values: {@code Chart.yaml} and {@code values.yaml} as they are, and those of the charts
 *       in it;
 *   <li>of names: a {@code Chart.yaml} with little more than the name, so that no other change in
 *       that sub-chart touches this part, and the files that define the named templates.
 * </ul>
 *
 * A sub-chart that lies in the part under two names gets a folder for each: Flux counts folders and
 * entries, and would fetch the one that it misses.
 */
final class PartFiles {
  /** What a stub of names says: it need not change when the sub-chart does. */
  private static final String NO_VERSION = "0.0.0";

  private static final Pattern RENDERED = Pattern.compile("(charts/[^/]+/)*templates/.+");

  private final ChartTree root;
  private final SortedMap<String, Instance> instances;
  private final SortedMap<String, Kept> kept = new TreeMap<>();
  private final SortedMap<String, Definitions.Winner> names = new TreeMap<>();
  private final SortedMap<String, byte[]> files = new TreeMap<>();

  private final ChartYaml meta;
  private boolean verbatim;

  /**
   * @param meta what the part says of itself
   * @param instances all direct sub-charts by name
   */
  PartFiles(ChartTree root, ChartYaml meta, SortedMap<String, Instance> instances) {
    this.root = root;
    this.meta = meta;
    this.instances = instances;
  }

  /** How much of a sub-chart is in the part. */
  enum Kept {
    NAMES,
    VALUES,
    WHOLE
  }

  void keep(String subchart, Kept how) {
    kept.merge(subchart, how, BinaryOperator.maxBy(Comparator.naturalOrder()));
  }

  /** Keeps what defines a named template. */
  void keep(Definitions.Winner winner) {
    Definitions.File file = winner.file();
    names.put(file.name(), winner);
    if (!file.chain().isEmpty() && !isInWhole(file.path())) {
      keep(file.chain().get(0).name(), Kept.NAMES);
    }
  }

  boolean isInWhole(String path) {
    return kept.entrySet().stream()
        .anyMatch(e -> e.getValue() == Kept.WHOLE && instance(e.getKey()).holds(path));
  }

  SortedMap<String, Kept> kept() {
    return kept;
  }

  void put(String path, byte[] content) {
    files.put(path, content);
  }

  /**
   * Returns the files.
   *
   * @param verbatim whether entries of dependencies stay as they are written, because a template
   *     looks at them
   * @param prefix what every rendered template of a whole sub-chart begins with
   */
  SortedMap<String, byte[]> build(boolean verbatim, String prefix) {
    this.verbatim = verbatim;
    SortedMap<String, byte[]> built = new TreeMap<>(files);
    kept.forEach((name, how) -> addSubchart(built, instance(name), how, prefix));
    names.values().forEach(winner -> addNames(built, winner));
    addChains(built);
    addDependencies(built);
    return built;
  }

  private Instance instance(String name) {
    Instance instance = instances.get(name);
    if (instance == null) {
      throw new IllegalArgumentException("the chart has no sub-chart \"" + name + "\"");
    }
    return instance;
  }

  private void addSubchart(
      SortedMap<String, byte[]> built, Instance instance, Kept how, String prefix) {
    for (ChartTree chart : instance.charts()) {
      if (how == Kept.WHOLE) {
        addWhole(built, instance, chart, prefix);
      } else if (how == Kept.VALUES) {
        addValues(built, instance, chart, chart);
      }
      if (how != Kept.NAMES && isApart(instance)) {
        built.put(
            moved(instance, chart, chart.folder() + ChartYaml.FILE),
            chart.meta().named(instance.name()));
      }
    }
  }

  private void addWhole(
      SortedMap<String, byte[]> built, Instance instance, ChartTree chart, String prefix) {
    chart
        .all()
        .forEach(
            (path, content) ->
                built.put(
                    moved(instance, chart, path),
                    !prefix.isEmpty() && isRendered(path) ? prefixed(prefix, content) : content));
  }

  /** Whether Helm renders what lies by this path: in {@code templates/} of a chart at any depth. */
  static boolean isRendered(String path) {
    return RENDERED.matcher(path).matches() && !Definitions.isPartial(path);
  }

  private static byte[] prefixed(String prefix, byte[] content) {
    int mark = content.length > 2 && content[0] == (byte) 0xEF && content[1] == (byte) 0xBB ? 3 : 0;
    byte[] before = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] prefixed = new byte[before.length + content.length];
    System.arraycopy(content, 0, prefixed, 0, mark);
    System.arraycopy(before, 0, prefixed, mark, before.length);
    System.arraycopy(content, mark, prefixed, mark + before.length, content.length - mark);
    return prefixed;
  }

  private void addValues(
      SortedMap<String, byte[]> built, Instance instance, ChartTree direct, ChartTree chart) {
    for (String file : List.of(ChartYaml.FILE, ChartYaml.REQUIREMENTS, ChartYaml.VALUES)) {
      byte[] content = chart.own().get(file);
      if (content != null) {
        built.put(moved(instance, direct, chart.folder() + file), content);
      }
    }
    chart.children().values().forEach(child -> addValues(built, instance, direct, child));
  }

  private void addNames(SortedMap<String, byte[]> built, Definitions.Winner winner) {
    Definitions.File file = winner.file();
    if (isInWhole(file.path())) {
      return;
    }
    byte[] content =
        file.partial()
            ? root.all().get(file.path())
            : file.text().definitionsOnly().getBytes(StandardCharsets.UTF_8);
    if (content == null) {
      throw new IllegalStateException(file.path() + " is a file of the chart");
    }
    if (file.chain().isEmpty()) {
      built.putIfAbsent(file.path(), content); // the parent has all of its own
      return;
    }
    Instance direct = file.chain().get(0);
    built.put(moved(direct, file.charts().get(0), file.path()), content);
  }

  /** What the stubs of names must say of the charts in them, by folder. */
  private void addChains(SortedMap<String, byte[]> built) {
    SortedMap<String, Map<String, @Nullable Object>> metas = new TreeMap<>();
    SortedMap<String, SortedMap<String, Map<String, @Nullable Object>>> entries = new TreeMap<>();
    for (Definitions.Winner winner : names.values()) {
      Definitions.File file = winner.file();
      if (file.chain().isEmpty()
          || isInWhole(file.path())
          || kept.get(file.chain().get(0).name()) != Kept.NAMES) {
        continue;
      }
      Instance direct = file.chain().get(0);
      ChartTree parent = root;
      for (int i = 0; i < file.charts().size(); i++) {
        ChartTree chart = file.charts().get(i);
        String name = file.chain().get(i).name();
        String own = i == 0 && isApart(direct) ? name : chart.meta().name();
        String version = stubVersion(parent, chart);
        if (i > 0) {
          String above = moved(direct, file.charts().get(0), parent.folder() + ChartYaml.FILE);
          entries
              .computeIfAbsent(above, p -> new TreeMap<>())
              .put(name, entry(own, version, own.equals(name) ? "" : name));
        }
        String path = moved(direct, file.charts().get(0), chart.folder() + ChartYaml.FILE);
        metas.put(path, stub(own, version, chart.meta().library()));
        parent = chart;
      }
    }
    metas.forEach(
        (path, fields) -> {
          if (entries.containsKey(path)) {
            fields.put("dependencies", new ArrayList<>(entries.get(path).values()));
          }
          built.put(path, YamlWriter.write(fields).getBytes(StandardCharsets.UTF_8));
        });
  }

  private static Map<String, @Nullable Object> stub(String name, String version, boolean library) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", "v2");
    fields.put("name", name);
    fields.put("version", version);
    if (library) {
      fields.put("type", "library");
    }
    return fields;
  }

  /** Helm tells several of one name apart by their versions. */
  private static String stubVersion(ChartTree parent, ChartTree chart) {
    return parent.hasSeveralOf(chart.meta().name()) ? chart.meta().version() : NO_VERSION;
  }

  /** Whether it needs a folder of its own, since another that is kept is the same chart. */
  private boolean isApart(Instance instance) {
    return !verbatim
        && instance.entries().stream().anyMatch(entry -> !entry.alias().isEmpty())
        && kept.keySet().stream()
            .anyMatch(
                other ->
                    !other.equals(instance.name())
                        && kept.get(other) != Kept.NAMES
                        && instance(other).shares(instance));
  }

  private String moved(Instance instance, ChartTree chart, String path) {
    if (!isApart(instance)) {
      return path;
    }
    String folder = "charts/" + instance.name();
    String other = root.children().containsKey(instance.name()) ? folder + "-part" : folder;
    return other + "/" + path.substring(chart.folder().length());
  }

  private void addDependencies(SortedMap<String, byte[]> built) {
    if (!root.meta().declares()) {
      return;
    }
    List<Map<String, @Nullable Object>> entries = new ArrayList<>();
    List<Map<String, @Nullable Object>> written = new ArrayList<>();
    for (ChartYaml.Dependency entry : root.meta().dependencies()) {
      written.add(entry.fields());
      Kept how = kept.get(entry.name());
      if (how != null) {
        entries.add(entry(entry, how));
      }
    }
    if (!verbatim) {
      kept.forEach(
          (name, how) -> {
            if (instance(name).entries().isEmpty()) {
              ChartTree chart = instance(name).charts().get(0);
              String version =
                  how == Kept.NAMES ? stubVersion(root, chart) : chart.meta().version();
              entries.add(entry(chart.meta().name(), version, ""));
            }
          });
    }
    if (!entries.equals(written) || !meta.equals(root.meta())) {
      built.put(meta.declaring(), meta.declaring(entries));
    }
  }

  private Map<String, @Nullable Object> entry(ChartYaml.Dependency entry, Kept how) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(entry.fields());
    if (verbatim) {
      return fields;
    }
    Instance instance = instance(entry.name());
    if (how == Kept.NAMES) {
      String version = root.hasSeveralOf(entry.chart()) ? entry.version() : NO_VERSION;
      fields = entry(entry.chart(), version, entry.alias());
    }
    if (isApart(instance)) {
      fields.put("name", entry.name());
      fields.remove("alias");
    }
    if (how == Kept.VALUES || decidedElsewhere(entry)) {
      fields.remove("condition");
      fields.remove("tags");
    }
    return fields;
  }

  /**
   * Whether a condition of it may be decided by the values of a sub-chart that is not in the part;
   * what is in the part is enabled.
   */
  private boolean decidedElsewhere(ChartYaml.Dependency entry) {
    return entry.conditions().stream()
        .map(path -> path.get(0))
        .anyMatch(key -> instances.containsKey(key) && !key.equals(entry.name()));
  }

  /** Without any entry Helm would look at no dependencies at all. */
  private static Map<String, @Nullable Object> entry(String name, String version, String alias) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("version", version);
    if (!alias.isEmpty()) {
      fields.put("alias", alias);
    }
    return fields;
  }
}
