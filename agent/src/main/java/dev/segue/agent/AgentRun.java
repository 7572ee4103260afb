// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Reconciler;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.schedule.Poller;
import dev.segue.renderer.model.GroupName;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent at work: for ever, or for one pass. */
final class AgentRun {
  private static final Logger LOG = LoggerFactory.getLogger(AgentRun.class);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final AgentConfig config;
  private final Console console;

  AgentRun(AgentConfig config, Console console) {
    this.config = config;
    this.console = console;
  }

  /** Runs until the process is told to end; then ends what is under way and returns 0. */
  int forEver() {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              told.countDown();
              try {
                ended.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(0); // an orderly end is no failure, whatever the signal was
            },
            "end");
    Runtime.getRuntime().addShutdownHook(hook);
    try (Wiring wiring = Wiring.open(config, (group, outcome) -> {}, Clock.systemUTC())) {
      LOG.info("{} at {}", config.source().url(), wiring.cluster().description());
      watch(wiring.reconciler(), told);
      Poller poller = Poller.start(config.source().interval(), () -> poll(wiring.reconciler()));
      told.await();
      LOG.info("ending");
      poller.close();
      return 0;
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      ended.countDown();
    }
  }

  /** Tries until the cluster can be watched, later and later, unless it can never be. */
  private static void watch(Reconciler reconciler, CountDownLatch told)
      throws PortException, InterruptedException {
    Duration delay = Duration.ofSeconds(1);
    while (true) {
      try {
        reconciler.start();
        return;
      } catch (PortException e) {
        if (!e.retryable()) {
          throw e;
        }
        LOG.warn("{}: {}; trying again in {} s", e.code().id(), e.getMessage(), delay.toSeconds());
        if (told.await(delay.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)) {
          return;
        }
        delay =
            delay.multipliedBy(2).compareTo(Duration.ofMinutes(1)) > 0
                ? Duration.ofMinutes(1)
                : delay.multipliedBy(2);
      }
    }
  }

  private static void poll(Reconciler reconciler) {
    try {
      reconciler.poll();
    } catch (RepoException e) {
      LOG.warn("{}: {}", e.code().id(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a bug of Segue; please report it", e);
    }
  }

  /**
   * Polls once and waits until every group is settled, or the time is up. Returns 0 when every one
   * is in sync.
   */
  int once(Duration timeout) {
    try (Wiring wiring =
        Wiring.open(
            config,
            (group, outcome) -> console.err().println(group + ": " + outcome.describe()),
            Clock.systemUTC())) {
      wiring.reconciler().start();
      wiring.reconciler().poll();
      boolean settled = awaitSettled(wiring.reconciler(), timeout);
      return report(wiring.reconciler(), settled);
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    }
  }

  /** Returns whether it settled in time. */
  static boolean awaitSettled(Reconciler reconciler, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (!reconciler.settled() && System.nanoTime() < end) {
        Thread.sleep(LOOK.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return reconciler.settled();
  }

  private int report(Reconciler reconciler, boolean settled) {
    reconciler.problems().forEach(problem -> console.out().println(problem));
    Map<GroupName, Outcome> outcomes = reconciler.outcomes();
    outcomes.forEach((group, outcome) -> console.out().println(group + ": " + outcome.describe()));
    if (!settled) {
      console.err().println("not settled in time");
    }
    boolean released =
        settled
            && reconciler.problems().isEmpty()
            && outcomes.values().stream().allMatch(Outcome.InSync.class::isInstance);
    return released ? 0 : 1;
  }
}
