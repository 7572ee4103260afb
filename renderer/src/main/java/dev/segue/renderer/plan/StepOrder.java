// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Step.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The order of what is done: of what is applied as wanted, of what goes as deployed. Nobody who
 * lets go of objects deletes them: see docs/decisions/0012-hold-yield-adopt.md.
 */
final class StepOrder {
  private final ReleaseGraph wanted;
  private final ReleaseGraph deployed;
  private final Set<ReleaseName> applied = new TreeSet<>();
  private final Set<ReleaseName> deleted = new TreeSet<>();
  private final List<Change> changes;
  private final Map<String, List<Step.Wait>> waits = new TreeMap<>(); // by task

  private StepOrder(ReleaseGraph wanted, ReleaseGraph deployed, List<Change> changes) {
    this.wanted = wanted;
    this.deployed = deployed;
    this.changes = changes;
    for (Change change : changes) {
      if (change instanceof Change.Apply) {
        applied.add(change.release());
      } else if (change instanceof Change.Delete || change instanceof Change.Reclaim) {
        deleted.add(change.release());
      }
    }
  }

  /**
   * Returns a step for each change that does something, in the order of {@code changes}.
   *
   * @param purpose of a rollback what was added goes before what it was put on goes back
   */
  static List<Step> steps(
      ReleaseGraph wanted, ReleaseGraph deployed, Purpose purpose, List<Change> changes) {
    StepOrder order = new StepOrder(wanted, deployed, changes);
    order.applyInOrder();
    order.deleteInReverse();
    if (purpose == Purpose.ROLLBACK) {
      order.deleteWhatWasAddedFirst();
    }
    order.handOver();
    return changes.stream().flatMap(order::steps).toList();
  }

  private Stream<Step> steps(Change change) {
    ReleaseName release = change.release();
    Stream.Builder<Step> steps = Stream.builder();
    if (change instanceof Change.Yield yield) {
      if (yield.holds()) {
        steps.add(step(TaskNames.hold(release), Phase.HOLD, change));
      }
      steps.add(step(TaskNames.yieldOf(release), Phase.YIELD, change));
    } else if (change instanceof Change.Adopt) {
      steps.add(step(TaskNames.adopt(release), Phase.ADOPT, change));
    } else if (change instanceof Change.Dissolve) {
      steps.add(step(TaskNames.hold(release), Phase.HOLD, change));
    } else if (change instanceof Change.Reclaim) {
      steps.add(step(TaskNames.free(release), Phase.FREE, change));
    }
    if (change instanceof Change.Removal) {
      steps.add(step(TaskNames.delete(release), Phase.LAST, change));
    } else if (change instanceof Change.Apply) {
      steps.add(step(TaskNames.apply(release), Phase.LAST, change));
    }
    return steps.build();
  }

  private Step step(String task, Phase phase, Change change) {
    return new Step(task, phase, change, waits.getOrDefault(task, List.of()));
  }

  private void add(String task, Step.Wait wait) {
    List<Step.Wait> known = waits.computeIfAbsent(task, name -> new ArrayList<>());
    if (!known.contains(wait)) {
      known.add(wait);
    }
  }

  private void add(String task, String other) {
    add(task, new Step.Wait(other, false));
  }

  /** Each release that is applied waits for others that are, in the fewest words. */
  private void applyInOrder() {
    for (ReleaseGraph.Edge edge : wanted.over(applied).reduction()) {
      add(
          TaskNames.apply(edge.dependant()),
          new Step.Wait(TaskNames.apply(edge.dependency()), edge.soft()));
    }
  }

  /**
   * A release goes only when all that depended on it, as deployed, have gone or have been released
   * without it.
   */
  private void deleteInReverse() {
    for (ReleaseName release : deleted) {
      for (ReleaseName dependant : deployed.descendants(List.of(release))) {
        if (deleted.contains(dependant)) {
          add(TaskNames.delete(release), new Step.Wait(TaskNames.delete(dependant), false));
        } else if (applied.contains(dependant)) {
          add(TaskNames.delete(release), new Step.Wait(TaskNames.apply(dependant), false));
        }
      }
    }
  }

