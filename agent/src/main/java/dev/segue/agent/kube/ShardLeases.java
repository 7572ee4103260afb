// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.DaemonThreads;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Leases that several agents share out among them: who holds that of a shard, and nobody else,
 * works for the shard's groups. It has a connection of its own, so that nothing that is written
 * holds up a renewal.
 */
public final class ShardLeases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardLeases.class);

  private final KubernetesClient client;
  private final List<LeaseElection> elections = new ArrayList<>();
  private final FairShare fairShare;
  private final ScheduledExecutorService threads;

  /**
   * Connects as the kubeconfig says; nothing is sent yet.
   *
   * @param kubeconfig null for the environment's, or else the service account of the pod
   * @param context null for the current one
   */
  public ShardLeases(@Nullable Path kubeconfig, @Nullable String context, LeaseSettings settings)
      throws ClusterException {
    this(Connection.config(kubeconfig, context), settings);
  }

  ShardLeases(Config config, LeaseSettings settings) throws ClusterException {
    Limits limits = limits(settings);
    this.client = Connection.client(config, limits);
    ApiServer server = new ApiServer(client, limits);
    this.threads =
        Executors.newScheduledThreadPool(settings.shards(), new DaemonThreads("segue-lease"));
    Duration step = settings.shards() == 1 ? Duration.ZERO : settings.retryPeriod().multipliedBy(3);
    ShardPace pace = new ShardPace(step, () -> held().size());
    this.fairShare = new FairShare(settings.identity(), step.multipliedBy(2));
    ShardCount count = new ShardCount(settings);
    for (int shard = 0; shard < settings.shards(); shard++) {
      ObservedLease lease = new ObservedLease(server, settings, shard, pace, count);
      elections.add(new LeaseElection(client, lease, settings, threads));
    }
  }

  /** A renewal reads and writes, and there should be time for a second one. */
  private static Limits limits(LeaseSettings settings) {
    Duration request = settings.renewDeadline().dividedBy(4);
    Limits usual = Limits.DEFAULT;
    return new Limits(
        request,
        usual.attempts(),
        usual.pause(),
        usual.longestPause(),
        usual.patience(),
        usual.staleAfter(),
        usual.firstList());
  }

  /** Begins to compete. Fails when the Leases cannot be read, saying why. */
  public void start() throws ClusterException {
    for (LeaseElection election : elections) {
      election.lease().probe();
    }
    elections.forEach(LeaseElection::compete);
  }

  /** Which time it is that we hold a shard; 0 while we do not. */
  public long tenure(int shard) {
    return elections.get(shard).lease().tenure();
  }

  /** Whether no write that we began while we held the shard may be under way any more. */
  public boolean over(int shard) {
    return elections.get(shard).lease().over();
  }

  /** The shards that we hold, with which time it is. */
  public SortedMap<Integer, Long> held() {
    SortedMap<Integer, Long> held = new TreeMap<>();
    for (int shard = 0; shard < elections.size(); shard++) {
      long tenure = tenure(shard);
      if (tenure != 0) {
        held.put(shard, tenure);
      }
    }
    return held;
  }

  /**
   * Makes the shares of all agents even, a step at a time: lets one shard go that an agent with
   * fewer asked for, or asks for one of an agent that holds at least two more than we do.
   *
   * @param written whether something of that shard is being written: it is released after that
   */
  public void share(IntPredicate written) {
    try {
      for (int shard = 0; shard < elections.size(); shard++) {
        ObservedLease lease = elections.get(shard).lease();
        if (lease.lettingGo()) {
          if (!written.test(shard)) {
            lease.release();
          }
          return;
        }
      }
      for (LeaseElection election : elections) {
        if (election.lease().asked() && held().size() > 1) {
          election.lease().letGo();
          return;
        }
      }
      OptionalInt wanted =
          fairShare.wanted(elections.stream().map(e -> e.lease().holder()).toList());
      if (wanted.isPresent()) {
        elections.get(wanted.getAsInt()).lease().ask();
      }
    } catch (KubernetesClientException e) {
      LOG.debug("the next look tries again: {}", e.getMessage());
    }
  }

  /** Each Lease's name with who holds it, "" for nobody; by shard, as last seen. */
  public List<String> holders() {
    return elections.stream().map(e -> e.lease().name() + ": " + e.lease().holder()).toList();
  }

  /** Begins nothing more for any shard; all are held until {@link #release}. */
  public void letGo() {
    elections.forEach(election -> election.lease().letGo());
  }

  /** Gives all back; only to be called when nothing is written any more. Competes no more. */
  public void release() {
    elections.forEach(LeaseElection::end);
    try {
      for (LeaseElection election : elections) {
        election.lease().release();
      }
    } catch (KubernetesClientException e) {
      LOG.info("what is not released runs out by itself");
    }
  }

  /** Competes no more; what was not released runs out by itself. */
  @Override
  public void close() {
    elections.forEach(LeaseElection::end);
    threads.shutdownNow();
    client.close();
  }
}
