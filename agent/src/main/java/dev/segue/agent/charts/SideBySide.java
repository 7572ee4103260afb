// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.renderer.model.ProblemCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that keep the render worker busy. Safe for several threads. */
final class SideBySide implements AutoCloseable {
  /** While the worker renders for some of them, the others prepare the next. */
  private static final int THREADS = 2 * RenderWorker.THREADS;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, new DaemonThreads("split"));

  /** Work that may fail. */
  interface Work<T, R> {
    R of(T input) throws ChartException;
  }

  /** Something that is being made. */
  interface Made<R> {
    /** Waits for it. */
    R get() throws ChartException;
  }

  <T, R> Made<R> begin(T input, Work<T, R> work) {
    Future<R> future = threads.submit(() -> work.of(input));
    return () -> result(future);
  }

  /** Returns what comes of each, in the order of {@code inputs}; throws what the first throws. */
  <T, R> List<R> each(Collection<T> inputs, Work<T, R> work) throws ChartException {
    List<Made<R>> all = new ArrayList<>();
    inputs.forEach(input -> all.add(begin(input, work)));
    List<R> results = new ArrayList<>();
    for (Made<R> made : all) {
      results.add(made.get());
    }
    return results;
  }

  private static <R> R result(Future<R> future) throws ChartException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChartException(
          ProblemCode.CHART_DOES_NOT_RENDER, true, "rendering was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ChartException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
