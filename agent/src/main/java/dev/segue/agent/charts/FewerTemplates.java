// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an umbrella chart can do without when the objects of some of its sub-charts are not wanted.
 * Holds paths and short {@code Chart.yaml}s, no other contents.
 */
final class FewerTemplates {
  private static final Pattern NAMED =
      Pattern.compile("\\{\\{-?\\s*(?:define|block)\\b(?:\\s+(\"[^\"\\\\\\n]*\"|`[^`]*`))?");

  /** By path of what gives objects or names of its own only: the folder that it is in. */
  private final Map<String, String> dispensable;

  /** By folder ({@code charts/x}) what the umbrella chart may call the sub-chart in it. */
  private final Map<String, Set<String>> called;

  private final Set<String> libraries;
  private final boolean ambiguous;

  /** By path the {@code Chart.yaml} of sub-charts, without dependencies that say nothing. */
  private final SortedMap<String, byte[]> undeclared;

  private FewerTemplates(
      Map<String, String> dispensable,
      Map<String, Set<String>> called,
      Set<String> libraries,
      boolean ambiguous,
      SortedMap<String, byte[]> undeclared) {
    this.dispensable = dispensable;
    this.called = called;
    this.libraries = libraries;
    this.ambiguous = ambiguous;
    this.undeclared = undeclared;
  }

  static FewerTemplates of(ChartFiles files) throws ChartException {
    Map<String, Set<String>> aliases = aliases(files);
    Map<String, Set<String>> called = new HashMap<>();
    Set<String> libraries = new HashSet<>();
    Map<String, List<String>> names = new HashMap<>();
    Map<String, byte[]> firstWith = new HashMap<>();
    Set<String> several = new HashSet<>();
    for (Map.Entry<String, byte[]> file : files.all().entrySet()) {
      String path = file.getKey();
      String folder = subchart(path);
      if (!folder.isEmpty() && !called.containsKey(folder)) {
        ChartMetadata chart = ChartMetadata.of(files.below(folder), "sub-chart");
        Set<String> all = new HashSet<>(aliases.getOrDefault(chart.name(), Set.of()));
        all.add(chart.name());
        called.put(folder, all);
        if (chart.library()) {
          libraries.add(folder);
        }
      }
      if (!isTemplate(path)) {
        continue;
      }
      List<String> named = names(ChartFiles.text(file.getValue()));
      names.put(path, named);
      for (String name : named) {
        byte[] first = firstWith.putIfAbsent(name, file.getValue());
        if (first != null && !Arrays.equals(first, file.getValue())) {
          several.add(name);
        }
      }
    }
    Map<String, String> dispensable = new HashMap<>();
    boolean asPath = firstWith.keySet().stream().anyMatch(name -> name.contains("/templates/"));
    boolean unread = firstWith.containsKey("");
    for (String path : asPath ? Set.<String>of() : files.all().keySet()) {
      List<String> named = names.getOrDefault(path, List.of());
      boolean gives = names.containsKey(path) || isCrd(path);
      if (gives && !named.contains("") && named.stream().noneMatch(several::contains)) {
        dispensable.put(path, subchart(path));
      }
    }
    return new FewerTemplates(
        dispensable,
        called,
        libraries,
        asPath || unread || !several.isEmpty(),
        PlainDependencies.leftOut(files));
  }

  /**
   * Leaves out what only gives objects of some sub-charts: their templates and CRDs. A template
   * stays where it names one that a different file names too, as then it is Helm's order that
   * decides whose counts. Of what stays, each renders as in the whole, as it has the same values,
   * files, named templates and sub-charts, or it misses a template and Helm refuses the chart. That
   * holds only while no template changes what another one reads.
   *
   * @param enabled the direct sub-charts by name or alias
   * @param left some of them; "" for the umbrella chart itself
   * @param plainly whether to leave out, too, what the left ones declare where it says nothing
   */
  ChartFiles without(ChartFiles files, Set<String> enabled, Set<String> left, boolean plainly)
      throws ChartException {
    Map<String, Boolean> unused = new HashMap<>();
    called.forEach(
        (folder, names) -> {
          Set<String> there = new HashSet<>(names);
          there.retainAll(enabled);
          unused.put(folder, left.containsAll(there));
        });
    unused.put("", left.contains(""));
    SortedMap<String, byte[]> kept = new TreeMap<>();
    files
        .all()
        .forEach(
            (path, content) -> {
              String folder = dispensable.get(path);
              if (folder == null || !unused.getOrDefault(folder, false)) {
                kept.put(path, content);
              }
            });
    if (plainly) {
      undeclared.forEach(
          (path, content) -> {
            if (unused.getOrDefault(subchart(path), false)) {
              kept.put(path, content);
            }
          });
    }
    return ChartFiles.of(kept, "chart");
  }

  /** Leaves out what only gives objects of sub-charts, as {@link #without} does. */
  ChartFiles withoutSubcharts(ChartFiles files, boolean plainly) throws ChartException {
    SortedMap<String, byte[]> kept = new TreeMap<>(files.all());
    kept.keySet().removeIf(path -> !dispensable.getOrDefault(path, "").isEmpty());
    if (plainly) {
      kept.putAll(undeclared);
    }
    return ChartFiles.of(kept, "chart");
  }

  boolean isDispensable(String path) {
    return dispensable.containsKey(path);
  }

  /** By folder ({@code charts/x}) what the umbrella chart may call the sub-chart in it. */
  Map<String, Set<String>> called() {
    return called;
  }

  /** The folders of direct sub-charts that give nothing but named templates. */
  Set<String> libraries() {
    return libraries;
  }

  /** Whether two different files name a template alike, or a name cannot be read. */
  boolean ambiguous() {
    return ambiguous;
  }

  /** By a chart's name the aliases that the umbrella chart has for it. */
  private static Map<String, Set<String>> aliases(ChartFiles files) throws ChartException {
    Map<String, Set<String>> names = new HashMap<>();
    for (ChartMetadata.Dependency dependency : ChartMetadata.of(files, "chart").dependencies()) {
      if (!dependency.alias().isEmpty()) {
        names.computeIfAbsent(dependency.name(), name -> new HashSet<>()).add(dependency.alias());
      }
    }
    return names;
  }

  /** {@code charts/x} for a file in it; "" for the umbrella chart's own. */
  static String subchart(String path) {
    if (!path.startsWith("charts/")) {
      return "";
    }
    int end = path.indexOf('/', "charts/".length());
    return end < 0 ? "" : path.substring(0, end);
  }

  private static boolean isTemplate(String path) {
    return path.startsWith("templates/", WorkerCopy.chartFolder(path).length());
  }

  private static boolean isCrd(String path) {
    return path.startsWith("crds/", WorkerCopy.chartFolder(path).length());
  }

  /** The names of the templates in a file; "" among them when one cannot be read. */
  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    if (text.contains("define") || text.contains("block")) {
      Matcher named = NAMED.matcher(text);
      while (named.find()) {
        String quoted = named.group(1);
        names.add(quoted == null ? "" : quoted.substring(1, quoted.length() - 1));
      }
    }
    return names;
  }
}
