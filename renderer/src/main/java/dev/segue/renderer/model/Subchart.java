// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;

/**
 * A sub-chart of an application's chart and what must be released before it.
 *
 * @param name the dependency's name or alias in the chart
 * @param dependencies other sub-charts of the same chart, by the same names, in the file's order
 */
public record Subchart(String name, List<String> dependencies) {
  public Subchart {
    dependencies = List.copyOf(dependencies);
  }
}
