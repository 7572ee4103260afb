// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.Histories.Version;
import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.LiveRelease.State;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.ModelCluster;
import dev.segue.renderer.testing.Products;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What holds for every plan, whatever the order of releases and whatever was released before:
 * random histories of groups whose applications come, go, change and swap places, with attempts
 * that fail half-way, against a model of the cluster.
 */
class ReleaseLawsTest {
  @Property(tries = 60)
  void theWorkflowHasExactlyTheReleasesThatDiffer(
      @ForAll(supplier = Histories.class) List<Version> history) {
    ModelCluster cluster = new ModelCluster();
    for (Version version : history) {
      DesiredGroup desired = version.desired();
      Set<String> different = new TreeSet<>();
      desired.releases().values().stream()
          .filter(release -> !cluster.isReady(release))
          .forEach(release -> different.add(TaskNames.apply(release.name())));
      desired.releases().values().stream()
          .filter(release -> cluster.state(release.name()) == State.FAILED)
          .forEach(release -> different.add(TaskNames.reset(release.name())));
      cluster.releases().stream()
          .filter(name -> !desired.releases().containsKey(name))
          .forEach(name -> different.add(TaskNames.delete(name)));
      Plan plan = cluster.plan(desired);
      assertThat(tasks(plan)).containsExactlyInAnyOrderElementsOf(different);
      cluster.run(plan, version.failing());
    }
  }

  @Property(tries = 150)
  void everyStepWaitsForAllThatChangesUpstreamInTheWholeOrder(
      @ForAll(supplier = Histories.class) List<Version> history) {
    ModelCluster cluster = new ModelCluster();
    for (Version version : history) {
      Plan plan = cluster.plan(version.desired());
      List<String> begun = new ArrayList<>();
      for (Step step : plan.steps()) {
        assertThat(begun).containsAll(step.waits().stream().map(Step.Wait::task).toList());
        if (step.change() instanceof Change.Apply) {
          assertThat(allBefore(plan, step)).containsAll(upstream(plan, step.change().release()));
        }
        begun.add(step.task());
      }
      cluster.run(plan, version.failing());
    }
  }

  /** Soft edges order only, so what fails holds up those that need it, and no other. */
  @Property(tries = 150)
  void aFailureHoldsUpWhatNeedsItAndNothingElse(
      @ForAll(supplier = Histories.class) List<Version> history) {
    ModelCluster cluster = new ModelCluster();
    for (Version version : history) {
      Plan plan = cluster.plan(version.desired());
      Set<ReleaseName> notReleased = cluster.run(plan, version.failing());
      for (Step step : plan.steps()) {
        ReleaseName name = step.change().release();
        if (step.change() instanceof Change.Apply && !version.failing().contains(name.value())) {
          boolean held = hardUpstream(plan, name).stream().anyMatch(notReleased::contains);
          assertThat(notReleased.contains(name)).as("%s is held up", name).isEqualTo(held);
        }
      }
    }
  }

  @Property(tries = 150)
  void nothingIsLeftToDoAfterASuccess(@ForAll(supplier = Histories.class) List<Version> history) {
    ModelCluster cluster = new ModelCluster();
    for (Version version : history) {
      cluster.run(cluster.plan(version.desired()), version.failing());
      cluster.run(cluster.plan(version.desired()), Set.of());
      assertThat(cluster.plan(version.desired()).steps()).isEmpty();
      assertThat(cluster.releases()).isEqualTo(version.desired().releases().keySet());
    }
  }

  @Property(tries = 150)
  void whatGoesGoesInReverseOfTheOrderInWhichItCame(
      @ForAll(supplier = Histories.class) List<Version> history) {
    ModelCluster cluster = new ModelCluster();
    for (Version version : history) {
      ReleaseGraph deployed = cluster.inventory().graph();
      Plan plan = cluster.plan(version.desired());
      for (Step step : plan.steps()) {
        if (step.change() instanceof Change.Delete) {
          Set<String> dependants =
              deployed.descendants(List.of(step.change().release())).stream()
                  .flatMap(name -> steps(plan, name).stream())
                  .collect(Collectors.toCollection(TreeSet::new));
          assertThat(allBefore(plan, step)).containsAll(dependants);
        }
      }
      cluster.run(plan, version.failing());
    }
  }

  private static List<String> tasks(Plan plan) {
    List<String> tasks = new ArrayList<>();
    BundleRenderer.render(plan, 1, Products.SETTINGS, Map.of()).workflow().stream()
        .flatMap(workflow -> workflow.maps("spec", "templates").stream())
        .forEach(
            template -> {
              if (template.get("dag") instanceof Map<?, ?> dag
                  && dag.get("tasks") instanceof List<?> list) {
                list.forEach(task -> tasks.add(String.valueOf(((Map<?, ?>) task).get("name"))));
              }
            });
    return tasks;
  }

  /** The tasks that have ended when that step begins. */
  private static Set<String> allBefore(Plan plan, Step step) {
    Set<String> found = new HashSet<>();
    List<Step> open = new ArrayList<>(List.of(step));
    while (!open.isEmpty()) {
      for (Step.Wait wait : open.remove(open.size() - 1).waits()) {
        if (found.add(wait.task())) {
          plan.steps().stream().filter(s -> s.task().equals(wait.task())).forEach(open::add);
        }
      }
    }
    return found;
  }

  private static Set<String> upstream(Plan plan, ReleaseName release) {
    return plan.steps().stream()
        .filter(step -> step.change() instanceof Change.Apply)
        .filter(
            step -> plan.graph().descendants(List.of(step.change().release())).contains(release))
        .map(Step::task)
        .collect(Collectors.toSet());
  }

  private static Set<ReleaseName> hardUpstream(Plan plan, ReleaseName release) {
    List<ReleaseGraph.Edge> hard =
        plan.graph().edges().stream().filter(edge -> !edge.soft()).toList();
    ReleaseGraph graph = ReleaseGraph.of(plan.graph().order(), hard);
    return plan.graph().order().stream()
        .filter(name -> graph.descendants(List.of(name)).contains(release))
        .collect(Collectors.toSet());
  }

  private static List<String> steps(Plan plan, ReleaseName release) {
    return plan.steps().stream()
        .filter(step -> step.change().release().equals(release))
        .map(Step::task)
        .toList();
  }
}
