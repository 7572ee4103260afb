// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * For which groups this agent may write, which may change at any time, and what it is writing. It
 * is asked immediately before each write; a write that began in time may still be under way when
 * the right to it is gone, and {@link #writes} tells of it.
 */
public final class Mandate {
  private record Pass(GroupName group, long tenure) {}

  private static final ThreadLocal<@Nullable Pass> PASSING = new ThreadLocal<>();

  private final ToLongFunction<GroupName> tenures;
  private final Map<Long, GroupName> writing = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /**
   * @param tenures since when the group is ours, as a number that each time that it becomes ours is
   *     another; 0 while it is not. Asked on any thread; must be quick
   */
  public Mandate(ToLongFunction<GroupName> tenures) {
    this.tenures = tenures;
  }

  /** For an agent that is alone. */
  public static Mandate forAll() {
    return new Mandate(group -> 1);
  }

  /** Whether the group is ours now. */
  boolean covers(GroupName group) {
    return tenures.applyAsLong(group) != 0;
  }

  /**
   * Takes a pass over the group, on this thread: what is written during it is the group's, and only
   * as long as it is ours without a break, as the pass knows nothing of what others wrote.
   *
   * @return empty when the group is not ours or ceased to be: what the pass came to says nothing
   */
  <T> Optional<T> during(GroupName group, Supplier<T> pass) {
    long tenure = tenures.applyAsLong(group);
    if (tenure == 0) {
      return Optional.empty();
    }
    PASSING.set(new Pass(group, tenure));
    try {
      T result = pass.get();
      return tenures.applyAsLong(group) == tenure ? Optional.of(result) : Optional.empty();
    } finally {
      PASSING.remove();
    }
  }

  /** What writes. */
  @FunctionalInterface
  interface Write<T, E extends PortException> {
    T make() throws E;
  }

  /**
   * Writes for the group of this thread's pass.
   *
   * @param refusal makes the failure, of its message, where the group is not ours any more
   */
  <T, E extends PortException> T write(Function<String, E> refusal, Write<T, E> write) throws E {
    Pass pass = PASSING.get();
    if (pass == null) {
      throw new IllegalStateException("only a pass writes");
    }
    Long id = last.incrementAndGet();
    writing.put(id, pass.group()); // before the question: whoever waits for writes to end sees it
    try {
      if (tenures.applyAsLong(pass.group()) != pass.tenure()) {
        throw refusal.apply("group \"" + pass.group() + "\" is another agent's by now");
      }
      return write.make();
    } finally {
      writing.remove(id);
    }
  }

  /** Whether a write for such a group is under way. */
  public boolean writes(Predicate<GroupName> which) {
    return writing.values().stream().anyMatch(which);
  }
}
