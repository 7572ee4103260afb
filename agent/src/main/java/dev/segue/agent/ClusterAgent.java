// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.Health;
import dev.segue.agent.reconcile.LogContext;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.WebException;
import dev.segue.agent.schedule.Poller;
import dev.segue.agent.web.WebServer;
import dev.segue.renderer.model.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent of one cluster, which works until the process is told to end. */
final class ClusterAgent {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterAgent.class);

  /** As Kubernetes starts an agent again that ended. */
  private static final Duration FIRST_RESTART = Duration.ofSeconds(10);

  private static final Duration LAST_RESTART = Duration.ofMinutes(5);

  private final AgentConfig config;
  private final String host;
  private final Sharing sharing;
  private final CountDownLatch told;
  private final Clock clock = Clock.systemUTC();
  private final AgentHealth health;
  private volatile @Nullable Reconciling working;
  private List<Problem> toldProblems = List.of();

  /**
   * @param host as which this process is known where several agents are
   * @param told reaches zero when the process is told to end
   */
  ClusterAgent(AgentConfig config, String host, Sharing sharing, CountDownLatch told) {
    this.config = config;
    this.host = host;
    this.sharing = sharing;
    this.told = told;
    this.health = new AgentHealth(this::busySince, config.source().interval(), clock);
  }

  private Optional<Instant> busySince() {
    Reconciling now = working;
    return now == null ? Optional.empty() : now.busySince();
  }

  /** The cluster's. */
  String name() {
    return config.cluster().name();
  }

  Health health() {
    return health;
  }

  /**
   * Returns when it is told to end and has ended what was under way; throws what cannot pass by
   * itself.
   *
   * @param shown the health that its ports tell
   */
  void run(Health shown) throws PortException, InterruptedException {
    try (Wiring wiring = Wiring.open(config, host, sharing, (group, outcome) -> {}, clock)) {
      LOG.info("{} at {}", config.source().description(), wiring.cluster().description());
      Reconciling reconciler = wiring.reconciling();
      working = reconciler;
      health.beginning();
      wiring.serve(config.web(), shown);
      Retry.Wait wait = delay -> told.await(delay.toMillis(), TimeUnit.MILLISECONDS);
      Retry retry = new Retry(wait, LOG::warn);
      Runnable poll = LogContext.ofThisThread().around(() -> poll(reconciler));
      Optional<Leadership> leadership = wiring.leadership();
      if (leadership.isPresent()) {
        work(leadership.get(), reconciler, retry, poll);
      } else {
        work(reconciler, retry, poll);
      }
    } finally {
      working = null;
    }
  }

  /**
   * As {@link #run}, beside the agents of other clusters: what ends it is logged, and it begins
   * again, later and later.
   */
  void persist(Health shown) {
    LogContext.say(name());
    Duration delay = FIRST_RESTART;
    try {
      while (told.getCount() > 0) {
        Instant begun = clock.instant();
        String failure = failure(shown);
        if (failure.isEmpty()) {
          return;
        }
        if (Duration.between(begun, clock.instant()).compareTo(LAST_RESTART) > 0) {
          delay = FIRST_RESTART; // it was well meanwhile
        }
        LOG.error("{}; this cluster's agent begins again in {} s", failure, delay.toSeconds());
        health.failed(failure);
        standStill(shown, delay);
        Duration doubled = delay.multipliedBy(2);
        delay = doubled.compareTo(LAST_RESTART) > 0 ? LAST_RESTART : doubled;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to end at once
    }
  }

  /** Returns why it ended; "" when it was told to. */
  private String failure(Health shown) throws InterruptedException {
    try {
      run(shown);
      return "";
    } catch (PortException e) {
      return e.code().id() + ": " + e.getMessage();
    } catch (RuntimeException | Error e) {
      LOG.error("a bug of Segue; please report it", e);
      return "a bug of Segue ended it (" + e.getClass().getSimpleName() + ")";
    }
  }

  /** Whoever asks its ports is told how all clusters stand. */
  private void standStill(Health shown, Duration time) throws InterruptedException {
    List<WebServer> servers = List.of();
    try {
      servers = Serving.startWithoutGit(config.web(), shown);
    } catch (WebException e) {
      LOG.warn("{}: {}", e.code().id(), e.getMessage());
    }
    try {
      boolean over = told.await(time.toMillis(), TimeUnit.MILLISECONDS);
      LOG.trace("told to end: {}", over);
    } finally {
      servers.forEach(WebServer::close);
    }
  }

  /** Alone for its cluster. */
  private void work(Reconciling reconciler, Retry retry, Runnable poll)
      throws PortException, InterruptedException {
    if (retry.until(reconciler::start)) {
      health.watching();
      Poller poller = Poller.start(config.source().interval(), poll);
      told.await();
      LOG.info("ending");
      poller.close();
    }
  }

  /** As one of several for its cluster. */
  private void work(Leadership leadership, Reconciling reconciler, Retry retry, Runnable poll)
      throws PortException, InterruptedException {
    if (retry.until(leadership::compete)) {
      new Terms(leadership, reconciler, health, retry, poll, config.source().interval()).run(told);
      LOG.info("ending");
    }
  }

  private void poll(Reconciling reconciler) {
    try {
      reconciler.poll();
      health.fetched();
      List<Problem> problems = reconciler.problems();
      if (!problems.equals(toldProblems)) {
        problems.forEach(problem -> LOG.error("{}", problem));
        toldProblems = problems;
      }
    } catch (RepoException e) {
      LOG.warn("{}: {}", e.code().id(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a bug of Segue; please report it", e);
    } finally {
      health.polled();
    }
  }
}
