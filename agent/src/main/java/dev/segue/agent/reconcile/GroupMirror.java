// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.MirroredGroup.Look;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the groups of Git as ApplicationGroups in the agent's namespace, for {@code kubectl} and
 * others who read a cluster. It is a convenience: it has threads of its own, so that releasing
 * waits for none of it, and what it cannot write is logged and tried again later.
 */
final class GroupMirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupMirror.class);
  private static final int AT_ONCE = 4;
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  private static final Duration LAST_RETRY = Duration.ofMinutes(10);
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private final GroupObjects objects;
  private final Namespace namespace;
  private final Mandate mandate;
  private final MirroredGroup groups;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(AT_ONCE, new DaemonThreads("mirror"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(new DaemonThreads("mirror-timer"));
  private final Map<GroupName, Future<?>> due = new ConcurrentHashMap<>();
  private final Turns turns = new Turns();
  private final Map<GroupName, Look> looks = new ConcurrentHashMap<>();
  private final Map<GroupName, Integer> failures = new ConcurrentHashMap<>();
  private volatile String told = "";
  private volatile boolean watching;
  private volatile @Nullable Known known;

  /** What a commit declares, and what the status branch tells of that was not removed. */
  private record Known(Declared declared, Set<GroupName> told) {}

  /**
   * @param namespace where the objects are
   * @param branch that groups are read from; "" for none
   */
  GroupMirror(
      GroupObjects objects,
      Mandate mandate,
      SourceRepo source,
      Namespace namespace,
      String branch,
      Clock clock) {
    this.objects = new FencedGroupObjects(objects, mandate);
    this.namespace = namespace;
    this.mandate = mandate;
    this.groups = new MirroredGroup(this.objects, source, namespace, branch, clock);
  }

  /** Begins to watch, soon; what is to be shown until then is shown afterwards. */
  void start() {
    var unused = later(Duration.ZERO, () -> begin(FIRST_RETRY));
  }

  /** To be called after each pass over a group; returns at once. */
  void show(
      GroupName group,
      Declared declared,
      Optional<Outcome> outcome,
      Optional<StatusReport> report) {
    looks.put(group, new Look(declared, outcome, report));
    ask(group);
  }

  /**
   * To be called when a commit was read: objects of groups that ended while nobody looked go.
   *
   * @param told the groups that the status branch knows and that were not removed
   */
  void read(Declared declared, Set<GroupName> told) {
    known = new Known(declared, Set.copyOf(told));
    var unused = later(Duration.ZERO, this::sweep);
  }

  /** To be called when other groups are ours than before. */
  void mandateChanged() {
    looks.keySet().stream()
        .filter(group -> !mandate.covers(group))
        .forEach(
            group -> {
              looks.remove(group);
              failures.remove(group);
              groups.forget(group);
            });
  }

  /** The groups of Git of which somebody applied an object as well. */
  Map<GroupName, TwoOwners> conflicts() {
    return groups.conflicts();
  }

  /** Whether nothing is being shown; what failed and is to be tried again does not count. */
  boolean idle() {
    return turns.idle();
  }

  private void begin(Duration pause) {
    Duration longer = longer(pause);
    try {
      if (objects.watch(this::changed)) {
        watching = true;
        looks.keySet().forEach(this::ask);
        sweep();
        return;
      }
      tell("groups are not shown in the cluster: it does not know their kind. Apply deploy/crds");
      longer = LAST_RETRY;
    } catch (ClusterException e) {
      tell("groups are not shown in the cluster: " + e.getMessage());
    }
    Duration next = longer;
    var unused = later(pause, () -> begin(next));
  }

  /** Once for each reason. */
  private void tell(String reason) {
    if (!reason.equals(told)) {
      told = reason;
      LOG.warn("{}", reason);
    }
  }

  private void changed(GroupObject.Ref object) {
    if (object.namespace().equals(namespace.value())) {
      GroupName group;
      try {
        group = GroupName.parse(object.name());
      } catch (IllegalArgumentException e) {
        return; // none of ours
      }
      if (looks.containsKey(group)) {
        ask(group);
      }
    }
  }

  /** What we made, and is neither declared nor about to be removed. */
  private void sweep() {
    Known now = known;
    if (now == null || !watching) {
      return;
    }
    try {
      for (GroupObject object : objects.observe()) {
        if (object.namespace().equals(namespace.value()) && TwoOwners.isMirror(object)) {
          GroupName group = GroupName.parse(object.name());
          if (!now.declared().knows(group)
              && !now.told().contains(group)
              && mandate.covers(group)) {
            show(group, now.declared(), Optional.empty(), Optional.empty());
          }
        }
      }
    } catch (ClusterException | IllegalArgumentException e) {
      LOG.warn("cannot look for ApplicationGroups that are to go: {}", e.getMessage());
    }
  }

  private void ask(GroupName group) {
    if (watching && turns.ask(group)) {
      try {
        workers.execute(() -> work(group));
      } catch (RejectedExecutionException e) {
        LOG.debug("closing: nothing more is shown");
      }
    }
  }

  private void work(GroupName group) {
    while (turns.next(group)) {
      Look look = looks.get(group);
      if (look != null) {
        try {
          var unused =
              mandate.during(
                  group,
                  () -> {
                    step(group, look);
                    return true;
                  });
        } catch (RuntimeException e) { // a turn that never ended would hold up the group
          LOG.error("{}: cannot be shown; please report it", group, e);
        }
      }
    }
  }

  private void step(GroupName group, Look look) {
    try {
      groups.show(group, look);
      failures.remove(group);
      if (look.outcome().isEmpty()) {
        looks.remove(group, look);
      }
    } catch (PortException e) {
      int count = failures.merge(group, 1, Integer::sum);
      if (count == 1) {
        LOG.warn("{}: its object is not up to date: {}", group, e.getMessage());
      }
      boolean soon = e.retryable() || e.code() == ProblemCode.CLUSTER_CONFLICT;
      again(group, soon ? backoff(count) : LAST_RETRY);
    }
  }

  /** Then, and no other time that was said before. */
  private void again(GroupName group, Duration delay) {
    Future<?> next = later(delay, () -> ask(group));
    Future<?> before = next == null ? due.remove(group) : due.put(group, next);
    if (before != null) {
      before.cancel(false);
    }
  }

  private static Duration backoff(int failures) {
    Duration pause = FIRST_RETRY;
    for (int i = 1; i < failures && pause.compareTo(LAST_RETRY) < 0; i++) {
      pause = longer(pause);
    }
    return pause;
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
  }

  /** Null when this is being closed. */
  private @Nullable Future<?> later(Duration delay, Runnable task) {
    try {
      return timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing: nothing more is shown");
      return null;
    }
  }

  /** Shows what is about to be shown, for three seconds at most; the next start goes on. */
  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
