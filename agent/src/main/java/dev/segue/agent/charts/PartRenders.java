// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.charts.SideBySide.Made;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ResolvedChart;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Renders an umbrella chart and its parts side by side. Safe for several threads. */
final class PartRenders {
  private static final int OUTLINES_KEPT = 20;

  private final Renders renders;
  private final ChartLibrary library;
  private final Splits.WholeCharts wholes;
  private final SideBySide threads;
  private final Recent<Digest, FewerTemplates> outlines = new Recent<>(OUTLINES_KEPT);

  PartRenders(
      Renders renders, ChartLibrary library, Splits.WholeCharts wholes, SideBySide threads) {
    this.renders = renders;
    this.library = library;
    this.wholes = wholes;
    this.threads = threads;
  }

  /** A part's output, or Helm's refusal to render it. */
  record Rendered(String subchart, @Nullable HelmOutput output, @Nullable ChartException failure) {}

  /** Begins to render the whole, whatever is in the cache. */
  Made<HelmOutput> whole(RenderRequest whole) {
    return threads.begin(
        whole, request -> renders.once(request, () -> wholes.bytes(request.chart())));
  }

  /** Begins to render other files as the whole chart would be. */
  Made<HelmOutput> whole(RenderRequest whole, ChartFiles files) {
    byte[] bytes = files.toBytes();
    ResolvedChart chart = whole.chart();
    ResolvedChart reduced =
        new ResolvedChart(
            chart.pin(), chart.name(), chart.version(), Digest.of(bytes), List.of(), List.of());
    return threads.begin(
        new RenderRequest(
            reduced, whole.release(), whole.namespace(), whole.kubeVersion(), whole.values()),
        request -> renders.once(request, () -> bytes));
  }

  /** Begins to render a part. */
  Made<Rendered> part(String subchart, RenderRequest part) {
    return threads.begin(part, request -> render(subchart, request));
  }

  private Rendered render(String subchart, RenderRequest part) throws ChartException {
    try {
      HelmOutput output =
          renders.render(
              part, () -> library.bytes(part.chart().content()).orElseThrow(() -> evicted(part)));
      return new Rendered(subchart, output, null);
    } catch (ChartException e) {
      if (e.retryable()) {
        throw e;
      }
      return new Rendered(subchart, null, e);
    }
  }

  private static ChartException evicted(RenderRequest part) {
    return ChartLibrary.evicted(part.chart().content());
  }

  /** Whether a template of the chart may change data that another one reads. */
  boolean writes(SplitRequest request) throws ChartException {
    ResolvedChart chart = request.chart();
    return renders
        .scan(chart.content(), () -> wholes.bytes(chart))
        .writesWith(ValuesJson.of(request.values()));
  }

  /** What the chart can do without, once for each chart. */
  FewerTemplates fewer(Digest chart, ChartFiles files) throws ChartException {
    Optional<FewerTemplates> known = outlines.get(chart);
    if (known.isPresent()) {
      return known.get();
    }
    FewerTemplates fewer = FewerTemplates.of(files);
    outlines.put(chart, fewer);
    return fewer;
  }
}
