// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import static java.util.Objects.requireNonNull;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.reconcile.Reconciler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An agent in a process of its own, with the real adapters for Git and charts; the cluster, the
 * time and what it is to do next are asked of the process that started it. Every boundary of an
 * effect is asked for too: the answer does not come when the agent is to die there.
 */
final class AgentMain {
  private AgentMain() {}

  /** Takes the port, the repository, the folder of its mirror and that of the charts. */
  public static void main(String[] args) throws Exception {
    try (Wire wire =
        new Wire(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))) {
      wire.ask(Map.of("call", "begin")); // started ahead of time, it may have to wait here
      live(wire, Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
    }
  }

  private static void live(Wire wire, Path bare, Path mirror, Path chartCache) throws Exception {
    Calls calls = new Calls();
    calls.atBoundaries(name -> ask(wire, Map.of("call", "boundary", "name", name)));
    Clock clock =
        ReleaseLab.clock(
            () -> Instant.parse(String.valueOf(ask(wire, Map.of("call", "time")).get("result"))));
    RemoteCluster cluster = new RemoteCluster(wire);
    try (var source = JGitSourceRepo.open(ReleaseLab.address(bare), mirror, GitLimits.defaults());
        var status = ReleaseLab.statusBranch(source, clock);
        var charts =
            new HelmChartStore(
                source, name -> Optional.empty(), HelmChartStore.Settings.in(chartCache));
        Reconciler reconciler =
            new Reconciler(
                new WatchedSource(source, calls),
                new WatchedCluster(cluster, calls),
                new WatchedStatus(status, calls),
                new WatchedCharts(charts, calls),
                ReleaseLab.settings(source, Duration.ZERO, 2),
                (group, outcome) -> {},
                clock)) {
      reconciler.start();
      goOn(wire, cluster, reconciler);
    }
  }

  /** Tells whether all is settled and does what it is told, until it is told to end. */
  private static void goOn(Wire wire, RemoteCluster cluster, Reconciler reconciler)
      throws Exception {
    while (true) {
      Map<String, @Nullable Object> order =
          ask(wire, Map.of("call", "next", "settled", reconciler.settled()));
      if (order.containsKey("end")) {
        return;
      }
      cluster.changed((List<?>) requireNonNull(order.get("changed")));
      if (order.containsKey("poll")) {
        reconciler.poll();
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  private static Map<String, @Nullable Object> ask(Wire wire, Map<String, ?> question) {
    try {
      return wire.ask(question);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
