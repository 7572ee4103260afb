// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.reconcile.PortException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls to ports of one agent's life: which were made, and which are made to fail. */
public final class Calls {
  private final List<String> made = new ArrayList<>();
  private final Map<String, Deque<Exception>> faults = new HashMap<>();
  private @Nullable String deadly;
  private int spared;
  private boolean dead;

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

  public synchronized boolean dead() {
    return dead;
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

  synchronized <E extends PortException> void on(String call, Class<E> type) throws E {
    if (dead || (call.equals(deadly) && spared-- == 0)) {
      dead = true;
      throw new KilledException(call);
    }
    made.add(call);
    Deque<Exception> waiting = faults.get(call);
    if (waiting != null && !waiting.isEmpty()) {
      throw type.cast(waiting.remove());
    }
  }
}
