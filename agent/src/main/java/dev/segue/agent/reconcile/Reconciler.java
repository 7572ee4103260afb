// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every group of a repository to what its commit says. Groups go on independently: each has
 * at most one pass at a time, and what fails or waits in one holds up no other. A group is looked
 * at when Git moved, when something of it changed in the cluster, when a failed pass is due again,
 * and now and then.
 */
public final class Reconciler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final SourceRepo source;
  private final Cluster cluster;
  private final GroupReconciler groups;
  private final ReconcilerSettings settings;
  private final BiConsumer<GroupName, Outcome> listener;
  private final Clock clock;
  private final ExecutorService workers;
  private final ScheduledExecutorService timer;

  private final Map<GroupName, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Map<GroupName, Instant> lookedAt = new ConcurrentHashMap<>();
  private final Map<GroupName, Integer> failures = new ConcurrentHashMap<>();
  private final Set<GroupName> busy = ConcurrentHashMap.newKeySet();
  private final Set<GroupName> again = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Declared declared;

  /** What the last commit declares. */
  private record Declared(CommitId commit, Map<GroupName, Parsed> groups, List<Problem> problems) {}

  /**
   * @param listener told of each outcome that differs from the group's last, on any thread
   */
  public Reconciler(
      SourceRepo source,
      Cluster cluster,
      StatusBranch status,
      ChartStore charts,
      ReconcilerSettings settings,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock) {
    this.source = source;
    this.cluster = cluster;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.groups =
        new GroupReconciler(
            cluster,
            new StatusStore(status, settings.clusterName()),
            new GroupCharts(charts, source),
            settings.render(),
            settings.kubeVersion(),
            clock);
    this.workers = Executors.newFixedThreadPool(settings.concurrency(), daemon("reconcile"));
    this.timer = Executors.newSingleThreadScheduledExecutor(daemon("timer"));
  }

  private static java.util.concurrent.ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Begins to watch the cluster. */
  public void start() throws ClusterException {
    cluster.watch(this::look);
  }

  /**
   * Asks Git once; when it moved, every group that it declares is looked at, otherwise those alone
   * that are due. Does not wait for them.
   */
  public void poll() throws RepoException {
    RepoTree tree = source.poll();
    Declared last = declared;
    if (last == null || !last.commit().equals(tree.commit())) {
      Declared now = read(tree);
      declared = now;
      outcomes.keySet().retainAll(now.groups().keySet());
      now.groups().keySet().forEach(this::look);
      return;
    }
    Instant due = clock.instant().minus(settings.interval());
    last.groups().keySet().stream()
        .filter(group -> lookedAt.getOrDefault(group, Instant.EPOCH).isBefore(due))
        .forEach(this::look);
  }

  private Declared read(RepoTree tree) throws RepoException {
    Reading reading = Declarations.read(tree, settings.paths());
    Map<GroupName, Parsed> byName = new HashMap<>();
    for (Parsed parsed : reading.groups()) {
      if (parsed instanceof Parsed.Valid valid) {
        byName.put(valid.group().name(), parsed);
      } else if (parsed instanceof Parsed.Invalid invalid && invalid.name() != null) {
        byName.put(invalid.name(), parsed);
      }
    }
    LOG.info(
        "commit {}: {} groups, {} problems",
        tree.commit().shortHex(),
        byName.size(),
        reading.problems().size());
    return new Declared(tree.commit(), Collections.unmodifiableMap(byName), reading.problems());
  }

  /** Has a group looked at soon; while it is being looked at, once more afterwards. */
  private void look(GroupName group) {
    again.add(group);
    if (busy.add(group)) {
      execute(() -> work(group));
    }
  }

  private void execute(Runnable task) {
    try {
      workers.execute(task);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      LOG.debug("closing: nothing more is begun");
    }
  }

  private void work(GroupName group) {
    while (again.remove(group)) {
      Declared now = declared;
      if (now == null) {
        continue;
      }
      Parsed parsed = now.groups().get(group);
      if (parsed != null) {
        lookedAt.put(group, clock.instant());
        tell(group, outcome(group, parsed, now.commit()));
      }
    }
    busy.remove(group);
    if (again.contains(group) && busy.add(group)) { // asked for between the last look and here
      execute(() -> work(group));
    }
  }

  private Outcome outcome(GroupName name, Parsed parsed, CommitId commit) {
    try {
      if (parsed instanceof Parsed.Valid valid) {
        ApplicationGroup group = valid.group();
        return groups.reconcile(group, commit);
      }
      Parsed.Invalid invalid = (Parsed.Invalid) parsed;
      return groups.invalid(name, invalid.origins().get(0), commit, invalid.problems());
    } catch (PortException e) {
      return new Outcome.Failed(e.code(), e.getMessage(), e.retryable());
    } catch (RuntimeException e) {
      LOG.error("{}: a bug of Segue; please report it", name, e);
      return new Outcome.Failed(
          dev.segue.renderer.model.ProblemCode.CLUSTER_FAILED, "internal error: " + e, false);
    }
  }

  private void tell(GroupName group, Outcome outcome) {
    Outcome before = outcomes.put(group, outcome);
    if (outcome instanceof Outcome.Failed failed && failed.retryable()) {
      later(group, backoff(failures.merge(group, 1, Integer::sum)));
    } else {
      failures.remove(group);
      if (outcome instanceof Outcome.Progressing) {
        later(group, LOOK_AGAIN);
      }
    }
    if (!outcome.equals(before)) {
      LOG.info("{}: {}", group, outcome.describe());
      listener.accept(group, outcome);
    }
  }

  private void later(GroupName group, Duration delay) {
    if (!timer.isShutdown()) {
      java.util.concurrent.Future<?> unused =
          timer.schedule(() -> look(group), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Doubled each time up to the last, and spread by a quarter so that groups do not come back
   * together.
   */
  private static Duration backoff(int failures) {
    long doubled = FIRST_RETRY.toMillis() << Math.min(failures - 1, 20);
    long millis = Math.min(doubled, LAST_RETRY.toMillis());
    return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4));
  }

  /**
   * Where each group of the last commit stands, by name; a group that was not looked at yet is not
   * there.
   */
  public Map<GroupName, Outcome> outcomes() {
    return Collections.unmodifiableMap(new TreeMap<>(outcomes));
  }

  /**
   * What is wrong with the files of the last commit, those of groups that are declared well
   * elsewhere included.
   */
  public List<Problem> problems() {
    Declared now = declared;
    return now == null ? List.of() : now.problems();
  }

  /**
   * Whether every group of the last commit was looked at and nothing more will happen by itself.
   */
  public boolean settled() {
    Declared now = declared;
    return now != null
        && busy.isEmpty()
        && outcomes.keySet().containsAll(now.groups().keySet())
        && outcomes.values().stream().allMatch(Outcome::settled);
  }

  /** Ends the passes under way, for at most ten seconds; nothing is begun any more. */
  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a pass did not end in time; the next start goes on where it was");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
