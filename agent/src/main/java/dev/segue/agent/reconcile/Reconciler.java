// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.parse.Parsed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
  private static final Duration CLOSING = Duration.ofSeconds(8);

  private final SourceRepo source;
  private final Cluster cluster;
  private final Mandate mandate;
  private final GroupPasses passes;
  private final @Nullable GroupMirror mirror;
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

  /** As the other, for an agent that is alone. */
  public Reconciler(
      SourceRepo source,
      Cluster cluster,
      StatusBranch status,
      ChartStore charts,
      ReconcilerSettings settings,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock) {
    this(source, cluster, status, charts, settings, Mandate.forAll(), null, listener, clock);
  }

  /**
   * @param mandate for which groups this agent works; nothing is written for others. When it
   *     changed, {@link #mandateChanged} must be called
   * @param objects where groups are shown in the cluster; null where they are not
   * @param listener told of each outcome that differs from the group's last, on any thread
   */
  public Reconciler(
      SourceRepo source,
      Cluster cluster,
      StatusBranch status,
      ChartStore charts,
      ReconcilerSettings settings,
      Mandate mandate,
      @Nullable GroupObjects objects,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock) {
    this(
        source,
        cluster,
        GitReconciler.passes(source, cluster, status, charts, settings, mandate, clock),
        GitReconciler.mirror(objects, source, settings, mandate, clock),
        settings,
        mandate,
        listener,
        clock);
  }

  /**
   * As the others, with passes of its own.
   *
   * @param source where they find what is declared
   * @param mirror null where groups are not shown in the cluster
   */
  Reconciler(
      SourceRepo source,
      Cluster cluster,
      GroupPasses passes,
      @Nullable GroupMirror mirror,
      ReconcilerSettings settings,
      Mandate mandate,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock) {
    this.source = source;
    this.cluster = cluster;
    this.mandate = mandate;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.passes = passes;
    this.mirror = mirror;
    this.workers =
        Executors.newFixedThreadPool(settings.concurrency(), new DaemonThreads("reconcile"));
    this.timer = Executors.newSingleThreadScheduledExecutor(new DaemonThreads("timer"));
  }

  /** Begins to watch the cluster. */
  public void start() throws ClusterException {
    cluster.watch(this::look);
    if (mirror != null) {
      mirror.start();
    }
  }

  /**
   * Asks Git once; when it moved, every group that it declares is looked at, otherwise those alone
   * that are due or of which people asked something. Does not wait for them.
   */
  public void poll() throws RepoException {
    RepoTree tree = source.poll();
    Declared last = declared;
    if (last == null) {
      passes.asked(); // reads what another agent may have written last
      lookAtAll(read(tree));
      return;
    }
    if (last.commit().equals(tree.commit())) {
      last.groups().forEach(this::lookWhenDue);
    } else {
      lookAtAll(read(tree));
    }
    passes.asked().forEach(this::look);
  }

  /**
   * To be called when other groups are ours than before: what was known is forgotten, and nothing
   * is begun until the next poll has read what others wrote.
   */
  public void mandateChanged() {
    synchronized (turns) {
      declared = null;
      outcomes.keySet().removeIf(group -> !mandate.covers(group));
      lookedAt.clear();
      failures.clear();
    }
    due.keySet().forEach(group -> later(group, null));
    if (mirror != null) {
      mirror.mandateChanged();
    }
  }

  private Declared read(RepoTree tree) throws RepoException {
    Declared now = passes.declared(tree);
    LOG.info(
        "commit {}: {} groups, {} problems",
        tree.commit().shortHex(),
        now.groups().size(),
        now.problems().size());
    if (mirror != null) {
      mirror.read(now, passes.known());
    }
    return now;
  }

  private void lookAtAll(Declared now) {
    synchronized (turns) { // nobody sees the new commit without its groups waiting for their turn
      Declared last = declared;
      declared = now;
      outcomes.keySet().removeIf(group -> !now.knows(group) || !mandate.covers(group));
      lookedAt.keySet().retainAll(now.groups().keySet());
      failures.clear();
      now.groups()
          .forEach(
              (group, parsed) -> {
                if (last != null && now.isSame(group, last)) {
                  lookWhenDue(group, parsed);
                } else {
                  look(group);
                }
              });
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
  void look(GroupName group) {
    if (!closing && mandate.covers(group) && turns.ask(group)) {
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
      if (now != null && now.knows(group) && mandate.covers(group) && !closing) {
        later(group, null);
        lookedAt.put(group, clock.instant());
        begun.put(group, clock.instant());
        try {
          mandate.during(group, () -> pass(group, now)).ifPresent(outcome -> tell(group, outcome));
        } finally {
          begun.remove(group);
        }
      }
    }
  }

  private Optional<Outcome> pass(GroupName group, Declared now) {
    Optional<Outcome> outcome = passes.over(group, now);
    if (mirror != null && !outcome.equals(Optional.of(new Outcome.Undecided()))) {
      mirror.show(group, now, outcome, passes.told(group));
    }
    return outcome;
  }

  private void tell(GroupName group, Optional<Outcome> outcome) {
    Optional<Outcome> before = Optional.ofNullable(outcomes.get(group));
    synchronized (turns) {
      boolean ours = declared != null && declared.knows(group) && mandate.covers(group);
      if (outcome.isEmpty() || !ours) {
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
   * Whether every group of the last commit that is ours was looked at and nothing more will happen
   * by itself.
   */
  public boolean settled() {
    synchronized (turns) {
      Declared now = declared;
      return now != null
          && turns.idle()
          && now.groups().keySet().stream()
              .allMatch(group -> outcomes.containsKey(group) || !mandate.covers(group))
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
    endPasses();
    if (mirror != null) {
      mirror.close(); // it has the last passes to show
    }
  }

  private void endPasses() {
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
