// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One warm render worker: started when needed, killed and replaced when it overruns the deadline or
 * its memory, gone when idle. Safe for several threads.
 */
public final class RenderEngine implements AutoCloseable {
  private static final long START_MILLIS = 60_000;
  private static final int ATTEMPTS = 3;

  /** Twice what Helm's engine takes: a smaller cache is for charts alone. */
  private static final long ROOM_FOR_LIBRARY = 200L * 1024 * 1024;

  private final Duration deadline;
  private final Duration idle;
  private final Path cache;
  private final boolean keepsLibrary;
  private final ArchivedClasses classes = ArchivedClasses.ofThisProcess();
  private final Semaphore slots = new Semaphore(RenderWorker.THREADS, true);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(new DaemonThreads("render-timer"));
  private @Nullable WorkerProcess worker;
  private @Nullable ScheduledFuture<?> idleCheck;
  private int busy;
  private long lastUsed;
  private boolean closed;

  /**
   * @param cache the folder of the charts' cache
   * @param keepsLibrary whether Helm's engine is kept there from one worker to the next
   */
  RenderEngine(Duration deadline, Duration idle, Path cache, boolean keepsLibrary) {
    this.deadline = deadline;
    this.idle = idle;
    this.cache = cache;
    this.keepsLibrary = keepsLibrary;
  }

  /** Returns an engine for one or several stores with these settings; nothing is started yet. */
  public static RenderEngine of(HelmChartStore.Settings settings) {
    return new RenderEngine(
        settings.renderDeadline(),
        settings.workerIdle(),
        settings.cache(),
        settings.cacheBytes() >= ROOM_FOR_LIBRARY);
  }

  /** Gives a chart's files when the worker does not have them yet. */
  interface Files {
    byte[] get() throws ChartException;
  }

  /**
   * What is rendered.
   *
   * @param shown what messages call it
   */
  record Job(
      Digest chart,
      Files files,
      String release,
      String namespace,
      String kubeVersion,
      String values,
      String shown) {}

  /** Returns Helm's output. A failure that another chart may have caused is tried again, alone. */
  String render(Job job) throws ChartException {
    for (int attempt = 1; ; attempt++) {
      int permits = attempt == 1 ? 1 : RenderWorker.THREADS;
      slots.acquireUninterruptibly(permits);
      try {
        return attempt(job);
      } catch (WorkerEnded e) {
        if (attempt == ATTEMPTS || (attempt > 1 && e.outOfMemory)) {
          throw ended(job, e);
        }
      } finally {
        slots.release(permits);
      }
    }
  }

  private String attempt(Job job) throws ChartException, WorkerEnded {
    WorkerProcess current = lease(job);
    AtomicBoolean overran = new AtomicBoolean();
    ScheduledFuture<?> kill = null;
    try {
      byte[] files = current.has(job.chart()) ? new byte[0] : job.files().get();
      current.awaitReady(START_MILLIS);
      kill =
          timer.schedule(
              () -> {
                overran.set(true);
                current.close();
              },
              deadline.toMillis(),
              TimeUnit.MILLISECONDS);
      WorkerFrame answer =
          current.render(
              job.chart(),
              files,
              WorkerFrame.bytes(job.release()),
              WorkerFrame.bytes(job.namespace()),
              WorkerFrame.bytes(job.kubeVersion()),
              WorkerFrame.bytes(job.values()));
      return output(job, answer);
    } catch (IOException e) {
      if (overran.get()) {
        throw timeout(job, e);
      }
      current.close();
      throw new WorkerEnded(e, current.exitCode() == RenderWorker.EXIT_MEMORY);
    } finally {
      if (kill != null) {
        kill.cancel(false);
      }
      giveBack();
    }
  }

  /**
   * Says that something will be rendered soon. Where nothing was rendered before, or where classes
   * are archived, the worker is started now, beside what the caller does meanwhile; what is wrong
   * with it is told when it is needed.
   */
  public synchronized void prepare() {
    if (!closed && worker == null && (classes.areMade() || !Renders.anyIn(cache))) {
      try {
        worker = WorkerProcess.start(library());
        busy++;
        giveBack();
      } catch (IOException e) {
        return; // the first that needs it tries again, and says why not
      }
    }
  }

