// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.split.Enabled;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An umbrella chart taken apart for certain values, its parts kept in the library.
 *
 * @param parts what renders each part, by sub-chart, that of the parent under ""
 */
record Umbrella(
    SplitRequest request,
    ChartFiles files,
    Enabled enabled,
    SortedMap<String, RenderRequest> parts) {
  /**
   * The release that a sub-chart's part is rendered for. It is not the application's, so that the
   * proof would show it if a template saw it; and it is always the same, so that a part is rendered
   * once whatever its release is called.
   */
  static final ReleaseName PART = ReleaseName.parse("one-part-of-the-chart");

  Umbrella {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
  }

  /** What renders the whole chart. */
  RenderRequest whole() {
    return whole(request);
  }

  static RenderRequest whole(SplitRequest request) {
    return new RenderRequest(
        request.chart(),
        request.release(),
        request.namespace(),
        request.kubeVersion(),
        request.values());
  }

  /** What renders each part, by digest. */
  SortedMap<String, Digest> keys() {
    SortedMap<String, Digest> keys = new TreeMap<>();
    parts.forEach((subchart, render) -> keys.put(subchart, Renders.key(render)));
    return keys;
  }
}
