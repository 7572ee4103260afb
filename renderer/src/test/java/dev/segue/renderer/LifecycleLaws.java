// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.testing.ModelAgent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What holds for any plan and any report, said once for all tests of it. */
final class LifecycleLaws {
  private LifecycleLaws() {}

  /**
   * Whatever else has not run yet, when a release's step begins all that it needs is there as it is
   * to be, whether it has a step or is kept.
   */
  static void everyStepBeginsAfterItsAncestry(ModelAgent agent, Plan plan) {
    DesiredGroup target = plan.desired();
    Map<String, Set<String>> before = before(plan);
    for (Step step : plan.steps()) {
      if (step.phase() == Step.Phase.LAST && step.change() instanceof Change.Apply) {
        ReleaseName name = step.change().release();
        Set<ReleaseName> ancestry = hardAncestors(target.graph(), name);
        if (ancestry.isEmpty()) {
          continue;
        }
        ModelAgent then = agent.copy();
        then.runOnly(plan, of(before, step.task()));
        for (ReleaseName ancestor : ancestry) {
          assertThat(then.isReady(target.release(ancestor)))
              .as("%s is as wanted when the step of %s begins: %s", ancestor, name, plan.steps())
              .isTrue();
        }
      }
    }
  }

  /** No step can be left out. */
  static void noSmallerPlanReachesTheSame(ModelAgent agent, Plan plan) {
    Set<String> all = plan.steps().stream().map(Step::task).collect(Collectors.toSet());
    for (String left : all) {
      Set<String> rest = new HashSet<>(all);
      rest.remove(left);
      ModelAgent then = agent.copy();
      then.runOnly(plan, rest);
      assertThat(then.isExactly(plan.desired())).as("without %s", left).isFalse();
    }
    ModelAgent then = agent.copy();
    then.runOnly(plan, all);
    assertThat(then.isExactly(plan.desired())).as("with all of %s", plan.steps()).isTrue();
  }

