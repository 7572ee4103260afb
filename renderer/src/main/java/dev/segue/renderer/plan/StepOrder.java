// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The order of what is done: of what is applied as wanted, of what goes as deployed. */
final class StepOrder {
  private final ReleaseGraph wanted;
  private final ReleaseGraph deployed;
  private final Set<ReleaseName> applied = new TreeSet<>();
  private final Set<ReleaseName> deleted = new TreeSet<>();
  private final Map<String, List<Step.Wait>> waits = new TreeMap<>(); // by task

  private StepOrder(ReleaseGraph wanted, ReleaseGraph deployed, List<Change> changes) {
    this.wanted = wanted;
    this.deployed = deployed;
    for (Change change : changes) {
      if (change instanceof Change.Apply) {
        applied.add(change.release());
      } else if (change instanceof Change.Delete) {
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
    return changes.stream().filter(StepOrder::isDone).map(order::step).toList();
  }

  private static boolean isDone(Change change) {
    return change instanceof Change.Apply || change instanceof Change.Delete;
  }

  private Step step(Change change) {
    String task =
        change instanceof Change.Delete
            ? TaskNames.delete(change.release())
            : TaskNames.apply(change.release());
    return new Step(task, change, waits.getOrDefault(task, List.of()));
  }

  private void add(String task, Step.Wait wait) {
    waits.computeIfAbsent(task, name -> new ArrayList<>()).add(wait);
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
