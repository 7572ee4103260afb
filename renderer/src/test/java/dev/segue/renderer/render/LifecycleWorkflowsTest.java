// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workflows that do something else than bring a commit out. */
class LifecycleWorkflowsTest {
  private static final DesiredGroup SHOP =
      Products.group("shop").app("db").app("web", "db").app("edge", "web").desired();

  @Test
  void mendsWhatHelmDeployedInAPassOfItsOwnAndThenReleasesAsTheFileWants() {
    DesiredGroup desired =
        Products.group("shop")
            .app(
                "db",
                "1.0.0",
                Values.EMPTY,
                List.of(),
                new Values(Map.of("driftDetection", Map.of("mode", "warn"))))
            .app("web", "1.1.0", Map.of(), "db")
            .desired();
    Map<ReleaseName, LiveRelease> live = new TreeMap<>(Products.live(desired));
    ReleaseName db = ReleaseName.parse("db");
    LiveRelease now = Products.live(desired.release(db), LiveRelease.State.READY);
    live.put(
        db,
        new LiveRelease(
            db, now.object(), now.digest(), "", now.state(), "", "", "1.0.0", "it was scaled"));
    Manifest workflow = workflow(plan(desired, desired, Purpose.CORRECT, live));
    String name = workflow.name();

    assertThat(lines(workflow))
        .containsExactly("Reset-db correct", "db release <- Reset-db.Succeeded");
    assertThat(manifest(workflow, "Reset-db"))
        .contains("mode: enabled", "requestedAt: " + name + "-correct");
    assertThat(manifest(workflow, "db"))
        .contains("mode: warn", "requestedAt: " + name + "\n")
        .doesNotContain(name + "-correct");
    assertThat(template(workflow, "correct"))
        .contains("lastHandledReconcileAt==" + name + "-correct")
        .doesNotContain("failureCondition");
    assertThat(workflow.label(Labels.PURPOSE)).contains("correct");
  }

  @Test
  void orkestraIssue270TheWayBackRemovesWhatWasAddedBeforeWhatItWasPutOn() {
    DesiredGroup failed =
        Products.group("shop")
            .at(Products.COMMIT_2)
            .app("db", "1.1.0", Map.of())
            .app("web", "1.1.0", Map.of(), "db")
            .app("edge", "web")
            .app("cache", "db")
            .app("report", "cache")
            .desired();
    Manifest workflow = workflow(plan(SHOP, failed, Purpose.ROLLBACK, Products.live(failed)));
    assertThat(lines(workflow))
        .containsExactly(
            "db release <- Delete-cache.Succeeded && Delete-report.Succeeded",
            "web release <- db.Succeeded",
            "Delete-report delete",
            "Delete-cache delete <- Delete-report.Succeeded");
    assertThat(workflow.label(Labels.PURPOSE)).contains("rollback");
    assertThat(workflow.annotation(Labels.COMMIT)).contains(Products.COMMIT_1.hex());
  }

  /** The failed commit put {@code cache} below {@code web}: it goes when nothing needs it. */
  @Test
  void theWayBackKeepsWhatSomethingWantedStandsOnUntilThatIsBack() {
    DesiredGroup failed =
        Products.group("shop")
            .app("db", "1.1.0", Map.of())
            .app("cache", "db")
            .app("web", "1.1.0", Map.of(), "cache")
            .app("edge", "web")
            .desired();
    assertThat(lines(workflow(plan(SHOP, failed, Purpose.ROLLBACK, Products.live(failed)))))
        .containsExactly(
            "db release", "web release <- db.Succeeded", "Delete-cache delete <- web.Succeeded");
  }

  @Test
  void orkestraIssue279ReverseIsTheMirrorOfForward() {
    DesiredGroup product =
        Products.group("shop")
            .app("sub1")
            .app("sub2", "sub1")
            .app("sub3", "sub1", "sub2")
            .app("app", "sub1", "sub2", "sub3")
            .desired();
    Manifest workflow =
        workflow(plan(nothing(product), product, Purpose.REMOVE, Products.live(product)));
    assertThat(lines(workflow))
        .containsExactly(
            "Delete-app delete",
            "Delete-sub3 delete <- Delete-app.Succeeded",
            "Delete-sub2 delete <- Delete-app.Succeeded && Delete-sub3.Succeeded",
            "Delete-sub1 delete"
                + " <- Delete-app.Succeeded && Delete-sub2.Succeeded && Delete-sub3.Succeeded");
    assertThat(workflow.label(Labels.PURPOSE)).contains("remove");
  }

