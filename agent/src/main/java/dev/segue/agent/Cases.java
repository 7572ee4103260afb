// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.agent.reconcile.PortException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Rehearsals side by side, at most as many as there are processors. */
final class Cases implements AutoCloseable {
  private final Progress progress;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(), new DaemonThreads("rehearsal"));

  Cases(Console console) {
    this.progress = Progress.on(console);
  }

  /** What is done with one of them. */
  @FunctionalInterface
  interface Work<T, R> {
    R of(T input) throws PortException;
  }

  /**
   * Returns what comes of each, in the order of {@code inputs}; throws what the first throws. On a
   * terminal it says how far it is when it lasts.
   */
  <T, R> List<R> each(List<T> inputs, Work<T, R> work) throws PortException {
    AtomicInteger done = new AtomicInteger();
    progress.say("rehearsed 0 of " + inputs.size());
    List<Future<R>> futures = new ArrayList<>();
    for (T input : inputs) {
      futures.add(
          threads.submit(
              () -> {
                R result = work.of(input);
                progress.say("rehearsed " + done.incrementAndGet() + " of " + inputs.size());
                return result;
              }));
    }
    List<R> results = new ArrayList<>();
    for (Future<R> future : futures) {
      results.add(result(future));
    }
    return results;
  }

  private static <R> R result(Future<R> future) throws PortException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PortException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    progress.close();
    threads.shutdownNow();
  }
}
