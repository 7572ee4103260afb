// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.ValuesSelection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The chart that is released for one sub-chart, or for what remains of the parent: the umbrella
 * chart with files left out, every remaining one at its path.
 *
 * @param subchart its name or alias in the umbrella chart; "" for what remains of the parent
 * @param files by path in the chart; equal inputs give equal bytes
 * @param values which of the application's values it is given
 */
public record Part(String subchart, SortedMap<String, byte[]> files, ValuesSelection values) {
  public Part {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }
}
