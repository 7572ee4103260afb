// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;

/** Has Helm render. */
@FunctionalInterface
interface Renderer {
  /** Returns Helm's output. */
  String render(RenderEngine.Job job) throws ChartException;
}
