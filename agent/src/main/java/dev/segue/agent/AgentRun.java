// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.schedule.Poller;
import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent at work: for ever, or for one pass. */
final class AgentRun {
  private static final Logger LOG = LoggerFactory.getLogger(AgentRun.class);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  /** Together less than the ten seconds that are promised: the JVM needs a moment too. */
  private static final Duration UNTIL_INTERRUPT = Duration.ofSeconds(3);

  private static final Duration UNTIL_HALT = Duration.ofSeconds(5);

  private final AgentConfig config;
  private final Console console;
  private List<Problem> toldProblems = List.of();

  AgentRun(AgentConfig config, Console console) {
    this.config = config;
    this.console = console;
  }

  /** Runs until the process is told to end; then ends what is under way and returns 0. */
  int forEver() {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread runner = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(told, ended, runner), "end"));
    try (Wiring wiring = Wiring.open(config, host(), (group, outcome) -> {}, Clock.systemUTC())) {
      LOG.info("{} at {}", declaredIn(), wiring.cluster().description());
      Reconciling reconciler = wiring.reconciling();
      AgentHealth health =
          new AgentHealth(reconciler::busySince, config.source().interval(), Clock.systemUTC());
      wiring.serve(config.web(), health);
      Retry.Wait wait = delay -> told.await(delay.toMillis(), TimeUnit.MILLISECONDS);
      Retry retry = new Retry(FIRST_RETRY, LAST_RETRY, wait, LOG::warn);
      Runnable poll = () -> poll(reconciler, health);
      Optional<Leadership> leadership = wiring.leadership();
      if (leadership.isPresent()) {
        work(told, leadership.get(), reconciler, health, retry, poll);
      } else {
        work(told, reconciler, health, retry, poll);
      }
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

  /** Alone. */
  private void work(
      CountDownLatch told, Reconciling reconciler, AgentHealth health, Retry retry, Runnable poll)
      throws PortException, InterruptedException {
    if (retry.until(reconciler::start)) {
      health.watching();
      Poller poller = Poller.start(config.source().interval(), poll);
      told.await();
      LOG.info("ending");
      poller.close();
    }
  }

  /** As one of several. */
  private void work(
      CountDownLatch told,
      Leadership leadership,
      Reconciling reconciler,
      AgentHealth health,
      Retry retry,
      Runnable poll)
      throws PortException, InterruptedException {
    if (retry.until(leadership::compete)) {
      new Terms(leadership, reconciler, health, retry, poll, config.source().interval()).run(told);
      LOG.info("ending");
    }
  }

  private String declaredIn() {
    return config.source().isGiven() ? config.source().url() : "what is applied";
  }

  /** The pod's name, in a pod. */
  private String host() {
    String host = console.environment().getOrDefault("HOSTNAME", "");
    return host.isEmpty() ? "segue" : host;
  }

  /**
   * On a signal: waits for an orderly end, though not longer than promised, and makes it no
   * failure, whatever the signal was. What is cut off goes on at the next start, and the render
   * worker ends when its input does. Does nothing when the run is over already: the JVM then ends
   * by itself, with the code that it was given.
   */
  private static void end(CountDownLatch told, CountDownLatch ended, Thread runner) {
    if (ended.getCount() == 0) {
      return;
    }
    told.countDown();
    try {
      if (!ended.await(UNTIL_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS)) {
        runner.interrupt();
        if (!ended.await(UNTIL_HALT.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("cut off what did not end in time; the next start goes on where it was");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  private void poll(Reconciling reconciler, AgentHealth health) {
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

  /**
   * Polls once and waits until every group is settled, or the time is up. What may pass is tried
   * again until then. Returns 0 when every group is in sync.
   */
  int once(Duration timeout) {
    Deadline deadline = Deadline.in(timeout);
    try (Wiring wiring =
        Wiring.open(
            config,
            host(),
            (group, outcome) -> console.err().println(group + ": " + outcome.describe()),
            Clock.systemUTC())) {
      Reconciling reconciler = wiring.reconciling();
      AtomicReference<String> untold = new AtomicReference<>("");
      Retry retry =
          new Retry(
              FIRST_RETRY,
              LAST_RETRY,
              deadline::sleep,
              line -> {
                untold.set("");
                console.err().println(line);
              });
      boolean begun =
          deadline.cutOff(
              () -> {
                untold.set(silent(ProblemCode.CLUSTER_UNREACHABLE, wiring.cluster().description()));
                if (!leads(wiring, retry, deadline, untold)) {
                  return false;
                }
                if (!retry.until(reconciler::start)) {
                  return false;
                }
                untold.set(silent(ProblemCode.GIT_UNREACHABLE, declaredIn()));
                return retry.until(reconciler::poll);
              });
      String reason = Objects.requireNonNullElse(untold.get(), "");
      if (!begun && !reason.isEmpty()) {
        console.err().println(reason);
      }
      boolean settled = begun && awaitSettled(reconciler, deadline.left());
      if (!settled) {
        console
            .err()
            .println(
                "not everything was released within "
                    + GoDuration.format(timeout)
                    + "; the next run goes on from here");
      }
      return report(reconciler, settled);
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Returns whether all groups are ours; where other agents are, these must have ended. */
  private static boolean leads(
      Wiring wiring, Retry retry, Deadline deadline, AtomicReference<String> untold)
      throws PortException, InterruptedException {
    Optional<Leadership> leadership = wiring.leadership();
    if (leadership.isEmpty()) {
      return true;
    }
    if (!retry.until(leadership.get()::compete)) {
      return false;
    }
    while (leadership.get().held().size() < leadership.get().shards()) {
      untold.set(
          ProblemCode.CLUSTER_CONFLICT.id()
              + ": another agent works for this cluster ("
              + leadership.get().holders()
              + "); end it, or set `highAvailability.enabled` to false where it is not there");
      if (deadline.sleep(LOOK)) {
        return false;
      }
    }
    return true;
  }

  private static String silent(ProblemCode code, String server) {
    return code.id() + ": " + server + " did not do what it was asked in time";
  }

  /** Returns whether it settled in time. */
  static boolean awaitSettled(Reconciling reconciler, Duration timeout) {
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

  private int report(Reconciling reconciler, boolean settled) {
    reconciler.problems().forEach(problem -> console.out().println(problem));
    Map<GroupName, Outcome> outcomes = reconciler.outcomes();
    outcomes.forEach((group, outcome) -> console.out().println(group + ": " + outcome.describe()));
    boolean released =
        settled
            && reconciler.problems().isEmpty()
            && outcomes.values().stream().allMatch(Outcome.InSync.class::isInstance);
    return released ? 0 : 1;
  }
}
