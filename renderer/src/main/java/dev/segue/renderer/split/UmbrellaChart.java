// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import java.util.NavigableSet;
import java.util.SortedMap;

/** A chart with charts in it. */
public final class UmbrellaChart {
  private final SortedMap<String, byte[]> files;

  private UmbrellaChart(SortedMap<String, byte[]> files) {
    this.files = files;
  }

  /**
   * Reads a chart.
   *
   * @param files by path in the chart, every sub-chart a folder in {@code charts/}
   * @throws IllegalArgumentException one clear line when a {@code Chart.yaml} cannot be read
   */
  public static UmbrellaChart of(SortedMap<String, byte[]> files) {
    return new UmbrellaChart(files);
  }

  /**
   * Returns the names or aliases of its direct sub-charts that could be released, enabled or not;
   * no library chart is among them.
   */
  public NavigableSet<String> subcharts() {
    if (files.isEmpty()) {
      throw new IllegalStateException();
    }
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Returns a chart to be rendered with the application's values. It has one object's worth of
   * output: a document that {@link #enabled} reads, and so what Helm itself makes of conditions,
   * tags and values.
   */
  public SortedMap<String, byte[]> probe() {
    if (files.isEmpty()) {
      throw new IllegalStateException();
    }
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Reads what the probe printed.
   *
   * @throws IllegalArgumentException one clear line when it is no such document
   */
  public static Enabled enabled(String probeDocument) {
    if (probeDocument.isEmpty()) {
      throw new IllegalArgumentException();
    }
    throw new UnsupportedOperationException("not written yet");
  }
}
