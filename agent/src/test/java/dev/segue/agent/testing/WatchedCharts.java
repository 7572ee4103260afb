// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.util.SortedMap;

/** A chart store whose calls are counted and fail on demand. */
final class WatchedCharts implements ChartStore {
  private final ChartStore charts;
  private final Calls calls;

  WatchedCharts(ChartStore charts, Calls calls) {
    this.charts = charts;
    this.calls = calls;
  }

  @Override
  public ResolvedChart resolve(ChartRef ref, CommitId commit) throws ChartException {
    calls.on("charts.resolve", ChartException.class);
    return charts.resolve(ref, commit);
  }

  @Override
  public HelmOutput render(RenderRequest request) throws ChartException {
    calls.on("charts.render", ChartException.class);
    return charts.render(request);
  }

  @Override
  public SplitChart split(SplitRequest request) throws ChartException {
    calls.on("charts.split", ChartException.class);
    return charts.split(request);
  }

  @Override
  public SortedMap<String, byte[]> files(ResolvedChart chart) throws ChartException {
    calls.on("charts.files", ChartException.class);
    return charts.files(chart);
  }

  @Override
  public void close() {}
}
