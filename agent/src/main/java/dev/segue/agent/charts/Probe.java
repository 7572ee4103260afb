// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.split.Enabled;
import dev.segue.renderer.split.UmbrellaChart;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The template that has Helm say what it makes of values, as a guest in another chart. */
final class Probe {
  private static final String FILE = "templates/segue-probe.yaml";

  private Probe() {}

  /** Returns the chart with the probe's template in it; empty when it has a file of that name. */
  static Optional<ChartFiles> in(ChartFiles chart, ChartFiles probe) throws ChartException {
    byte[] asks = probe.all().get(FILE);
    if (asks == null || chart.all().containsKey(FILE)) {
      return Optional.empty();
    }
    SortedMap<String, byte[]> files = new TreeMap<>(chart.all());
    files.put(FILE, asks);
    return Optional.of(ChartFiles.of(files, "chart"));
  }

  /** What it printed. */
  static Optional<Enabled> enabled(HelmOutput output) {
    return output.manifests().stream()
        .filter(Probe::isProbe)
        .findFirst()
        .map(UmbrellaChart::enabled);
  }

  /** Returns what the chart gives without it. */
  static HelmOutput without(HelmOutput all) {
    return new HelmOutput(
        all.manifests().stream().filter(document -> !isProbe(document)).toList(),
        all.hooks(),
        all.crds(),
        all.notices());
  }

  private static boolean isProbe(String document) {
    return document.substring(0, document.indexOf('\n')).endsWith("/" + FILE);
  }
}
