// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sub-charts of an umbrella chart that declare dependencies and say nothing by it: what is in
 * their {@code charts/} is enabled under its own name, declared or not. A library chart is mostly
 * declared so.
 *
 * <p>Helm copies the values of the umbrella chart with all of its sub-charts for each chart that
 * declares dependencies (Helm 3 and 4, {@code ProcessDependencies}), whatever is declared. An
 * umbrella of 100 such sub-charts takes half a second for this alone.
 */
final class PlainDependencies {
  private static final Set<String> PLAIN = Set.of("name", "version", "repository");

  /** The values by which a dependency's tags turn it on or off. */
  static final String TAGS = "tags";

  /** A line of a values file that may begin them. */
  private static final Pattern TAGGING = Pattern.compile("(?m)^(?:[\"']?tags\\b|\\{)");

  private PlainDependencies() {}

  /**
   * Returns, by path, what {@code Chart.yaml} of such direct sub-charts is without its
   * dependencies.
   */
  static SortedMap<String, byte[]> leftOut(ChartFiles files) throws ChartException {
    SortedMap<String, SortedSet<String>> charts = new TreeMap<>();
    Set<String> others = new HashSet<>();
    boolean tagged = false;
    for (Map.Entry<String, byte[]> file : files.all().entrySet()) {
      String path = file.getKey();
      String folder = FewerTemplates.subchart(path);
      if (path.endsWith("/" + ChartMetadata.FILE) && !folder.isEmpty()) {
        charts.computeIfAbsent(folder, some -> new TreeSet<>()).add(chartFolder(path));
      } else if (path.endsWith("requirements.yaml")) {
        others.add(folder);
      } else if (path.endsWith("values.yaml")) {
        tagged |= TAGGING.matcher(ChartFiles.text(file.getValue())).find();
      } else if (path.contains("templates/")
          && ChartFiles.text(file.getValue()).contains("Dependencies")) {
        return new TreeMap<>(); // it may read what a chart declares
      }
    }
    SortedMap<String, byte[]> plain = new TreeMap<>();
    for (Map.Entry<String, SortedSet<String>> subchart : charts.entrySet()) {
      String file = subchart.getKey() + "/" + ChartMetadata.FILE;
      if (!others.contains(subchart.getKey()) && declareNothing(files, subchart.getValue())) {
        byte[] without = withoutDependencies(files.text(file), tagged);
        if (without != null) {
          plain.put(file, without);
        }
      }
    }
    return plain;
  }

  /** Whether the charts in a sub-chart are each there once and declare no dependencies. */
  private static boolean declareNothing(ChartFiles files, SortedSet<String> folders)
      throws ChartException {
    List<String> nested = List.copyOf(folders).subList(1, folders.size());
    Set<String> names = new HashSet<>();
    for (String folder : nested) {
      if (String.valueOf(files.text(folder + "/" + ChartMetadata.FILE)).contains("dependencies")
          || (nested.size() > 1
              && !names.add(ChartMetadata.of(files.below(folder), "sub-chart").name()))) {
        return false;
      }
    }
    return true;
  }

  private static String chartFolder(String path) {
    String folder = WorkerCopy.chartFolder(path);
    return folder.substring(0, folder.length() - 1);
  }

  /** Null when there are none, or when they say something. */
  private static byte @Nullable [] withoutDependencies(@Nullable String text, boolean tagged) {
    if (text == null || !text.contains("dependencies")) {
      return null;
    }
    Map<String, @Nullable Object> chart = ChartYaml.read(text);
    if (!(chart.remove("dependencies") instanceof List<?> dependencies)) {
      return null;
    }
    Set<@Nullable Object> names = new HashSet<>();
    for (Object dependency : dependencies) {
      if (!(dependency instanceof Map<?, ?> map)
          || !names.add(map.get("name"))
          || !map.keySet().stream().allMatch(key -> isPlain(key, tagged))) {
        return null;
      }
    }
    return ChartYaml.write(chart);
  }

  private static boolean isPlain(@Nullable Object key, boolean tagged) {
    return PLAIN.contains(key) || (!tagged && TAGS.equals(key));
  }
}
