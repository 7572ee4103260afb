// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What was approved is what is done: no more, and nothing less is asked again. */
class PlanApprovalTest {
  private static final ReleaseName DB = ReleaseName.parse("db");
  private static final DesiredGroup BEFORE =
      Products.group("shop").app("db").app("cache").app("web", "db", "cache").desired();

  @Test
  void anotherWishIsAnotherPlan() {
    assertThat(approval(after("1.2.0"))).isNotEqualTo(approval(after("1.1.0")));
  }

  @Test
  void whatIsLiveAndToChangeCounts() {
    Map<ReleaseName, LiveRelease> gone = new TreeMap<>(Products.live(BEFORE));
    gone.remove(DB);
    assertThat(approval(after("1.1.0"), Products.inventory(BEFORE), gone))
        .as("installed rather than upgraded")
        .isNotEqualTo(approval(after("1.1.0")));
  }

  @Test
  void whatIsUpgradedFromCounts() {
    DesiredGroup older =
        Products.group("shop")
            .app("db", "0.9.0", Map.of())
            .app("cache")
            .app("web", "db", "cache")
            .desired();
    assertThat(approval(after("1.1.0"), Products.inventory(older), Products.live(older)))
        .isNotEqualTo(approval(after("1.1.0")));
  }

  @Test
  void whatElseChangesCounts() {
    Map<ReleaseName, LiveRelease> failed = new TreeMap<>(Products.live(BEFORE));
    ReleaseName cache = ReleaseName.parse("cache");
    failed.put(cache, Products.live(BEFORE.release(cache), LiveRelease.State.FAILED));
    assertThat(approval(after("1.1.0"), Products.inventory(BEFORE), failed))
        .isNotEqualTo(approval(after("1.1.0")));
  }

  @Test
  void theOrderCounts() {
    DesiredGroup hard = twoChange("db");
    DesiredGroup soft = twoChange("~db");
    DesiredGroup none = twoChange();
    assertThat(List.of(approval(hard), approval(soft), approval(none))).doesNotHaveDuplicates();
  }

  @Test
  void thePurposeCounts() {
    Plan release = plan(Purpose.RELEASE, List.of());
    assertThat(release.steps()).isNotEmpty();
    assertThat(plan(Purpose.CORRECT, List.of()).approval()).isNotEqualTo(release.approval());
    assertThat(plan(Purpose.ROLLBACK, List.of()).approval()).isNotEqualTo(release.approval());
  }

  @Test
  void theSameIsTheSameWhenMadeAgain() {
    assertThat(approval(after("1.1.0"))).isEqualTo(approval(after("1.1.0")));
  }

  @Test
  void anotherCommitThatWantsTheSameIsApprovedAlready() {
    DesiredGroup later =
        Products.group("shop")
            .at(Products.COMMIT_2)
            .app("db", "1.1.0", Map.of())
            .app("cache")
            .app("web", "db", "cache")
            .desired();
    assertThat(approval(later)).isEqualTo(approval(after("1.1.0")));
  }

  @Test
  void howTheGroupIsHandledIsNotWhatIsDone() {
    Lifecycle otherwise =
        new Lifecycle(
            OnFailure.HOLD,
            Lifecycle.DEFAULT.deletion(),
            Lifecycle.DEFAULT.drift(),
            Lifecycle.DEFAULT.approval(),
            true,
            List.of(),
            null);
    DesiredGroup handled =
        Products.group("shop")
            .lifecycle(otherwise)
            .app("db", "1.1.0", Map.of())
            .app("cache")
            .app("web", "db", "cache")
            .desired();
    assertThat(approval(handled)).isEqualTo(approval(after("1.1.0")));
  }

  @Test
  void whatIsSaidOfAChangeIsNotWhatIsDone() {
    assertThat(plan(Purpose.CORRECT, List.of("spec.timeout")).approval())
        .isEqualTo(plan(Purpose.CORRECT, List.of("spec.timeout", "spec.interval")).approval());
  }

  private static DesiredGroup after(String version) {
    return Products.group("shop")
        .app("db", version, Map.of())
        .app("cache")
        .app("web", "db", "cache")
        .desired();
  }

  private static DesiredGroup twoChange(String... needs) {
    return Products.group("shop")
        .app("db", "1.1.0", Map.of())
        .app("cache")
        .app("web", "1.1.0", Map.of(), needs)
        .desired();
  }

  private static Digest approval(DesiredGroup desired) {
    return approval(desired, Products.inventory(BEFORE), Products.live(BEFORE));
  }

  private static Digest approval(
      DesiredGroup desired, Inventory inventory, Map<ReleaseName, LiveRelease> live) {
    return Planner.plan(desired, inventory, live, name -> Optional.empty()).approval();
  }

  private static Plan plan(Purpose purpose, List<String> drift) {
    return Planner.plan(
        drift.isEmpty() ? after("1.1.0") : BEFORE,
        purpose,
        Products.inventory(BEFORE),
        Products.live(BEFORE),
        drift.isEmpty() ? Map.of() : Map.of(DB, drift),
        name -> Optional.empty());
  }
}
