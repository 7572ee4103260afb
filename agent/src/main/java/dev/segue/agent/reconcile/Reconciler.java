// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.status.Site;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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
  private static final Duration CLOSING = Duration.ofSeconds(9);

  private final SourceRepo source;
  private final Cluster cluster;
  private final StatusStore store;
  private final GroupReconciler groups;
  private final Removal removal;
  private final ReconcilerSettings settings;
  private final BiConsumer<GroupName, Outcome> listener;
  private final Clock clock;
  private final ExecutorService workers;
  private final ScheduledExecutorService timer;

  private final Map<GroupName, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Map<GroupName, Instant> lookedAt = new ConcurrentHashMap<>();
  private final Map<GroupName, Integer> failures = new ConcurrentHashMap<>();
  private final Map<GroupName, Future<?>> due = new ConcurrentHashMap<>();
  private final Map<GroupName, Instant> begun = new ConcurrentHashMap<>();
  private final Turns turns = new Turns();
  private volatile @Nullable Declared declared; // changes under the monitor of turns
  private volatile boolean closing;

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
    this.store = new StatusStore(status, settings.clusterName(), this::site);
    GroupCharts groupCharts =
        new GroupCharts(charts, source, new LiveSite(cluster, store, settings));
    Observer observer = new Observer(cluster, store, clock);
    PlanRun plans = new PlanRun(cluster, store, groupCharts, settings.render(), clock);
    EarlierGroups earlier = new EarlierGroups(source, settings.paths());
    Aims aims = new Aims(source, groupCharts, earlier, settings.render());
    this.groups =
        new GroupReconciler(cluster, store, observer, aims, plans, settings.render(), clock);
    this.removal =
        new Removal(source, cluster, observer, plans, settings.render().namespace(), clock);
    this.workers = Executors.newFixedThreadPool(settings.concurrency(), daemon("reconcile"));
    this.timer = Executors.newSingleThreadScheduledExecutor(daemon("timer"));
  }

  /** Empty while the cluster does not say its version. */
  private Optional<Site> site() {
    try {
      return Optional.of(settings.site(cluster));
    } catch (ClusterException e) {
      LOG.debug("the cluster's version is not known: {}", e.getMessage());
      return Optional.empty();
    }
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
   * that are due or of which people asked something. Does not wait for them.
   */
  public void poll() throws RepoException {
    RepoTree tree = source.poll();
    Declared last = declared;
    if (last == null || !last.commit().equals(tree.commit())) {
      lookAtAll(read(tree));
    } else {
      last.groups().forEach(this::lookWhenDue);
    }
    store.asked().forEach(this::look);
  }

  private Declared read(RepoTree tree) throws RepoException {
    Reading reading = Declarations.read(tree, settings.paths());
    Declared now =
        Declared.of(
            tree.commit(),
            reading,
            store.known(),
            settings.removalPercent(),
            report -> descends(tree.commit(), report));
    LOG.info(
        "commit {}: {} groups, {} problems",
        tree.commit().shortHex(),
        now.groups().size(),
        now.problems().size());
    return now;
  }

  private boolean descends(CommitId commit, StatusReport report) {
    try {
      return source.descends(commit, CommitId.parse(report.commit()));
    } catch (RepoException | IllegalArgumentException e) {
      return false;
    }
  }

  private void lookAtAll(Declared now) {
    synchronized (turns) { // nobody sees the new commit without its groups waiting for their turn
      declared = now;
      outcomes.keySet().removeIf(group -> !now.knows(group));
      lookedAt.keySet().retainAll(now.groups().keySet());
      failures.clear();
      now.groups().keySet().forEach(this::look);
      now.undeclared().keySet().forEach(this::look);
    }
  }

  private void lookWhenDue(GroupName group, Parsed parsed) {
    Duration interval = settings.interval();
    if (parsed instanceof Parsed.Valid valid && valid.group().interval() != null) {
      interval = valid.group().interval();
    }
    Instant last = lookedAt.getOrDefault(group, Instant.EPOCH);
    Duration since = Duration.between(last, clock.instant()); // negative: the clock was set back
    if (since.abs().compareTo(interval) > 0) {
      look(group);
    }
  }

  /** Has a group looked at soon; while it is being looked at, once more afterwards. */
  private void look(GroupName group) {
    if (!closing && turns.ask(group)) {
      try {
        workers.execute(() -> work(group));
      } catch (RejectedExecutionException e) {
        LOG.debug("closing: nothing more is begun");
      }
    }
  }

  private void work(GroupName group) {
    while (turns.next(group)) {
      Declared now = declared;
      if (now != null && now.knows(group) && !closing) {
        later(group, null);
        lookedAt.put(group, clock.instant());
        begun.put(group, clock.instant());
        try {
          tell(group, outcome(group, now));
        } finally {
          begun.remove(group);
        }
      }
    }
  }

  /** Empty when there is nothing to say any more. */
  private Optional<Outcome> outcome(GroupName group, Declared now) {
    try {
      Parsed parsed = now.groups().get(group);
      if (parsed instanceof Parsed.Valid valid) {
        return Optional.of(groups.reconcile(valid.group(), now.commit()));
      }
      if (parsed instanceof Parsed.Invalid invalid) {
        Origin origin = invalid.origins().get(0);
        return Optional.of(groups.invalid(group, origin, now.commit(), invalid.problems()));
      }
      Outcome outcome = removal.remove(group, now.commit(), caution(now, group));
      return outcome instanceof Outcome.Removed ? Optional.empty() : Optional.of(outcome);
    } catch (PortException e) {
      return Optional.of(new Outcome.Failed(e.code(), e.getMessage(), e.retryable()));
    } catch (RuntimeException | Error e) { // a turn that never ended would hold up the group
      LOG.error("{}: a bug of Segue; please report it", group, e);
      return Optional.of(
          new Outcome.Failed(ProblemCode.INTERNAL_ERROR, "internal error: " + e, false));
    }
  }

  private static String caution(Declared now, GroupName group) {
    return Objects.requireNonNullElse(now.undeclared().get(group), "");
  }

  private void tell(GroupName group, Optional<Outcome> outcome) {
    Optional<Outcome> before = Optional.ofNullable(outcomes.get(group));
    synchronized (turns) {
      if (outcome.isEmpty() || declared == null || !declared.knows(group)) {
        outcomes.remove(group);
        return;
      }
      outcomes.put(group, outcome.get());
    }
    again(group, outcome.get());
    if (!outcome.equals(before)) {
      LOG.info("{}: {}", group, outcome.get().describe());
      tellListener(group, outcome.get());
    }
  }

  private void tellListener(GroupName group, Outcome outcome) {
    try {
      listener.accept(group, outcome);
    } catch (RuntimeException e) {
      LOG.error("who listens failed; please report it", e);
    }
  }

  private void again(GroupName group, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed && failed.retryable()) {
      later(group, backoff(failures.merge(group, 1, Integer::sum)));
      return;
    }
    failures.remove(group);
    if (!outcome.settled()) {
      later(group, LOOK_AGAIN);
    } else if (outcome instanceof Outcome.Postponed postponed && postponed.until().isPresent()) {
      Duration wait = Duration.between(clock.instant(), postponed.until().get());
      later(group, wait.isNegative() ? LOOK_AGAIN : wait.plusMillis(1));
    }
  }

  /**
   * Has the group looked at then and no other time that was said before.
   *
   * @param delay null for never
   */
  private void later(GroupName group, @Nullable Duration delay) {
    Future<?> before = due.remove(group);
    if (before != null) {
      before.cancel(false);
    }
    if (delay != null && !closing) {
      try {
        due.put(group, timer.schedule(() -> look(group), delay.toMillis(), TimeUnit.MILLISECONDS));
      } catch (RejectedExecutionException e) {
        LOG.debug("closing: nothing more is begun");
      }
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
   * Where each group of the last commit stands, and each that is being removed, by name; a group
   * that was not looked at yet is not there.
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
    synchronized (turns) {
      Declared now = declared;
      return now != null
          && turns.idle()
          && outcomes.keySet().containsAll(now.groups().keySet())
          && outcomes.values().stream().allMatch(Outcome::settled);
    }
  }

  /** When the longest of the passes under way began; empty when there is none. */
  public Optional<Instant> busySince() {
    return begun.values().stream().min(Comparator.naturalOrder());
  }

  /** Ends the passes under way, for at most ten seconds; nothing is begun any more. */
  @Override
  public void close() {
    closing = true;
    timer.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a pass did not end in time; the next start goes on where it was");
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
