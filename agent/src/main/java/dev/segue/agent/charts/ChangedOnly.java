// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** An umbrella chart without the templates of the sub-charts that did not change. */
final class ChangedOnly {
  private static final Pattern NAMED = Pattern.compile("\\{\\{-?\\s*(define|block)\\b");

  private ChangedOnly() {}

  /**
   * Leaves out what only gives objects of unchanged sub-charts: their templates, unless those name
   * templates that others may use, and their CRDs. What stays sees the same values, files, named
   * templates and sub-charts as in the whole.
   *
   * @param enabled the direct sub-charts by name or alias
   * @param unchanged some of them
   */
  static ChartFiles of(ChartFiles files, Set<String> enabled, Set<String> unchanged)
      throws ChartException {
    Map<String, Set<String>> names = namesByChart(files);
    Map<String, Boolean> left = new HashMap<>();
    SortedMap<String, byte[]> kept = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : files.all().entrySet()) {
      String path = file.getKey();
      String folder = subchart(path);
      if (folder.isEmpty() || !givesObjects(path, file.getValue())) {
        kept.put(path, file.getValue());
        continue;
      }
      Boolean unused = left.get(folder);
      if (unused == null) {
        unused = isUnused(files.below(folder), names, enabled, unchanged);
        left.put(folder, unused);
      }
      if (!unused) {
        kept.put(path, file.getValue());
      }
    }
    return ChartFiles.of(kept, "chart");
  }

  /** By a chart's name the aliases that the umbrella chart has for it. */
  private static Map<String, Set<String>> namesByChart(ChartFiles files) throws ChartException {
    Map<String, Set<String>> names = new HashMap<>();
    for (ChartMetadata.Dependency dependency : ChartMetadata.of(files, "chart").dependencies()) {
      if (!dependency.alias().isEmpty()) {
        names.computeIfAbsent(dependency.name(), name -> new HashSet<>()).add(dependency.alias());
      }
    }
    return names;
  }

  /** Whether whatever this chart may be called is unchanged, or not there. */
  private static boolean isUnused(
      ChartFiles chart, Map<String, Set<String>> names, Set<String> enabled, Set<String> unchanged)
      throws ChartException {
    String name = ChartMetadata.of(chart, "sub-chart").name();
    Set<String> called = new HashSet<>(names.getOrDefault(name, Set.of()));
    called.add(name);
    called.retainAll(enabled);
    return unchanged.containsAll(called);
  }

  /** {@code charts/x} for a file in it; "" for the umbrella chart's own. */
  private static String subchart(String path) {
    if (!path.startsWith("charts/")) {
      return "";
    }
    int end = path.indexOf('/', "charts/".length());
    return end < 0 ? "" : path.substring(0, end);
  }

  private static boolean givesObjects(String path, byte[] content) {
    String inChart = path.substring(WorkerCopy.chartFolder(path).length());
    if (inChart.startsWith("crds/")) {
      return true;
    }
    return inChart.startsWith("templates/")
        && !path.substring(path.lastIndexOf('/') + 1).startsWith("_")
        && !NAMED.matcher(ChartFiles.text(content)).find();
  }
}
