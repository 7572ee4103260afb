// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.DaemonThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock of its own with what happens when: events run one after the other in the order of their
 * time, equal times in the order of their scheduling, so the same input gives the same history. The
 * time stands still while an event runs. Either somebody moves it ({@link #manual}) or it runs at a
 * multiple of the real one ({@link #spedUp}). Safe for several threads.
 */
public final class SimulatedTime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedTime.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Queue<Runnable> outside = new ArrayDeque<>();
  private final Instant start;
  private final int factor;

  private long scheduled;
  private boolean running;
  private boolean closed;
  private Instant reached;
  private long reachedAtNanos = System.nanoTime();

  private SimulatedTime(Instant start, int factor) {
    this.start = start;
    this.reached = start;
    this.factor = factor;
  }

  /** Returns a time that moves only by {@link #advance} and {@link #advanceUntil}. */
  public static SimulatedTime manual(Instant start) {
    return new SimulatedTime(start, 0);
  }

  /**
   * Returns a time that runs by itself, {@code factor} (at least 1) times as fast as the real one
   * at most, on a daemon thread that ends with {@link #close}.
   */
  public static SimulatedTime spedUp(Instant start, int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("the factor must be at least 1; got " + factor);
    }
    SimulatedTime time = new SimulatedTime(start, factor);
    new DaemonThreads("embedded-cluster").newThread(time::runByItself).start();
    return time;
  }

  public Instant start() {
    return start;
  }

  public Instant now() {
    lock.lock();
    try {
      if (factor == 0 || running) {
        return reached;
      }
      Instant computed = reached.plusNanos((System.nanoTime() - reachedAtNanos) * factor);
      Event next = events.peek();
      return next != null && next.at().isBefore(computed) ? next.at() : computed;
    } finally {
      lock.unlock();
    }
  }

  /** Moves a manual time; everything that happens until then has happened on return. */
  public void advance(Duration by) {
    advanceUntil(() -> false, by);
  }

  /**
   * Moves a manual time from event to event until {@code done}, which is asked after each, or until
   * {@code atMost} has passed; returns whether it is done.
   */
  public boolean advanceUntil(BooleanSupplier done, Duration atMost) {
    if (factor != 0) {
      throw new IllegalStateException("only a manual time can be moved");
    }
    Instant end = now().plus(atMost);
    while (!done.getAsBoolean()) {
      if (!runNext(end)) {
        lock.lock();
        try {
          reached = end;
        } finally {
          lock.unlock();
        }
        return done.getAsBoolean();
      }
    }
    return true;
  }

  /** Has {@code event} run after {@code delay}, alone: nothing else of the cluster runs then. */
  void schedule(Duration delay, Runnable event) {
    lock.lock();
    try {
      events.add(new Event(now().plus(delay), scheduled++, event));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has {@code action} run soon, on the thread that moves the time, while the cluster is unlocked:
   * for calls to others, who may call back from any thread.
   */
  void outside(Runnable action) {
    lock.lock();
    try {
      outside.add(action);
      events.add(new Event(now(), scheduled++, () -> {}));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What is done between {@code lock} and {@link #unlock} happens between two events. */
  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      events.clear();
      outside.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Runs the next event that is not after {@code end}; returns false when there is none. */
  private boolean runNext(Instant end) {
    lock.lock();
    try {
      Event next = events.peek();
      if (next == null || next.at().isAfter(end)) {
        return false;
      }
      run(next);
    } finally {
      lock.unlock();
    }
    runOutside();
    return true;
  }

  private void run(Event event) {
    events.remove(event);
    running = true;
    reached = event.at();
    try {
      event.action().run();
    } finally {
      running = false;
      reachedAtNanos = System.nanoTime();
    }
  }

  private void runOutside() {
    while (true) {
      Runnable action;
      lock.lock();
      try {
        action = outside.poll();
      } finally {
        lock.unlock();
      }
      if (action == null) {
        return;
      }
      action.run();
    }
  }

  private void runByItself() {
    while (awaitNext()) {
      try {
        runNext(Instant.MAX);
      } catch (RuntimeException e) {
        LOG.error("{} an event failed; this is a bug", EmbeddedCluster.PREFIX, e);
      }
    }
  }

  /** Waits until the next event's time has come; returns false when there will be none. */
  private boolean awaitNext() {
    lock.lock();
    try {
      while (!closed) {
        Event next = events.peek();
        if (next == null) {
          changed.await();
          continue;
        }
        long due = Duration.between(reached, next.at()).toNanos() / factor;
        long wait = due - (System.nanoTime() - reachedAtNanos);
        if (wait <= 0) {
          return true;
        }
        changed.awaitNanos(wait);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private record Event(Instant at, long number, Runnable action) implements Comparable<Event> {
    private static final Comparator<Event> IN_TIME =
        Comparator.comparing(Event::at).thenComparingLong(Event::number);

    @Override
    public int compareTo(Event other) {
      return IN_TIME.compare(this, other);
    }
  }
}
