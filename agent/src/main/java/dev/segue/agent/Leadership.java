// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.kube.LeaseSettings;
import dev.segue.agent.kube.ShardLeases;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.agent.reconcile.Mandate;
import dev.segue.agent.reconcile.Shards;
import dev.segue.renderer.model.GroupName;
import java.time.Duration;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several agents works for which groups: of each shard the one that holds its Lease. Where
 * a write would outlast the Lease under which it began, the process ends.
 */
final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int CUT_OFF = 1;

  private final ShardLeases leases;
  private final int shards;
  private final Mandate mandate;
  private final ScheduledExecutorService guard;
  private @Nullable Future<?> guarding;
  private @Nullable Future<?> sharing;

  private Leadership(ShardLeases leases, int shards) {
    this.leases = leases;
    this.shards = shards;
    this.mandate = new Mandate(group -> leases.tenure(shard(group)));
    this.guard = Executors.newScheduledThreadPool(2, new DaemonThreads("lease-guard"));
  }

  /** Nothing is asked of the cluster yet. */
  static Leadership open(AgentConfig config, String host) throws ClusterException {
    AgentConfig.Cluster cluster = config.cluster();
    AgentConfig.HighAvailability settings = config.highAvailability();
    String identity = host + "_" + UUID.randomUUID().toString().substring(0, 8);
    return new Leadership(
        new ShardLeases(
            cluster.kubeconfig(),
            cluster.context(),
            new LeaseSettings(
                cluster.namespace(),
                settings.leaseName(),
                settings.shards(),
                identity,
                settings.leaseDuration(),
                settings.renewDeadline(),
                settings.retryPeriod())),
        settings.shards());
  }

  private int shard(GroupName group) {
    return shards == 1 ? 0 : Shards.of(group, shards);
  }

  /** For which groups this agent may write. */
  Mandate mandate() {
    return mandate;
  }

  /** Begins to compete. Fails when the Leases cannot be read, saying why. */
  void compete() throws ClusterException {
    leases.start();
    guarding =
        guard.scheduleWithFixedDelay(
            this::guard, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    if (shards > 1) {
      sharing =
          guard.scheduleWithFixedDelay(
              this::share, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void share() {
    leases.share(shard -> mandate.writes(group -> shard(group) == shard));
  }

  private void guard() {
    if (mandate.writes(group -> leases.over(shard(group)))) {
      LOG.error(
          "a write is under way though its Lease is over; the process ends, so that there are never"
              + " two writers");
      Runtime.getRuntime().halt(CUT_OFF);
    }
  }

  /** The shards that are ours, each with which time it is. */
  SortedMap<Integer, Long> held() {
    return leases.held();
  }

  int shards() {
    return shards;
  }

  /** Who holds what, as last seen, in one line. */
  String holders() {
    return String.join(", ", leases.holders());
  }

  /** Gives back what is held, unless something is still being written, and competes no more. */
  @Override
  public void close() {
    if (sharing != null) {
      sharing.cancel(false);
    }
    leases.letGo(); // from here on no pass that is late begins a write
    if (mandate.writes(group -> true)) {
      LOG.warn("something is still being written: the Lease runs out by itself");
    } else {
      leases.release();
    }
    leases.close();
    if (guarding != null) {
      guarding.cancel(true);
    }
    guard.shutdownNow();
  }
}
