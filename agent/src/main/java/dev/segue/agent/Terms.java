// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.schedule.Poller;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the reconciler work while groups are ours, anew each time that others are; stands by while
 * none is.
 */
final class Terms {
  private static final Logger LOG = LoggerFactory.getLogger(Terms.class);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Leadership leadership;
  private final Reconciling reconciler;
  private final AgentHealth health;
  private final Retry retry;
  private final Runnable poll;
  private final Duration interval;
  private boolean watching;
  private @Nullable Poller poller;

  /**
   * @param retry ends when the agent is told to end
   * @param interval between two polls
   */
  Terms(
      Leadership leadership,
      Reconciling reconciler,
      AgentHealth health,
      Retry retry,
      Runnable poll,
      Duration interval) {
    this.leadership = leadership;
    this.reconciler = reconciler;
    this.health = health;
    this.retry = retry;
    this.poll = poll;
    this.interval = interval;
  }

  /** Returns when it is told to end, with no poll under way. */
  void run(CountDownLatch told) throws PortException, InterruptedException {
    Optional<SortedMap<Integer, Long>> held = Optional.empty();
    while (told.getCount() > 0) {
      SortedMap<Integer, Long> now = leadership.held();
      if (!held.equals(Optional.of(now))) {
        held = Optional.of(now);
        begin(now);
      }
      boolean over = told.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      LOG.trace("told to end: {}", over);
    }
    pause();
  }

  private void begin(SortedMap<Integer, Long> held) throws PortException, InterruptedException {
    pause();
    reconciler.mandateChanged();
    if (held.isEmpty()) {
      LOG.info("stands by");
      health.standingBy(leadership::holders);
      return;
    }
    LOG.info("leads shards {} of {}", new TreeMap<>(held).keySet(), leadership.shards());
    if (!watching) {
      health.beginning();
      watching = retry.until(reconciler::start);
    }
    if (watching) {
      health.watching();
      poller = Poller.start(interval, poll);
    }
  }

  private void pause() {
    if (poller != null) {
      poller.close();
      poller = null;
    }
  }
}