  /**
   * Each release goes only after all that stood on it, as deployed, is gone or stands otherwise.
   */
  static void whatGoesGoesInReverseOfTheDeployedOrder(Plan plan) {
    ReleaseGraph deployed = plan.inventory().graph();
    Map<String, Set<String>> before = before(plan);
    for (Step step : plan.steps()) {
      if (step.change() instanceof Change.Delete) {
        Set<String> standing =
            deployed.descendants(List.of(step.change().release())).stream()
                .flatMap(name -> task(plan, name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(of(before, step.task())).as("before %s", step.task()).containsAll(standing);
      }
    }
  }

  /**
   * What was added goes before what it was put on goes back, unless something that is wanted stands
   * on it until then.
   */
  static void whatWasAddedGoesFirst(Plan rollback) {
    ReleaseGraph deployed = rollback.inventory().graph();
    Map<String, Set<String>> before = before(rollback);
    Set<ReleaseName> applied = applied(rollback);
    for (Step step : rollback.steps()) {
      if (step.change() instanceof Change.Delete) {
        ReleaseName added = step.change().release();
        Set<ReleaseName> standsOnIt = new TreeSet<>(deployed.descendants(List.of(added)));
        standsOnIt.retainAll(applied);
        Set<ReleaseName> wasThere = new TreeSet<>(applied);
        wasThere.retainAll(deployed.order());
        for (ReleaseName under : wasThere) {
          boolean wasPutOn = deployed.descendants(List.of(under)).contains(added);
          String back = TaskNames.apply(under);
          if (wasPutOn && !of(before, back).contains(step.task())) {
            assertThat(standsOnIt)
                .as("%s goes after %s, so something wanted stands on it", added, under)
                .anyMatch(
                    name -> name.equals(under) || of(before, TaskNames.apply(name)).contains(back));
          }
        }
      }
    }
  }

  /** The report says of each release what is so, and Ready only where all is as the file wants. */
  static void theReportIsTrue(ModelAgent agent, DesiredGroup target) {
    StatusReport report = agent.report();
    Map<ReleaseName, ReleaseStatus> told =
        report.releases().stream()
            .collect(Collectors.toMap(ReleaseStatus::name, Function.identity()));
    assertThat(told.keySet()).containsAll(target.releases().keySet());
    assertThat(told.keySet()).containsAll(agent.live().keySet());
    for (ReleaseStatus release : told.values()) {
      DesiredRelease wanted = target.releases().get(release.name());
      boolean there = agent.live().containsKey(release.name());
      boolean asWanted = wanted == null ? !there : agent.isReady(wanted);
      switch (release.state()) {
        case RELEASED -> assertThat(asWanted && wanted != null).as("%s", release).isTrue();
        case DELETED -> assertThat(there).as("%s", release).isFalse();
        case ORPHANED -> assertThat(there).as("%s", release).isTrue();
        case FAILED, OMITTED -> assertThat(asWanted).as("%s", release).isFalse();
        case PENDING, RUNNING -> throw new AssertionError("nothing runs: " + release);
      }
    }
    boolean forward =
        report.attempt().purpose() == Purpose.RELEASE
            || report.attempt().purpose() == Purpose.CORRECT;
    boolean ready = report.ready().status() == Condition.Status.TRUE;
    assertThat(ready).isEqualTo(forward && agent.isExactly(target));
  }

  /** The tasks that have ended when each task begins; fails when the tasks go round. */
  static Map<String, Set<String>> before(Plan plan) {
    Map<String, Step> open = new TreeMap<>();
    plan.steps().forEach(step -> open.put(step.task(), step));
    Map<String, Set<String>> before = new TreeMap<>();
    while (!open.isEmpty()) {
      List<Step> next =
          open.values().stream()
              .filter(step -> step.waits().stream().noneMatch(w -> open.containsKey(w.task())))
              .toList();
      assertThat(next).as("a cycle among %s", open.values()).isNotEmpty();
      for (Step step : next) {
        Set<String> ended = new HashSet<>();
        for (Step.Wait wait : step.waits()) {
          ended.add(wait.task());
          ended.addAll(of(before, wait.task()));
        }
        before.put(step.task(), ended);
      }
      next.forEach(step -> open.remove(step.task()));
    }
    return before;
  }

  private static Set<String> of(Map<String, Set<String>> before, String task) {
    return before.getOrDefault(task, Set.of());
  }

  /** Whether the record has nothing that is not there, and the other way round. */
  static void theRecordIsOf(Inventory inventory, DesiredGroup desired) {
    assertThat(inventory.releases().keySet()).isEqualTo(desired.releases().keySet());
    inventory
        .releases()
        .forEach(
            (name, release) -> {
              assertThat(release.digest()).isEqualTo(desired.release(name).digest());
              assertThat(release.dependencies())
                  .isEqualTo(desired.release(name).application().dependencies());
            });
  }

  private static java.util.stream.Stream<String> task(Plan plan, ReleaseName release) {
    return plan.steps().stream()
        .filter(step -> step.change().release().equals(release))
        .map(Step::task);
  }

  private static Set<ReleaseName> applied(Plan plan) {
    return plan.steps().stream()
        .map(Step::change)
        .filter(Change.Apply.class::isInstance)
        .map(Change::release)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<ReleaseName> hardAncestors(ReleaseGraph graph, ReleaseName release) {
    Set<ReleaseName> ancestors = new TreeSet<>();
    Deque<ReleaseName> open = new ArrayDeque<>(List.of(release));
    while (!open.isEmpty()) {
      ReleaseName next = open.pop();
      for (ReleaseGraph.Edge edge : graph.edges()) {
        if (!edge.soft() && edge.dependant().equals(next) && ancestors.add(edge.dependency())) {
          open.push(edge.dependency());
        }
      }
    }
    return ancestors;
  }
}
