// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.testing.Products;
import dev.segue.renderer.testing.SplitProducts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the plan and the Workflow say where objects change hands. */
class HandoverWorkflowsTest {
  private static final DesiredGroup WHOLE = desired(List.of());
  private static final DesiredGroup PARTS = desired(SplitProducts.SUBCHARTS);

  @Test
  void holdsYieldsAndAdoptsInOrder() {
    Plan plan = plan(PARTS, WHOLE, Products.live(WHOLE));

    assertThat(steps(plan))
        .containsExactly(
            "Adopt-bookinfo-details <- Yield-bookinfo",
            "bookinfo-details <- Adopt-bookinfo-details",
            "Adopt-bookinfo-ratings <- Yield-bookinfo",
            "bookinfo-ratings <- Adopt-bookinfo-ratings",
            "Adopt-bookinfo-reviews <- bookinfo-details, bookinfo-ratings, Yield-bookinfo",
            "bookinfo-reviews <- Adopt-bookinfo-reviews",
            "Hold-bookinfo",
            "Yield-bookinfo <- Hold-bookinfo",
            "bookinfo <- bookinfo-reviews");
    String workflow = workflow(plan);
    assertThat(workflow)
        .contains("helm.sh/resource-policy: keep", "disableHooks: true", "segue.dev/digest: held")
        .contains("status.lastHandledResetAt==" + name(plan) + "-hold,status.conditions.0");
  }

  @Test
  void holdsAndDeletesBeforeTheWholeTakesOver() {
    Plan plan = plan(WHOLE, PARTS, Products.live(PARTS));

    assertThat(steps(plan))
        .contains(
            "Delete-bookinfo-details <- Hold-bookinfo-details",
            "Hold-bookinfo-details",
            "bookinfo <- Delete-bookinfo-reviews, Delete-bookinfo-ratings, Delete-bookinfo-details");
    assertThat(workflow(plan)).contains("upgradeFailures", "name: before");
  }

  @Test
  void keepsWhatTheUserSaysOfAllObjects() {
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(WHOLE));
    live.computeIfPresent(
        ReleaseName.parse(SplitProducts.UMBRELLA),
        (name, r) ->
            new LiveRelease(
                name,
                r.object(),
                r.digest(),
                "",
                r.state(),
                "",
                "",
                "1.0.0",
                "",
                "1.0.0",
                7,
                Map.of(
                    "suspend", true,
                    "upgrade", Map.of("remediation", Map.of("retries", 3L), "force", true),
                    "commonMetadata",
                        Map.of(
                            "labels", Map.of("team", "books"), "annotations", Map.of("a", "b")))));
    String workflow = workflow(plan(PARTS, WHOLE, live));

    assertThat(workflow).contains("team: books", "a: b", "force: true", "suspend: false");
    assertThat(workflow).doesNotContain("suspend: true", "remediation");
    assertThat(workflow).contains("value: \"7\"");
  }

  @Test
  void thePlanAndItsApprovalTellThatObjectsChangeHands() {
    Plan plan = plan(PARTS, WHOLE, Products.live(WHOLE));
    StatusReport report =
        new Reports(Optional.empty(), Instant.EPOCH).planned(plan, 1, name(plan), null);
    String page = Pages.plan(plan, report, List.of());

    assertThat(page)
        .contains(
            "3 install, 1 upgrade, 2 keep (4 of them without deleting an object)",
            "takes over the objects of sub-chart \"reviews\" from release bookinfo, no object is"
                + " deleted",
            "hands the objects of sub-charts \"details\", \"ratings\" and \"reviews\" over",
            "before the changes themselves come `Adopt-bookinfo-details`");
    assertThat(plan.approval()).isNotEqualTo(plan(PARTS, PARTS, Products.live(WHOLE)).approval());
  }

  @Test
  void aPartThatWasNeverThereIsInstalledAsAnythingElse() {
    DesiredGroup fewer = desired(List.of("details", "ratings"));
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(PARTS));
    live.remove(ReleaseName.parse("bookinfo-reviews"));
    Plan fresh = plan(PARTS, PARTS, live);
    Plan moved = plan(PARTS, fewer, Products.live(fewer));

    assertThat(fresh.changes()).hasAtLeastOneElementOfType(Change.Install.class);
    assertThat(moved.changes()).hasAtLeastOneElementOfType(Change.Adopt.class);
    assertThat(workflow(fresh)).doesNotContain("disableHooks");
  }

  @Test
  void remembersThePartsWhoseObjectsAreNobodys() {
    ReleaseName details = ReleaseName.parse("bookinfo-details");
    Inventory between =
        Products.inventory(PARTS).gone(details, Products.inventory(WHOLE)).settled();

    assertThat(InventoryFile.read(InventoryFile.write(between))).contains(between);
    assertThat(between.find(details).orElseThrow().dissolved()).isTrue();
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(PARTS));
    live.remove(details);
    Plan back =
        Planner.plan(PARTS, Purpose.ROLLBACK, between, live, Map.of(), name -> Optional.empty());
    assertThat(steps(back))
        .containsExactly("Adopt-bookinfo-details", "bookinfo-details <- Adopt-bookinfo-details");
  }

  private static DesiredGroup desired(List<String> staged) {
    return SplitProducts.desired(Products.COMMIT_1, "1.0.0", staged);
  }

  private static Plan plan(
      DesiredGroup desired, DesiredGroup before, Map<ReleaseName, LiveRelease> live) {
    return Planner.plan(
        desired,
        Purpose.RELEASE,
        Products.inventory(before),
        live,
        Map.of(),
        name -> Optional.empty());
  }

  private static List<String> steps(Plan plan) {
    return plan.steps().stream()
        .map(
            step ->
                step.task()
                    + (step.waits().isEmpty() ? "" : " <- ")
                    + String.join(", ", step.waits().stream().map(wait -> wait.task()).toList()))
        .toList();
  }

  private static String name(Plan plan) {
    return Names.workflow(plan.desired().group().name(), plan.digest(), 1);
  }

  private static String workflow(Plan plan) {
    RenderedBundle bundle = BundleRenderer.render(plan, 1, Products.SETTINGS, Map.of());
    return String.valueOf(bundle.files().get(BundleRenderer.WORKFLOW_FILE));
  }
}
