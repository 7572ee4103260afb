// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.Digest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Helm itself says of a chart with certain values: which sub-charts its conditions and tags
 * leave, under which names, and what values reach each.
 *
 * @param values the digest of {@code .Values} as a template of this chart sees them
 * @param subcharts those that are enabled, by name or alias
 */
public record Enabled(Digest values, SortedMap<String, Enabled> subcharts) {
  public Enabled {
    subcharts = Collections.unmodifiableSortedMap(new TreeMap<>(subcharts));
  }
}
