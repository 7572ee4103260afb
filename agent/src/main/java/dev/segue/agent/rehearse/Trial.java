// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.Passes;
import dev.segue.agent.reconcile.PortException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Gate;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One group taken to one commit, on a cluster and a status branch of its own that are as the site
 * was. The passes are the agent's; the time is simulated, so that an hour takes a second.
 */
final class Trial {
  /** For the sources to be fetched. */
  private static final Duration BEFORE = Duration.ofSeconds(10);

  /** How soon the agent looks again by itself. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** Longer than anything that ends. */
  private static final Duration MOST = Duration.ofHours(12);

  private final RehearsedSite site;
  private final GroupName group;
  private final List<ReleaseName> failing;
  private final SimulatedTime time;
  private final MemoryBranch branch;
  private final RecordedGroup recorded;
  private final Set<String> notes = new LinkedHashSet<>();
  private final AtomicBoolean changed = new AtomicBoolean();
  private Instant settledAt = Instant.EPOCH;

  /**
   * @param failing what fails for as long as the first attempt lasts
   */
  Trial(RehearsedSite site, GroupName group, List<ReleaseName> failing) {
    this.site = site;
    this.group = group;
    this.failing = List.copyOf(failing);
    this.time = SimulatedTime.manual(site.now());
    this.branch = new MemoryBranch(site.status(), site.source());
    this.recorded = new RecordedGroup(site.status(), group);
  }

  /**
   * What it came to.
   *
   * @param outcome of the last pass; empty when the group is gone
   * @param report the last one; empty when there was none
   * @param attempts that were made, oldest first
   * @param there what was given to Flux at the end
   * @param lasted until nothing moved any more
   * @param notes what was not as it would be on the real cluster
   */
  record Result(
      Optional<Outcome> outcome,
      Optional<StatusReport> report,
      List<AttemptRecord> attempts,
      List<ReleaseName> there,
      Duration lasted,
      List<String> notes) {}

  Result run() throws PortException {
    try (EmbeddedCluster cluster = new EmbeddedCluster(site.charts(), time, line -> {})) {
      HelmController helm = cluster.helm();
      recorded.putInto(cluster);
      site.durations(group).putInto(helm);
      helm.doWithoutValues();
      time.advance(BEFORE);
      for (ReleaseName release : failing) {
        helm.fail(release.value(), Fault.TIMES_OUT);
        helm.failToUninstall(release.value());
      }
      cluster.watch(
          other -> {
            if (other.equals(group)) {
              changed.set(true);
            }
          });
      Passes passes =
          new Passes(
              site.source(), cluster, branch, site.charts(), site.settings(), this::open, clock());
      Instant begin = time.now();
      Optional<Outcome> outcome = untilNothingMoves(passes, helm);
      helm.missingValues()
          .forEach(holder -> notes.add("the values in " + holder + " are not known: done without"));
      return result(outcome, begin);
    }
  }

  /** Nobody is waited for: what would be is noted. */
  private Gate open(Gate gate) {
    if (!(gate instanceof Gate.Closed closed)) {
      return gate;
    }
    notes.add(
        switch (closed.reason()) {
          case Gate.AWAITING_APPROVAL -> "waits for approval; rehearsed as approved";
          case "OutsideWindow" -> "begins in a window only; rehearsed as if one were open";
          case "Suspended" -> closed.message() + "; rehearsed as if it were resumed";
          default -> closed.message() + "; rehearsed as if it might begin";
        });
    return new Gate.Open("");
  }

  /** Returns the last outcome, at whose first telling the time was {@link #settledAt}. */
  private Optional<Outcome> untilNothingMoves(Passes passes, HelmController helm)
      throws PortException {
    Instant end = time.now().plus(MOST);
    int first = firstAttempt();
    Optional<Outcome> last = Optional.empty();
    boolean settled = false;
    while (time.now().isBefore(end)) {
      changed.set(false);
      Optional<Outcome> outcome = passes.over(group, site.declared());
      if (hasEnded(first)) {
        failing.forEach(release -> helm.heal(release.value()));
      }
      boolean settles = outcome.map(Outcome::settled).orElse(true);
      if (settled && settles && outcome.equals(last)) {
        return outcome;
      }
      if (settles && !settled) {
        settledAt = time.now();
      }
      settled = settles;
      last = outcome;
      if (outcome.filter(Outcome.Failed.class::isInstance).isPresent()) {
        settledAt = time.now();
        return outcome; // a server that does not answer is not simulated
      }
      time.advanceUntil(changed::get, LOOK_AGAIN);
    }
    settledAt = time.now();
    return last;
  }

  /** The number of the attempt that is made first. */
  private int firstAttempt() throws PortException {
    Attempt last = recorded.report().map(StatusReport::attempt).orElse(Attempt.NONE);
    return last.result() == Attempt.Result.PLANNED ? last.number() : last.number() + 1;
  }

  private boolean hasEnded(int attempt) throws PortException {
    if (failing.isEmpty()) {
      return false;
    }
    Attempt now =
        new RecordedGroup(branch.read(), group)
            .report()
            .map(StatusReport::attempt)
            .orElse(Attempt.NONE);
    return now.number() > attempt
        || (now.number() == attempt && now.result() != Attempt.Result.PLANNED);
  }

  private Result result(Optional<Outcome> outcome, Instant begin) throws PortException {
    RecordedGroup end = new RecordedGroup(branch.read(), group);
    int first = firstAttempt();
    int last = end.report().map(report -> report.attempt().number()).orElse(0);
    List<AttemptRecord> attempts =
        new ArrayList<>(
            end.attempts(Math.max(0, last - first + 1)).stream()
                .filter(record -> record.attempt().number() >= first)
                .toList());
    Collections.reverse(attempts);
    Duration lasted = attempts.isEmpty() ? Duration.ZERO : Duration.between(begin, settledAt);
    return new Result(outcome, end.report(), attempts, end.there(), lasted, List.copyOf(notes));
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return time.now();
      }
    };
  }
}
