// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlannerTest {
  @Test
  void installsWhatIsNotThereInOrder() {
    Plan plan =
        plan(
            Products.group("shop").app("web", "db").app("db").desired(),
            Products.group("shop").desired());
    assertThat(plan.steps()).extracting(Step::task).containsExactly("db", "web");
    assertThat(plan.steps().get(1).waits()).containsExactly(new Step.Wait("db", false));
    assertThat(plan.changes()).extracting(Change::action).containsOnly("install");
  }

  @Test
  void doesNothingWhenNothingChanged() {
    DesiredGroup desired = Products.group("shop").app("db").app("web", "db").desired();
    assertThat(plan(desired, desired).isEmpty()).isTrue();
  }

  @Test
  void isUnmovedByACommitThatChangesNothingOfTheGroup() {
    DesiredGroup before = Products.group("shop").app("db").app("web", "db").desired();
    DesiredGroup after =
        Products.group("shop").at(Products.COMMIT_2).app("db").app("web", "db").desired();
    assertThat(plan(after, before).isEmpty()).isTrue();
    assertThat(after.digest()).isEqualTo(before.digest());
  }

  @Test
  void upgradesOnlyWhatDiffersAndCarriesTheOrderAcrossWhatIsKept() {
    DesiredGroup before = Products.group("shop").app("a").app("b", "a").app("c", "b").desired();
    DesiredGroup after =
        Products.group("shop")
            .app("a", "1.1.0", Map.of())
            .app("b", "a")
            .app("c", "1.1.0", Map.of(), "b")
            .desired();
    Plan plan = plan(after, before);
    assertThat(plan.steps()).extracting(Step::task).containsExactly("a", "c");
    assertThat(plan.steps().get(1).waits()).containsExactly(new Step.Wait("a", false));
    assertThat(plan.blastRadius()).containsExactly(ReleaseName.parse("b"));
    assertThat(plan.steps().get(0).change().reasons()).containsExactly("chart a 1.0.0 → a 1.1.0");
  }

  @Test
  void namesThePathsOfChangedValuesAndNeverAValue() {
    DesiredGroup before =
        Products.group("shop").app("a", "1.0.0", Map.of("x", Map.of("y", 1), "z", "old")).desired();
    Values then = new Values(Map.of("x", Map.of("y", 1), "z", "old"));
    DesiredGroup after =
        Products.group("shop").app("a", "1.0.0", Map.of("x", Map.of("y", 2), "z", "new")).desired();
    Plan plan =
        Planner.plan(
            after, Products.inventory(before), Products.live(before), name -> Optional.of(then));
    assertThat(plan.steps().get(0).change().reasons()).containsExactly("values changed: x.y, z");
  }

  @Test
  void repairsWhatFailedAndTellsThatItsOldFailureStands() {
    DesiredGroup desired = Products.group("shop").app("a").desired();
    Map<ReleaseName, LiveRelease> live = new TreeMap<>();
    live.put(
        ReleaseName.parse("a"),
        Products.live(desired.release(ReleaseName.parse("a")), LiveRelease.State.FAILED));
    Change change =
        Planner.plan(desired, Products.inventory(desired), live, name -> Optional.empty())
            .steps()
            .get(0)
            .change();
    assertThat(change).isInstanceOf(Change.Repair.class);
    assertThat(((Change.Apply) change).liveFailed()).isTrue();
  }

  @Test
  void anUnreadyReleaseMakesNoWorkflowAndOneThatIsMadeWaitsForIt() {
    DesiredGroup before = Products.group("shop").app("a").app("b").desired();
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(before));
    ReleaseName a = ReleaseName.parse("a");
    live.put(a, Products.live(before.release(a), LiveRelease.State.PROGRESSING));
    DesiredGroup after = Products.group("shop").app("a").app("b", "1.1.0", Map.of()).desired();

    Plan unchanged =
        Planner.plan(before, Products.inventory(before), live, name -> Optional.empty());
    Plan changed = Planner.plan(after, Products.inventory(before), live, name -> Optional.empty());

    assertThat(unchanged.isEmpty()).isTrue();
    assertThat(changed.steps())
        .extracting(step -> step.change().action())
        .containsExactly("repair", "upgrade");
  }

  @Test
  void removesInReverseOfTheOrderAsDeployed() {
    DesiredGroup before =
        Products.group("shop").app("db").app("web", "db").app("edge", "web").desired();
    DesiredGroup after = Products.group("shop").app("edge", "1.1.0", Map.of()).desired();
    Plan plan = plan(after, before);
    assertThat(plan.steps())
        .extracting(Step::task)
        .containsExactly("edge", "Delete-web", "Delete-db");
    assertThat(plan.steps().get(1).waits()).containsExactly(new Step.Wait("edge", false));
    assertThat(plan.steps().get(2).waits())
        .containsExactlyInAnyOrder(
            new Step.Wait("edge", false), new Step.Wait("Delete-web", false));
  }

  @Test
  void keepsThePinOfAChartWhoseContentIsTheSame() {
    DesiredGroup before = Products.group("shop").app("a").desired();
    DesiredGroup after = Products.group("shop").at(Products.COMMIT_2).app("a").desired();
    var chart = after.release(ReleaseName.parse("a")).chart();
    assertThat(Products.inventory(before).keepPin(chart, pin -> true).pin())
        .isEqualTo(before.release(ReleaseName.parse("a")).chart().pin());
    assertThat(Products.inventory(before).keepPin(chart, pin -> false)).isEqualTo(chart);
  }

  @Test
  void givesTasksNamesThatArgoTakesAndThatCannotCollide() {
    assertThat(
            List.of(
                TaskNames.apply(ReleaseName.parse("5gc")),
                TaskNames.apply(ReleaseName.parse("release-5gc"))))
        .containsExactly("Release-5gc", "release-5gc");
  }

  private static Plan plan(DesiredGroup desired, DesiredGroup before) {
    return Planner.plan(
        desired, Products.inventory(before), Products.live(before), name -> Optional.empty());
  }
}
