// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import java.util.concurrent.Semaphore;

/**
 * What the chart stores of several clusters have in common: the cache on disk and the render
 * worker. No store takes the whole worker, so charts of one cluster that hang leave room for those
 * of the others. Safe for several threads.
 */
public final class SharedCharts implements AutoCloseable {
  private final DiskCache cache;
  private final RenderEngine engine;

  private SharedCharts(DiskCache cache, RenderEngine engine) {
    this.cache = cache;
    this.engine = engine;
  }

  /** Throws CHART_CACHE when the cache's folder cannot be used. No worker is started yet. */
  public static SharedCharts open(HelmChartStore.Settings settings) throws ChartException {
    DiskCache cache = new DiskCache(settings.cache(), settings.cacheBytes());
    return new SharedCharts(cache, RenderEngine.of(settings));
  }

  DiskCache cache() {
    return cache;
  }

  RenderEngine engine() {
    return engine;
  }

  /** Returns a store's part of the worker: all of it but one place. */
  Renderer part() {
    Semaphore places = new Semaphore(RenderWorker.THREADS - 1, true);
    return job -> {
      places.acquireUninterruptibly();
      try {
        return engine.render(job);
      } finally {
        places.release();
      }
    };
  }

  /** Ends the worker; to be called when no store uses it any more. */
  @Override
  public void close() {
    engine.close();
  }
}