  /**
   * What a failed commit put on top of a release goes before that release goes back; not where it
   * must itself wait for that, since something that is wanted stands on it until then.
   */
  private void deleteWhatWasAddedFirst() {
    Set<ReleaseName> there = new TreeSet<>(deployed.order());
    there.retainAll(applied);
    for (ReleaseName release : there) {
      for (ReleaseName added : deployed.descendants(List.of(release))) {
        if (deleted.contains(added)
            && !waitsFor(TaskNames.delete(added), TaskNames.apply(release))) {
          add(TaskNames.apply(release), new Step.Wait(TaskNames.delete(added), false));
        }
      }
    }
  }

  /**
   * Before a release takes objects over, whoever has them has let go of them; before that, nobody
   * who lets go deletes them. All of it begins when what the application depends on is done.
   */
  private void handOver() {
    for (Change change : changes) {
      ReleaseName release = change.release();
      if (change instanceof Change.Adopt adopt) {
        moveWaits(TaskNames.apply(release), TaskNames.adopt(release));
        DeployedRelease.part(adopt.desired().chart().pin())
            .filter(part -> yields(part.application()))
            .ifPresent(
                part -> add(TaskNames.adopt(release), TaskNames.yieldOf(part.application())));
      } else if (change instanceof Change.Reclaim) {
        moveWaits(TaskNames.delete(release), TaskNames.free(release));
      } else if (change instanceof Change.Dissolve dissolve) {
        ReleaseName into = dissolve.into();
        add(TaskNames.delete(release), TaskNames.hold(release));
        external(into).forEach(wait -> add(TaskNames.hold(release), wait));
        if (applied.contains(into)) {
          String taker = yields(into) ? TaskNames.yieldOf(into) : TaskNames.apply(into);
          add(taker, TaskNames.delete(release));
        }
      }
    }
    for (Change change : changes) {
      if (change instanceof Change.Yield yield) {
        yieldInOrder(yield);
      }
    }
  }

  private void yieldInOrder(Change.Yield yield) {
    ReleaseName release = yield.release();
    String first = yield.holds() ? TaskNames.hold(release) : TaskNames.yieldOf(release);
    String last = TaskNames.apply(release);
    external(release).forEach(wait -> add(first, wait));
    if (yield.holds()) {
      add(TaskNames.yieldOf(release), first);
    }
    if (!waitsFor(last, TaskNames.yieldOf(release))) {
      add(last, TaskNames.yieldOf(release));
    }
    for (Step.Wait wait : List.copyOf(waits.getOrDefault(last, List.of()))) {
      if (isDeletion(wait.task()) && !waitsFor(wait.task(), first)) {
        add(first, wait); // what a failed commit put on it goes before it changes at all
      }
    }
  }

  private boolean isDeletion(String task) {
    return deleted.stream().map(TaskNames::delete).anyMatch(task::equals);
  }

  private boolean yields(ReleaseName release) {
    return changes.stream()
        .anyMatch(change -> change instanceof Change.Yield && change.release().equals(release));
  }

  private void moveWaits(String from, String to) {
    List<Step.Wait> moved = waits.getOrDefault(from, List.of());
    moved.forEach(wait -> add(to, wait));
    waits.put(from, new ArrayList<>(List.of(new Step.Wait(to, false))));
  }

  /** What an application waits for beside its own parts. */
  private List<Step.Wait> external(ReleaseName application) {
    Set<ReleaseName> parts = new TreeSet<>();
    for (Change change : changes) {
      if (change instanceof Change.Apply apply
          && DeployedRelease.part(apply.desired().chart().pin())
              .filter(part -> part.application().equals(application))
              .isPresent()) {
        parts.add(apply.release());
      }
    }
    Set<ReleaseName> others = new TreeSet<>(applied);
    others.removeAll(parts);
    others.removeAll(wanted.descendants(parts));
    others.add(application);
    return wanted.over(others).reduction().stream()
        .filter(edge -> edge.dependant().equals(application))
        .map(edge -> new Step.Wait(TaskNames.apply(edge.dependency()), edge.soft()))
        .toList();
  }

  private boolean waitsFor(String task, String other) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(task));
    while (!open.isEmpty()) {
      for (Step.Wait wait : waits.getOrDefault(open.pop(), List.of())) {
        if (wait.task().equals(other)) {
          return true;
        }
        if (seen.add(wait.task())) {
          open.push(wait.task());
        }
      }
    }
    return false;
  }
}
