// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.agent.reconcile.Health;
import dev.segue.agent.reconcile.LogContext;
import dev.segue.agent.reconcile.PortException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process at work, for one cluster or for several: for ever, or for one pass. */
final class AgentRun {
  private static final Logger LOG = LoggerFactory.getLogger(AgentRun.class);

  /** Together less than the ten seconds that are promised: the JVM needs a moment too. */
  private static final Duration UNTIL_INTERRUPT = Duration.ofSeconds(3);

  private static final Duration UNTIL_HALT = Duration.ofSeconds(5);

  private final List<AgentConfig> configs;
  private final Console console;

  /**
   * @param configs one for each cluster
   */
  AgentRun(List<AgentConfig> configs, Console console) {
    this.configs = List.copyOf(configs);
    this.console = console;
  }

  /** Runs until the process is told to end; then ends what is under way and returns 0. */
  int forEver() {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (Sharing sharing = Sharing.among(configs.size())) {
      List<ClusterAgent> agents =
          configs.stream().map(config -> new ClusterAgent(config, host(), sharing, told)).toList();
      if (agents.size() == 1) {
        endOnSignal(told, ended, List.of(Thread.currentThread()));
        agents.get(0).run(agents.get(0).health());
      } else {
        sideBySide(agents, told, ended);
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

  /** Each on a thread of its own, so that what hangs for one cluster holds up no other. */
  private static void sideBySide(
      List<ClusterAgent> agents, CountDownLatch told, CountDownLatch ended)
      throws InterruptedException {
    Map<String, Health> each =
        agents.stream().collect(Collectors.toMap(ClusterAgent::name, ClusterAgent::health));
    Health all = new HealthOfAll(each);
    LOG.info(
        "serves {} clusters: {}", agents.size(), String.join(", ", new TreeMap<>(each).keySet()));
    List<Thread> threads = new ArrayList<>();
    for (ClusterAgent agent : agents) {
      DaemonThreads thread = new DaemonThreads("agent-" + agent.name());
      threads.add(thread.newThread(() -> agent.persist(all)));
    }
    endOnSignal(told, ended, threads);
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** The pod's name, in a pod. */
  private String host() {
    String host = console.environment().getOrDefault("HOSTNAME", "");
    return host.isEmpty() ? "segue" : host;
  }

  private static void endOnSignal(CountDownLatch told, CountDownLatch ended, List<Thread> runners) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(told, ended, runners), "end"));
  }

  /**
   * On a signal: waits for an orderly end, though not longer than promised, and makes it no
   * failure, whatever the signal was. What is cut off goes on at the next start, and the render
   * worker ends when its input does. Does nothing when the run is over already: the JVM then ends
   * by itself, with the code that it was given.
   *
   * @param runners which all end at the same time
   */
  private static void end(CountDownLatch told, CountDownLatch ended, List<Thread> runners) {
    if (ended.getCount() == 0) {
      return;
    }
    told.countDown();
    try {
      if (!ended.await(UNTIL_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS)) {
        runners.forEach(Thread::interrupt);
        if (!ended.await(UNTIL_HALT.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("cut off what did not end in time; the next start goes on where it was");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  /**
   * Polls once and waits until every group of every cluster is settled, or the time is up. Returns
   * 0 when all are in sync.
   */
  int once(Duration timeout) {
    try (Sharing sharing = Sharing.among(configs.size())) {
      if (configs.size() == 1) {
        return new ClusterSync(configs.get(0), host(), sharing, console, "").run(timeout);
      }
      List<FutureTask<Integer>> passes = new ArrayList<>();
      for (AgentConfig config : configs) {
        FutureTask<Integer> pass = new FutureTask<>(() -> pass(config, sharing, timeout));
        new DaemonThreads("sync-" + config.cluster().name()).newThread(pass).start();
        passes.add(pass);
      }
      int worst = 0;
      for (FutureTask<Integer> pass : passes) {
        worst = Math.max(worst, pass.get());
      }
      return worst;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private int pass(AgentConfig config, Sharing sharing, Duration timeout) {
    String name = config.cluster().name();
    LogContext.say(name);
    return new ClusterSync(config, host(), sharing, console, name + ": ").run(timeout);
  }
}
