// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An umbrella chart as if it had some of its sub-charts only. */
final class SomeSubcharts {
  private SomeSubcharts() {}

  /**
   * Returns the chart without the other sub-charts and without what gives the umbrella's own
   * objects.
   *
   * @param folders those that stay, as {@code charts/x}
   * @param names what is declared of them, by name or alias
   */
  static ChartFiles of(
      ChartFiles files, FewerTemplates fewer, Set<String> folders, Set<String> names)
      throws ChartException {
    SortedMap<String, byte[]> some = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : files.all().entrySet()) {
      String folder = FewerTemplates.subchart(file.getKey());
      if (folder.isEmpty() ? !fewer.isDispensable(file.getKey()) : folders.contains(folder)) {
        some.put(file.getKey(), file.getValue());
      }
    }
    some.remove("Chart.lock");
    some.remove("values.schema.json"); // it speaks of all sub-charts
    some.put(ChartMetadata.FILE, declaring(files, names));
    return ChartFiles.of(some, "chart");
  }

  /** {@code Chart.yaml} with these dependencies only. */
  private static byte[] declaring(ChartFiles files, Set<String> names) {
    Map<String, @Nullable Object> chart =
        ChartYaml.read(String.valueOf(files.text(ChartMetadata.FILE)));
    if (chart.get("dependencies") instanceof List<?> dependencies) {
      List<Object> kept = new ArrayList<>();
      for (Object dependency : dependencies) {
        if (dependency instanceof Map<?, ?> map && names.contains(called(map))) {
          kept.add(map);
        }
      }
      chart.put("dependencies", kept);
    }
    return ChartYaml.write(chart);
  }

  private static String called(Map<?, ?> dependency) {
    Object alias = dependency.get("alias");
    return String.valueOf(alias == null || alias.equals("") ? dependency.get("name") : alias);
  }
}
