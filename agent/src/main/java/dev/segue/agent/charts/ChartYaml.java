// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.renderer.model.Values;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A chart's {@code Chart.yaml} as data, to write a changed one. */
final class ChartYaml {
  private ChartYaml() {}

  /** Returns what {@code text} says, to be changed; it was read as {@link ChartMetadata} before. */
  static Map<String, @Nullable Object> read(String text) {
    YamlNode root = YamlReader.read(text).documents().get(0);
    Map<String, @Nullable Object> chart = new TreeMap<>();
    if (root.data() instanceof Map<?, ?> all) {
      all.forEach((key, value) -> chart.put(String.valueOf(key), value));
    }
    return chart;
  }

  static byte[] write(Map<String, @Nullable Object> chart) {
    return ValuesJson.of(new Values(chart)).getBytes(StandardCharsets.UTF_8);
  }
}
