// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static org.assertj.core.api.Assertions.assertThat;

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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What holds for every plan, whatever the order of releases and whatever was released before:
 * random histories of groups whose applications come, go, change and swap places, with attempts
 * that fail half-way, against a model of the cluster.
 */
class ReleaseLawsTest {
  private static final List<String> APPS = List.of("a", "b", "c", "d", "e", "f", "7g");

  /**
   * A version of the product.
   *
   * @param apps in an order in which each may depend on those before it
   * @param needs for each pair of that order: 0 nothing, 1 hard, 2 soft
   * @param failing the releases whose step fails in this attempt
   */
  record Version(
      List<String> apps, List<Integer> versions, List<Integer> needs, Set<String> failing) {
    DesiredGroup desired() {
      Products product = Products.group("shop");
      int pair = 0;
      for (int i = 0; i < apps.size(); i++) {
        List<String> before = new ArrayList<>();
        for (int j = 0; j < i; j++) {
          int need = needs.get(pair++);
          if (need > 0) {
            before.add((need == 2 ? "~" : "") + apps.get(j));
          }
        }
        product.app(
            apps.get(i), "1." + versions.get(i) + ".0", Map.of(), before.toArray(String[]::new));
      }
      return product.desired();
    }
  }

  @Property(tries = 60)
  void theWorkflowHasExactlyTheReleasesThatDiffer(@ForAll("histories") List<Version> history) {
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
      @ForAll("histories") List<Version> history) {
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
  void aFailureHoldsUpWhatNeedsItAndNothingElse(@ForAll("histories") List<Version> history) {
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
  void nothingIsLeftToDoAfterASuccess(@ForAll("histories") List<Version> history) {
    ModelCluster cluster = new ModelCluster();
    for (Version version : history) {
      cluster.run(cluster.plan(version.desired()), version.failing());
      cluster.run(cluster.plan(version.desired()), Set.of());
      assertThat(cluster.plan(version.desired()).steps()).isEmpty();
      assertThat(cluster.releases()).isEqualTo(version.desired().releases().keySet());
    }
  }

  @Property(tries = 150)
  void whatGoesGoesInReverseOfTheOrderInWhichItCame(@ForAll("histories") List<Version> history) {
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

  @Provide
  Arbitrary<List<Version>> histories() {
    int pairs = APPS.size() * (APPS.size() - 1) / 2;
    Arbitrary<List<String>> apps =
        Combinators.combine(
                Arbitraries.shuffle(APPS), Arbitraries.integers().between(0, APPS.size()))
            .as((shuffled, size) -> shuffled.subList(0, size));
    return Combinators.combine(
            apps,
            Arbitraries.integers().between(0, 1).list().ofSize(APPS.size()),
            Arbitraries.of(0, 0, 1, 1, 2).list().ofSize(pairs),
            Arbitraries.of(APPS).set().ofMaxSize(2))
        .as(Version::new)
        .list()
        .ofMinSize(2)
        .ofMaxSize(4);
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
