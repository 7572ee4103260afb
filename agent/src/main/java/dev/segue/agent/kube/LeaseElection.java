// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Competes for one Lease by fabric8's elector, again after each loss, until it is ended. */
final class LeaseElection {
  private final KubernetesClient client;
  private final ObservedLease lease;
  private final LeaderElectionConfig config;
  private final ScheduledExecutorService threads;
  private @Nullable CompletableFuture<?> running;
  private @Nullable Future<?> next;
  private boolean ended;

  LeaseElection(
      KubernetesClient client,
      ObservedLease lease,
      LeaseSettings settings,
      ScheduledExecutorService threads) {
    this.client = client;
    this.lease = lease;
    this.threads = threads;
    this.config =
        new LeaderElectionConfigBuilder()
            .withName(lease.name())
            .withLock(lease)
            .withLeaseDuration(settings.leaseDuration())
            .withRenewDeadline(settings.renewDeadline())
            .withRetryPeriod(settings.look())
            .withReleaseOnCancel(false) // not before the last write has ended: release()
            .withLeaderCallbacks(new LeaderCallbacks(() -> {}, () -> {}, leader -> {}))
            .build();
  }

  synchronized void compete() {
    if (ended) {
      return;
    }
    CompletableFuture<?> elector =
        new LeaderElectorBuilder(client, threads).withConfig(config).build().start();
    running = elector;
    next = elector.whenComplete((nothing, failure) -> again());
  }

  /** An elector serves once. */
  private synchronized void again() {
    if (!ended) {
      long pause = config.getRetryPeriod().toMillis();
      running = null;
      next = threads.schedule(this::compete, pause, TimeUnit.MILLISECONDS);
    }
  }

  /** Competes no more; what is held runs out by itself unless it is released. */
  void end() {
    CompletableFuture<?> elector;
    synchronized (this) {
      ended = true;
      elector = running;
      if (elector == null && next != null) {
        next.cancel(false);
      }
    }
    if (elector != null) {
      elector.cancel(true);
    }
  }

  ObservedLease lease() {
    return lease;
  }
}
