// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.HelmOutput;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/** Whether each part can become ready before the parts after it are released. */
public final class OrderCheck {
  private OrderCheck() {}

  /**
   * Returns what could never become ready in that order: Pods that need an object which only a part
   * that is not released before them renders, and custom resources whose definition such a part
   * brings.
   *
   * @param parts what each part renders, by sub-chart, the parent's under ""
   * @param before for each part all parts that are released before it, transitively; the parent
   *     comes after all
   */
  public static List<SplitChart.Refusal> unorderly(
      SortedMap<String, HelmOutput> parts, SortedMap<String, SortedSet<String>> before) {
    if (parts.isEmpty()) {
      return List.of();
    }
    throw new UnsupportedOperationException("not written yet");
  }
}
