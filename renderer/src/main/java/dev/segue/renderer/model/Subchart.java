// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;

/**
 * A sub-chart of an application's chart and what must be released before it.
 *
 * @param name the dependency's name or alias in the chart
 * @param dependencies other sub-charts of the same chart, by the same names, in the file's order
 * @param staged whether it is a release of its own; otherwise it is released with its parent
 */
public record Subchart(String name, List<String> dependencies, boolean staged) {
  public Subchart {
    dependencies = List.copyOf(dependencies);
  }
}