  private @Nullable Path library() {
    return keepsLibrary ? cache.resolve("engine").resolve(Renders.ENGINE) : null;
  }

  private synchronized WorkerProcess lease(Job job) throws ChartException {
    if (closed) {
      throw new ChartException(
          ProblemCode.CHART_DOES_NOT_RENDER, true, "the chart store is closed", null);
    }
    WorkerProcess current = worker;
    if (current != null && (!current.isAlive() || (busy == 0 && current.isFull()))) {
      current.close();
      current = null;
    }
    if (current == null) {
      try {
        current = WorkerProcess.start(library());
      } catch (IOException e) {
        throw new ChartException(
            ProblemCode.CHART_DOES_NOT_RENDER,
            true,
            "cannot start the render worker for " + job.shown() + ": " + e.getMessage(),
            e);
      }
      worker = current;
    }
    busy++;
    return current;
  }

  private synchronized void giveBack() {
    busy--;
    lastUsed = System.nanoTime();
    if (idleCheck == null && !closed) {
      idleCheck = timer.schedule(this::endIfIdle, idle.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void endIfIdle() {
    idleCheck = null;
    long left = idle.toNanos() - (System.nanoTime() - lastUsed);
    if (busy > 0 || left > 0) {
      idleCheck = timer.schedule(this::endIfIdle, Math.max(left, 1_000_000), TimeUnit.NANOSECONDS);
    } else if (worker != null) {
      worker.close();
      worker = null;
    }
  }

  /** The process id of the worker; -1 when there is none. */
  synchronized long workerPid() {
    return worker != null && worker.isAlive() ? worker.pid() : -1;
  }

  /**
   * As {@link #close}, by a process that ends now: the worker sees that, and cleans up alone. Where
   * classes are archived, those of the worker are loaded for it before.
   */
  public synchronized void leave() {
    try {
      if (worker != null) {
        if (classes.areMade()) {
          worker.awaitReady(START_MILLIS);
          ArchivedClasses.loadThoseOf(worker.classLog(), RenderEngine.class.getClassLoader());
        }
        worker.hangUp();
        worker = null;
      }
    } catch (IOException e) {
      close(); // it is killed
    }
    close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    timer.shutdownNow();
    if (worker != null) {
      worker.close();
      worker = null;
    }
  }

  private static String output(Job job, WorkerFrame answer) throws ChartException {
    if (answer.kind() == WorkerFrame.Kind.RENDERED) {
      return answer.text(0);
    }
    throw new ChartException(
        ProblemCode.CHART_DOES_NOT_RENDER,
        false,
        "cannot render " + job.shown() + ": " + HelmMessage.oneLine(answer.text(0)),
        null);
  }

  private ChartException timeout(Job job, IOException cause) {
    return new ChartException(
        ProblemCode.CHART_RENDER_TIMEOUT,
        false,
        "cannot render "
            + job.shown()
            + ": it must render within "
            + deadline.toMillis()
            + " ms. Look for an endless loop in its templates",
        cause);
  }

  private static ChartException ended(Job job, WorkerEnded ended) {
    if (ended.outOfMemory) {
      return new ChartException(
          ProblemCode.CHART_TOO_LARGE,
          false,
          "cannot render "
              + job.shown()
              + ": it must render within "
              + (WorkerProcess.MAX_RESIDENT_BYTES >> 20)
              + " MiB of memory",
          ended);
    }
    return new ChartException(
        ProblemCode.CHART_DOES_NOT_RENDER,
        true,
        "cannot render " + job.shown() + ": " + ended.getMessage(),
        ended);
  }

  /** The worker ended before it answered. */
  private static final class WorkerEnded extends Exception {
    private final boolean outOfMemory;

    WorkerEnded(IOException cause, boolean outOfMemory) {
      super(cause.getMessage(), cause);
      this.outOfMemory = outOfMemory;
    }
  }
}
