// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveRelease.State;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is done about releases that Git did not change. */
class RepairTest {
  private static final ReleaseName A = ReleaseName.parse("a");
  private static final String CHANGED = "Deployment/shop/a changed (0 additions, 1 change)";

  @Test
  void orkestraDefect06MendsFieldsThatWereChangedByHandAndNothingElse() {
    DesiredGroup desired = shop("enabled");
    Plan plan = plan(desired, Map.of(), Map.of(A, List.of("spec.timeout", "spec.values.x")));
    assertThat(plan.steps()).extracting(Step::task).containsExactly("a");
    assertThat(plan.steps().get(0).change())
        .isEqualTo(
            new Change.Repair(
                desired.release(A),
                false,
                false,
                List.of("drift: spec.timeout was changed", "drift: spec.values.x was changed")));
    assertThat(plan.blastRadius()).containsExactly(ReleaseName.parse("b"));
  }

  @Test
  void forcesHelmToReleaseAgainWhatFluxOnlyWarnsOf() {
    Change change = one(shop("warn"), State.READY, CHANGED, Map.of());
    assertThat(((Change.Repair) change).forced()).isTrue();
    assertThat(change.reasons()).containsExactly("drift: " + CHANGED);
  }

  @Test
  void tellsBothKindsOfDrift() {
    Change change = one(shop("warn"), State.READY, CHANGED, Map.of(A, List.of("spec.timeout")));
    assertThat(((Change.Repair) change).forced()).isTrue();
    assertThat(change.reasons())
        .containsExactly("drift: spec.timeout was changed", "drift: " + CHANGED);
  }

  @Test
  void leavesToFluxWhatFluxCorrectsItself() {
    DesiredGroup desired = shop("enabled");
    assertThat(plan(desired, live(desired, State.READY, CHANGED), Map.of()).isEmpty()).isTrue();
  }

  @Test
  void anUpgradeGoesOverDriftInOneStep() {
    DesiredGroup before = shop("warn");
    DesiredGroup after = Products.group("shop").app("a", "1.1.0", Map.of()).app("b", "a").desired();
    Plan plan =
        Planner.plan(
            after,
            Purpose.RELEASE,
            Products.inventory(before),
            live(before, State.READY, CHANGED),
            Map.of(A, List.of("spec.timeout")),
            name -> Optional.empty());
    assertThat(plan.steps()).extracting(step -> step.change().action()).containsExactly("upgrade");
  }

  @Test
  void bringsBackWhatWasDeletedByHandAndNothingElse() {
    DesiredGroup desired = shop("enabled");
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(desired));
    live.remove(A);
    Plan plan = Planner.plan(desired, Products.inventory(desired), live, name -> Optional.empty());
    assertThat(plan.steps()).extracting(Step::task).containsExactly("a");
    assertThat(plan.steps().get(0).change().reasons())
        .containsExactly("was released before and is not there");
  }

  @Test
  void doesNotMendWhatIsBeingDeleted() {
    DesiredGroup desired = shop("warn");
    assertThat(
            plan(
                    desired,
                    live(desired, State.DELETING, CHANGED),
                    Map.of(A, List.of("spec.timeout")))
                .isEmpty())
        .isTrue();
  }

  @Test
  void aFailureCountsMoreThanDrift() {
    Change change = one(shop("warn"), State.FAILED, CHANGED, Map.of(A, List.of("spec.timeout")));
    assertThat(((Change.Repair) change).liveFailed()).isTrue();
    assertThat(((Change.Repair) change).forced()).isFalse();
    assertThat(change.reasons()).containsExactly("failed: UpgradeFailed");
  }

  @Test
  void whatAFailedCommitAddedGoesAgainAlsoWhereItWasToBeLeftOnceRemoved() {
    DesiredGroup before = Products.group("shop").app("a").desired();
    DesiredGroup after = Products.group("shop").app("a").app("added", "a").desired();
    Inventory inventory = Products.inventory(after);
    for (DeployedRelease release : inventory.releases().values()) {
      inventory = inventory.with(orphaned(release));
    }
    Map<ReleaseName, LiveRelease> live = Products.live(after);
    assertThat(
            Planner.plan(before, Purpose.ROLLBACK, inventory, live, Map.of(), n -> Optional.empty())
                .changes())
        .extracting(Change::action)
        .containsExactly("keep", "delete");
    Plan forward = Planner.plan(before, inventory, live, name -> Optional.empty());
    assertThat(forward.changes()).extracting(Change::action).containsExactly("keep", "orphan");
    assertThat(forward.isEmpty()).as("nothing is done to what is left").isTrue();
  }

  /**
   * The release that depends on one that is left to itself goes still before what both stand on.
   */
  @Test
  void anOrphanGetsNoStepAndTheOrderIsCarriedAcrossIt() {
    DesiredGroup before = Products.group("shop").app("a").app("b", "a").app("c", "b").desired();
    Inventory inventory = Products.inventory(before);
    inventory = inventory.with(orphaned(inventory.find(ReleaseName.parse("b")).orElseThrow()));
    Plan plan =
        Planner.plan(
            Products.group("shop").desired(),
            Purpose.REMOVE,
            inventory,
            Products.live(before),
            Map.of(),
            name -> Optional.empty());
    assertThat(plan.steps())
        .containsExactly(
            new Step("Delete-c", plan.steps().get(0).change(), List.of()),
            new Step(
                "Delete-a",
                plan.steps().get(1).change(),
                List.of(new Step.Wait("Delete-c", false))));
  }

  private static DeployedRelease orphaned(DeployedRelease r) {
    return new DeployedRelease(
        r.name(),
        r.object(),
        r.targetNamespace(),
        r.digest(),
        r.values(),
        r.settings(),
        r.chart(),
        r.version(),
        r.content(),
        r.requested(),
        r.pin(),
        r.dependencies(),
        r.softDependencies(),
        dev.segue.renderer.model.Deletion.ORPHAN,
        false);
  }

  private static Change one(
      DesiredGroup desired, State state, String drift, Map<ReleaseName, List<String>> fields) {
    Plan plan = plan(desired, live(desired, state, drift), fields);
    assertThat(plan.steps()).hasSize(1);
    return plan.steps().get(0).change();
  }

  private static Plan plan(
      DesiredGroup desired,
      Map<ReleaseName, LiveRelease> live,
      Map<ReleaseName, List<String>> drift) {
    return Planner.plan(
        desired,
        Purpose.CORRECT,
        Products.inventory(desired),
        live.isEmpty() ? Products.live(desired) : live,
        drift,
        name -> Optional.empty());
  }

  /** All is well but for {@code a}. */
  private static Map<ReleaseName, LiveRelease> live(
      DesiredGroup desired, State state, String drift) {
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(desired));
    LiveRelease a = Products.live(desired.release(A), state);
    live.put(
        A,
        new LiveRelease(
            A, a.object(), a.digest(), a.token(), state, a.reason(), "", a.chartVersion(), drift));
    return live;
  }

  private static DesiredGroup shop(String mode) {
    return Products.group("shop")
        .app(
            "a",
            "1.0.0",
            Values.EMPTY,
            List.of(),
            new Values(Map.of("driftDetection", Map.of("mode", mode))))
        .app("b", "a")
        .desired();
  }
}
