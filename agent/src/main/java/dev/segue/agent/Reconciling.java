// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.AppliedReconciler;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.Reconciler;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What reconciles: the groups of Git, those that others applied, or both. */
final class Reconciling implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final @Nullable Reconciler git;
  private final @Nullable AppliedReconciler applied;

  private boolean gitStarted;

  /** At least one is given. */
  Reconciling(@Nullable Reconciler git, @Nullable AppliedReconciler applied) {
    this.git = git;
    this.applied = applied;
  }

  /** Begins to watch the cluster; to be called again after it failed. */
  void start() throws ClusterException {
    if (git != null && !gitStarted) {
      git.start();
      gitStarted = true;
    }
    if (applied != null) {
      applied.start();
    }
  }

  /** Asks both; what one of them cannot do is thrown once the other has been asked. */
  void poll() throws RepoException {
    RepoException failure = null;
    if (git != null) {
      try {
        git.poll();
      } catch (RepoException e) {
        failure = e;
      }
    }
    if (applied != null) {
      applied.poll();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** As {@link Reconciler#mandateChanged}. */
  void mandateChanged() {
    if (git != null) {
      git.mandateChanged();
    }
    if (applied != null) {
      applied.mandateChanged();
    }
  }

  /** Where each group stands; of one that both have, what Git's is. */
  Map<GroupName, Outcome> outcomes() {
    Map<GroupName, Outcome> outcomes = new TreeMap<>();
    if (applied != null) {
      outcomes.putAll(applied.outcomes());
    }
    if (git != null) {
      outcomes.putAll(git.outcomes());
    }
    return outcomes;
  }

  /** What is wrong with files and objects. */
  List<Problem> problems() {
    return Stream.concat(
            git == null ? Stream.empty() : git.problems().stream(),
            applied == null ? Stream.empty() : applied.problems().stream())
        .toList();
  }

  boolean settled() {
    return (git == null || git.settled()) && (applied == null || applied.settled());
  }

  /** Waits until it is settled, for that long at most; returns whether it is. */
  boolean awaitSettled(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (!settled() && System.nanoTime() < end) {
        Thread.sleep(LOOK.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return settled();
  }

  /** When the longest of the passes under way began; empty when there is none. */
  Optional<Instant> busySince() {
    return Stream.of(
            git == null ? Optional.<Instant>empty() : git.busySince(),
            applied == null ? Optional.<Instant>empty() : applied.busySince())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  @Override
  public void close() {
    if (git != null) {
      git.close();
    }
    if (applied != null) {
      applied.close();
    }
  }
}
