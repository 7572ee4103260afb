// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The templates of an umbrella chart that Helm parses with certain values, and which definition of
 * each named template it takes: all templates share one set of names, the deepest file is parsed
 * first and in one depth the last by name, a later definition replaces an earlier one unless it is
 * empty (Helm's {@code engine.go}, {@code sortTemplates}; Go's {@code text/template}).
 */
final class Definitions {
  private static final String TEMPLATES = "templates/";
  private static final Comparator<File> BY_DEPTH =
      Comparator.comparingInt(Definitions::depth).thenComparing(File::name);

  private final List<File> files = new ArrayList<>();
  private final SortedMap<String, Winner> winners = new TreeMap<>();
  private final Map<String, List<File>> rendered = new HashMap<>();
  private final Map<String, List<Winner>> winnersIn = new HashMap<>();

  /** By content: the same library is often in many sub-charts. */
  private final Map<String, TemplateText> texts = new HashMap<>();

  private Definitions() {}

  /** Without a stream: all files of a chart are compared with each other by it. */
  private static int depth(File file) {
    int depth = 0;
    for (int at = file.name().indexOf('/'); at >= 0; at = file.name().indexOf('/', at + 1)) {
      depth++;
    }
    return depth;
  }

  static Definitions of(ChartTree root, Enabled enabled) {
    Definitions definitions = new Definitions();
    definitions.collect(root, enabled, root.meta().name(), List.of(), List.of());
    definitions.files.sort(BY_DEPTH.reversed());
    definitions.files.forEach(definitions::parse);
    definitions.group();
    return definitions;
  }

  /**
   * A template file of a chart that is enabled.
   *
   * @param name as Helm names it, such as {@code shop/charts/db/templates/service.yaml}
   * @param path in the umbrella chart's files
   * @param chain the names of the sub-charts that it lies in, outermost first; empty for the
   *     umbrella's own
   * @param charts as long as {@code chain}
   */
  record File(
      String name,
      String path,
      List<ChartTree.Instance> chain,
      List<ChartTree> charts,
      TemplateText text) {
    /** Whether it gives no output of its own. */
    boolean partial() {
      return isPartial(path);
    }

    /** The direct sub-chart that it lies in; "" for the umbrella's own files. */
    String subchart() {
      return chain.isEmpty() ? "" : chain.get(0).name();
    }
  }

  /**
   * @param definition null when the name is that of the file itself
   */
  record Winner(File file, TemplateText.@Nullable Definition definition) {}

  /** Whether a template by this path gives no output of its own. */
  static boolean isPartial(String path) {
    return path.startsWith("_", path.lastIndexOf('/') + 1);
  }

  /** Those of a direct sub-chart, "" for the umbrella itself, that Helm renders. */
  List<File> rendered(String subchart) {
    return rendered.getOrDefault(subchart, List.of());
  }

  /** The named templates that are a direct sub-chart's, "" for the umbrella itself. */
  List<Winner> winnersIn(String subchart) {
    return winnersIn.getOrDefault(subchart, List.of());
  }

  /** By their names, those of the files themselves among them. */
  SortedMap<String, Winner> winners() {
    return Collections.unmodifiableSortedMap(winners);
  }

  private void collect(
      ChartTree chart,
      Enabled enabled,
      String fullName,
      List<ChartTree.Instance> chain,
      List<ChartTree> charts) {
    chart
        .own()
        .forEach(
            (inChart, content) -> {
              boolean parsed =
                  inChart.startsWith(TEMPLATES) && (!chart.meta().library() || isPartial(inChart));
              if (parsed) {
                String path = chart.folder() + inChart;
                TemplateText text =
                    texts.computeIfAbsent(ChartYaml.text(content), TemplateText::of);
                files.add(new File(fullName + "/" + inChart, path, chain, charts, text));
              }
            });
    for (ChartTree.Instance instance : chart.instances().values()) {
      Enabled below = enabled.subcharts().get(instance.name());
      if (below != null) {
        for (ChartTree child : instance.charts()) {
          collect(
              child,
              below,
              fullName + "/charts/" + instance.name(),
              with(chain, instance),
              with(charts, child));
        }
      }
    }
  }

  private static <T> List<T> with(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return List.copyOf(longer);
  }

  private void group() {
    for (File file : files) {
      if (!file.partial()) {
        rendered.computeIfAbsent(file.subchart(), s -> new ArrayList<>()).add(file);
      }
    }
    for (Winner winner : winners.values()) {
      if (winner.definition() != null) {
        winnersIn.computeIfAbsent(winner.file().subchart(), s -> new ArrayList<>()).add(winner);
      }
    }
  }

  private void parse(File file) {
    winners.put(file.name(), new Winner(file, null));
    for (TemplateText.Definition definition : file.text().definitions()) {
      if (!definition.empty() || !winners.containsKey(definition.name())) {
        winners.put(definition.name(), new Winner(file, definition));
      }
    }
  }
}
