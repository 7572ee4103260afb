// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.Health;
import dev.segue.renderer.model.GoDuration;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether polls go on and passes end, and whether Git and the cluster were there once. A server
 * that is away makes no fault: starting the agent anew would not bring it back.
 */
final class AgentHealth implements Health {
  /** Every exchange has a time limit far below it: what takes longer hangs. */
  private static final Duration HANGS = Duration.ofHours(1);

  private final Supplier<Optional<Instant>> busySince;
  private final Duration interval;
  private final Clock clock;
  private volatile @Nullable Instant polledAt;
  private volatile boolean clusterAnswered;
  private volatile boolean fetched;
  private volatile @Nullable Supplier<String> standby;
  private volatile @Nullable String failure;

  /**
   * @param busySince when the longest of the passes under way began
   * @param interval between two polls
   */
  AgentHealth(Supplier<Optional<Instant>> busySince, Duration interval, Clock clock) {
    this.busySince = busySince;
    this.interval = interval;
    this.clock = clock;
  }

  /** Work begins, and the cluster is not watched yet: nothing that was said before holds. */
  void beginning() {
    clusterAnswered = false;
    polledAt = null;
    standby = null;
    failure = null;
  }

  /** It cannot work, for that reason, until it begins again. */
  void failed(String why) {
    beginning();
    fetched = false;
    failure = why;
  }

  /** The cluster is watched, and polling begins. */
  void watching() {
    clusterAnswered = true;
    polledAt = clock.instant();
    standby = null;
  }

  /**
   * The cluster answered, and another agent works: nothing is polled.
   *
   * @param leaders who does
   */
  void standingBy(Supplier<String> leaders) {
    clusterAnswered = true;
    polledAt = null;
    standby = leaders;
  }

  /** A poll ended, well or not. */
  void polled() {
    polledAt = clock.instant();
  }

  /** A poll brought a commit. */
  void fetched() {
    fetched = true;
  }

  @Override
  public Optional<String> fault() {
    Instant polled = polledAt;
    if (polled != null && since(polled).compareTo(interval.plus(HANGS)) > 0) {
      return Optional.of("no poll has ended for " + GoDuration.format(since(polled)));
    }
    return busySince
        .get()
        .filter(begun -> since(begun).compareTo(HANGS) > 0)
        .map(begun -> "a pass has not ended for " + GoDuration.format(since(begun)));
  }

  @Override
  public Optional<String> missing() {
    String why = failure;
    if (why != null) {
      return Optional.of(why);
    }
    if (!clusterAnswered) {
      return Optional.of("the API server has not answered yet");
    }
    return fetched || standby != null ? Optional.empty() : Optional.of("Git has not answered yet");
  }

  @Override
  public String state() {
    Supplier<String> leaders = standby;
    return leaders == null ? "ok" : "standby: " + leaders.get();
  }

  private Duration since(Instant instant) {
    return Duration.ofSeconds(Duration.between(instant, clock.instant()).toSeconds());
  }
}
