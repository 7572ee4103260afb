// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.reconcile.PortException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calls to ports of one agent's life: which were made, and which are made to fail. */
public final class Calls {
  /** What reaches out of the agent; each has a boundary before it and one after it. */
  private static final Set<String> EFFECTS =
      Set.of(
          "source.poll",
          "status.commit",
          "cluster.apply",
          "cluster.create",
          "cluster.patch",
          "cluster.collect");

  private final List<String> made = new ArrayList<>();
  private final Map<String, Deque<Exception>> faults = new HashMap<>();
  private @Nullable String deadly;
  private int spared;
  private int boundaries = Integer.MAX_VALUE;
  private boolean dead;
  private String deadAt = "";
  private volatile Consumer<String> boundary = name -> {};

  /** The agent dies: this call and every later one does nothing and never succeeds. */
  public static final class KilledException extends RuntimeException {
    KilledException(String call) {
      super("killed at " + call);
    }
  }

  /** Makes the next calls of that name fail, each with one of these. */
  public synchronized void fail(String call, PortException... exceptions) {
    faults.computeIfAbsent(call, name -> new ArrayDeque<>()).addAll(List.of(exceptions));
  }

  /** Kills the agent at the next call of that name; "… done" is right after it. */
  public synchronized void killAt(String call) {
    killAt(call, 1);
  }

  /** Kills the agent at the n-th call of that name from now on. */
  public synchronized void killAt(String call, int nth) {
    deadly = call;
    spared = nth - 1;
  }

  /** Kills the agent at the n-th boundary of an effect from now on: before one or after it. */
  public synchronized void killAtBoundary(int nth) {
    boundaries = nth;
  }

  /** Has every boundary of an effect told before it is crossed, on the thread that crosses it. */
  public void atBoundaries(Consumer<String> told) {
    boundary = told;
  }

  public synchronized boolean dead() {
    return dead;
  }

  /** The call at which the agent was killed; "" while it lives. */
  public synchronized String deadAt() {
    return deadAt;
  }

  public synchronized List<String> made() {
    return List.copyOf(made);
  }

  public synchronized long count(String call) {
    return made.stream().filter(call::equals).count();
  }

  public synchronized void forget() {
    made.clear();
  }

  <E extends PortException> void on(String call, Class<E> type) throws E {
    boolean isBoundary = EFFECTS.contains(call.replace(" done", ""));
    if (isBoundary) {
      boundary.accept(call);
    }
    count(call, isBoundary, type);
  }

  private synchronized <E extends PortException> void count(
      String call, boolean isBoundary, Class<E> type) throws E {
    if (dead || (call.equals(deadly) && spared-- == 0) || (isBoundary && --boundaries == 0)) {
      dead = true;
      deadAt = deadAt.isEmpty() ? call : deadAt;
      throw new KilledException(call);
    }
    made.add(call);
    Deque<Exception> waiting = faults.get(call);
    if (waiting != null && !waiting.isEmpty()) {
      throw type.cast(waiting.remove());
    }
  }
}
