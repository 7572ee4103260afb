// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A chart and the charts in its {@code charts/} folder, as they lie there.
 *
 * @param folder its path in the umbrella chart with a slash at its end; "" for the umbrella itself
 * @param own its files by path in it, those of its sub-charts left out
 * @param all its files by path in the umbrella chart, those of its sub-charts among them
 * @param children by their folders' names
 */
record ChartTree(
    String folder,
    ChartYaml meta,
    SortedMap<String, byte[]> own,
    SortedMap<String, byte[]> all,
    SortedMap<String, ChartTree> children) {
  private static final String CHARTS = "charts/";

  static ChartTree of(SortedMap<String, byte[]> files) {
    return of(files, "");
  }

  private static ChartTree of(SortedMap<String, byte[]> files, String folder) {
    SortedMap<String, byte[]> own = new TreeMap<>();
    SortedMap<String, SortedMap<String, byte[]>> below = new TreeMap<>();
    files.forEach(
        (path, content) -> {
          String inChart = path.substring(folder.length());
          int slash = inChart.startsWith(CHARTS) ? inChart.indexOf('/', CHARTS.length()) : -1;
          if (slash > 0 && "._".indexOf(inChart.charAt(CHARTS.length())) < 0) {
            String name = inChart.substring(CHARTS.length(), slash);
            below.computeIfAbsent(name, n -> new TreeMap<>()).put(path, content);
          } else if (!inChart.startsWith(CHARTS)) {
            own.put(inChart, content);
          }
        });
    SortedMap<String, ChartTree> children = new TreeMap<>();
    below.forEach((name, content) -> children.put(name, of(content, folder + CHARTS + name + "/")));
    return new ChartTree(
        folder,
        ChartYaml.of(own, folder),
        Collections.unmodifiableSortedMap(own),
        Collections.unmodifiableSortedMap(new TreeMap<>(files)),
        Collections.unmodifiableSortedMap(children));
  }

  /**
   * A sub-chart as Helm sees it before conditions and tags.
   *
   * @param name its alias, or its chart's name
   * @param entries those in {@code dependencies} that have this name; empty for one that is not
   *     declared
   * @param charts nearly always one; several when several entries with other versions have one name
   */
  record Instance(String name, List<ChartYaml.Dependency> entries, List<ChartTree> charts) {
    /** Whether all it has are named templates. */
    boolean library() {
      return charts.stream().allMatch(chart -> chart.meta().library());
    }

    boolean imports() {
      return entries.stream().anyMatch(entry -> !entry.imports().isEmpty());
    }

    /** Whether a file lies in it. */
    boolean holds(String path) {
      return charts.stream().anyMatch(chart -> path.startsWith(chart.folder()));
    }

    /** Whether both are one chart under two names. */
    boolean shares(Instance other) {
      return charts.stream()
          .anyMatch(own -> other.charts.stream().anyMatch(c -> c.folder().equals(own.folder())));
    }
  }

  /** Returns its direct sub-charts by name. */
  SortedMap<String, Instance> instances() {
    SortedMap<String, List<ChartTree>> charts = new TreeMap<>();
    for (ChartTree child : children.values()) {
      if (meta.dependencies().stream().noneMatch(entry -> entry.means(child.meta()))) {
        charts.computeIfAbsent(child.meta().name(), n -> new ArrayList<>()).add(child);
      }
    }
    for (ChartYaml.Dependency entry : meta.dependencies()) {
      ChartTree chart = first(entry);
      if (chart != null) {
        charts.computeIfAbsent(entry.name(), n -> new ArrayList<>()).add(chart);
      }
    }
    SortedMap<String, Instance> instances = new TreeMap<>();
    charts.forEach(
        (name, found) -> {
          List<ChartYaml.Dependency> entries =
              meta.dependencies().stream().filter(entry -> entry.name().equals(name)).toList();
          instances.put(name, new Instance(name, entries, List.copyOf(found)));
        });
    return instances;
  }

  private @Nullable ChartTree first(ChartYaml.Dependency entry) {
    return children.values().stream()
        .filter(child -> entry.means(child.meta()))
        .findFirst()
        .orElse(null);
  }

  /** Whether tags decide on a dependency of it, at any depth. */
  boolean isTagged() {
    return meta.dependencies().stream().anyMatch(ChartYaml.Dependency::tagged)
        || children.values().stream().anyMatch(ChartTree::isTagged);
  }

  /** Whether its sub-charts are more than one of this chart's name. */
  boolean hasSeveralOf(String chart) {
    return children.values().stream().filter(c -> c.meta().name().equals(chart)).count() > 1;
  }
}