  @Test
  void orkestraDefect19NoNamespaceIsOursToOwnOrToRemove() {
    for (Plan plan :
        List.of(
            plan(SHOP, nothing(SHOP), Purpose.RELEASE, Map.of()),
            plan(nothing(SHOP), SHOP, Purpose.REMOVE, Products.live(SHOP)))) {
      RenderedBundle bundle = BundleRenderer.render(plan, 1, Products.SETTINGS, Map.of());
      List<Manifest> objects = new ArrayList<>(bundle.prerequisites());
      objects.addAll(bundle.helmReleases());
      objects.add(bundle.workflow().orElseThrow());
      assertThat(objects)
          .allSatisfy(
              object -> {
                assertThat(object.kind()).isNotEqualTo("Namespace");
                assertThat(object.at("metadata", "ownerReferences")).isNull();
              });
      for (Map<?, ?> task : tasks(bundle.workflow().orElseThrow())) {
        assertThat(manifest(bundle.workflow().orElseThrow(), String.valueOf(task.get("name"))))
            .contains("kind: HelmRelease")
            .doesNotContain("kind: Namespace");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Purpose.class)
  void onlyAReleaseHasADeadline(Purpose purpose) {
    DesiredGroup before = Products.group("shop").app("db").app("web", "db").desired();
    DesiredGroup desired =
        Products.group("shop")
            .lifecycle(
                new Lifecycle(
                    Lifecycle.DEFAULT.onFailure(),
                    Lifecycle.DEFAULT.deletion(),
                    Lifecycle.DEFAULT.drift(),
                    Lifecycle.DEFAULT.approval(),
                    false,
                    List.of(),
                    Duration.ofHours(1)))
            .app("db", "1.1.0", Map.of())
            .desired();
    Manifest workflow = workflow(plan(desired, before, purpose, Products.live(before)));
    assertThat(workflow.at("spec", "activeDeadlineSeconds"))
        .isEqualTo(purpose == Purpose.RELEASE ? 3600L : null);
  }

  private static DesiredGroup nothing(DesiredGroup of) {
    return DesiredGroup.nothing(
        of.group().name(), Products.NAMESPACE, of.group().origin(), of.commit());
  }

  private static Plan plan(
      DesiredGroup desired,
      DesiredGroup before,
      Purpose purpose,
      Map<ReleaseName, LiveRelease> live) {
    return Planner.plan(
        desired, purpose, Products.inventory(before), live, Map.of(), name -> Optional.empty());
  }

  private static Manifest workflow(Plan plan) {
    return BundleRenderer.render(plan, 1, Products.SETTINGS, Map.of()).workflow().orElseThrow();
  }

  /** A line for each task: its name, its template and what it depends on. */
  private static List<String> lines(Manifest workflow) {
    return tasks(workflow).stream()
        .map(
            task ->
                task.get("name")
                    + " "
                    + task.get("template")
                    + (task.get("depends") == null ? "" : " <- " + task.get("depends")))
        .toList();
  }

  private static List<Map<String, @Nullable Object>> tasks(Manifest workflow) {
    List<Map<String, @Nullable Object>> tasks = new ArrayList<>();
    for (Map<String, @Nullable Object> template : workflow.maps("spec", "templates")) {
      if (PlainData.map(template.get("dag")).get("tasks") instanceof List<?> list) {
        list.forEach(task -> tasks.add(PlainData.map(task)));
      }
    }
    return tasks;
  }

  private static String template(Manifest workflow, String name) {
    return workflow.maps("spec", "templates").stream()
        .filter(template -> name.equals(template.get("name")))
        .map(Object::toString)
        .findFirst()
        .orElseThrow();
  }

  private static String manifest(Manifest workflow, String name) {
    for (Map<String, @Nullable Object> task : tasks(workflow)) {
      if (name.equals(task.get("name"))
          && PlainData.map(task.get("arguments")).get("parameters") instanceof List<?> list) {
        for (Object parameter : list) {
          if ("manifest".equals(PlainData.map(parameter).get("name"))) {
            return PlainData.text(PlainData.map(parameter), "value");
          }
        }
      }
    }
    throw new AssertionError("no manifest of " + name);
  }
}
