// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A chart with charts in it. */
public final class UmbrellaChart {
  private static final Set<String> KEPT_IN_PROBE =
      Set.of(ChartYaml.FILE, ChartYaml.REQUIREMENTS, ChartYaml.VALUES);
  private static final String PROBE =
      """
      {{- define "segue.probe" -}}
      {{- $below := dict -}}
      {{- range $name, $chart := .Subcharts -}}
      {{- $_ := set $below $name (include "segue.probe" $chart | fromJson) -}}
      {{- end -}}
      {{- dict "values" (.Values | toJson | sha256sum) "subcharts" $below | toJson -}}
      {{- end -}}
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: segue-probe
      data:
        enabled: {{ include "segue.probe" . | toJson }}
      """;

  private final ChartTree tree;

  private UmbrellaChart(ChartTree tree) {
    this.tree = tree;
  }

  /**
   * Reads a chart.
   *
   * @param files by path in the chart, every sub-chart a folder in {@code charts/}
   * @throws IllegalArgumentException one clear line when a {@code Chart.yaml} cannot be read
   */
  public static UmbrellaChart of(SortedMap<String, byte[]> files) {
    return new UmbrellaChart(ChartTree.of(files));
  }

  /**
   * Returns the names or aliases of its direct sub-charts that could be released, enabled or not;
   * no library chart is among them.
   */
  public NavigableSet<String> subcharts() {
    NavigableSet<String> names = new TreeSet<>();
    tree.instances()
        .values()
        .forEach(
            instance -> {
              if (!instance.library()) {
                names.add(instance.name());
              }
            });
    return names;
  }

  /**
   * Returns a chart to be rendered with the application's values. It has one object as its output:
   * a document that {@link #enabled} reads, and so what Helm itself makes of conditions, tags and
   * values.
   */
  public SortedMap<String, byte[]> probe() {
    SortedMap<String, byte[]> probe = new TreeMap<>();
    addProbe(tree, probe);
    probe.put("templates/segue-probe.yaml", PROBE.getBytes(StandardCharsets.UTF_8));
    return probe;
  }

  private static void addProbe(ChartTree chart, SortedMap<String, byte[]> probe) {
    chart
        .own()
        .forEach(
            (path, content) -> {
              if (KEPT_IN_PROBE.contains(path)) {
                probe.put(chart.folder() + path, content);
              }
            });
    chart.children().values().forEach(child -> addProbe(child, probe));
  }

  /**
   * Reads what the probe printed.
   *
   * @throws IllegalArgumentException one clear line when it is no such document
   */
  public static Enabled enabled(String probeDocument) {
    Object document = single(probeDocument);
    return enabledIn(single(PlainData.text(document, "data", "enabled")));
  }

  private static Enabled enabledIn(@Nullable Object node) {
    SortedMap<String, Enabled> below = new TreeMap<>();
    PlainData.map(PlainData.at(node, "subcharts"))
        .forEach((name, child) -> below.put(name, enabledIn(child)));
    return new Enabled(Digest.parse(PlainData.text(node, "values")), below);
  }

  private static @Nullable Object single(String text) {
    List<YamlNode> documents = YamlReader.read(text).documents();
    if (documents.size() != 1) {
      throw new IllegalArgumentException("the probe must print one document");
    }
    return documents.get(0).data();
  }

  ChartTree tree() {
    return tree;
  }
}
