// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects that change hands between Helm releases, by the rendered Workflow itself. */
class HandoverTest {
  private static final GroupName GROUP = GroupName.parse("books");
  private static final Namespace NAMESPACE = Namespace.parse("default");
  private static final RenderSettings SETTINGS =
      new RenderSettings(
          NAMESPACE,
          "segue",
          0,
          Duration.ofDays(1),
          "OnPodSuccess",
          "http://git/x.git",
          "",
          null,
          "http://git.example/shop.git",
          "segue/lab",
          null);

  private final SplitProduct charts = new SplitProduct();
  private final SimulatedTime time = SimulatedTime.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<String> events = new ArrayList<>();
  private final EmbeddedCluster cluster = new EmbeddedCluster(charts, time, events::add);
  private Inventory inventory = Inventory.empty(GROUP, NAMESPACE);
  private int attempt;

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void adoptingBeforeShrinkingLosesWhatWasAdopted() throws Exception {
    release(SplitProduct.whole());
    Map<String, String> before = uids();
    RenderedBundle parts = bundle(plan(SplitProduct.parts(), Purpose.RELEASE));
    cluster.apply(parts.prerequisites());
    time.advance(Duration.ofMinutes(1));
    for (String release : List.of("shop-db", "shop-web", "shop")) {
      cluster.apply(
          parts.helmReleases().stream()
              .filter(object -> object.name().equals("books." + release))
              .toList());
      time.advance(Duration.ofMinutes(2));
    }

    assertThat(before).containsOnlyKeys("shop", "db", "web");
    assertThat(uids()).containsOnlyKeys("shop");
  }

  @Test
  void turningItOnAndOffKeepsEveryObject() throws Exception {
    release(SplitProduct.whole());
    Map<String, String> before = uids();

    assertThat(phase(release(SplitProduct.parts()))).isEqualTo("Succeeded");
    assertThat(uids()).isEqualTo(before);
    assertThat(owners()).isEqualTo(Map.of("shop", "shop", "db", "shop-db", "web", "shop-web"));
    nothingIsHeld();
    assertThat(plan(SplitProduct.parts(), Purpose.RELEASE).isEmpty()).isTrue();

    assertThat(phase(release(SplitProduct.whole()))).isEqualTo("Succeeded");
    assertThat(uids()).isEqualTo(before);
    assertThat(owners()).isEqualTo(Map.of("shop", "shop", "db", "shop", "web", "shop"));
    nothingIsHeld();
    assertThat(plan(SplitProduct.whole(), Purpose.RELEASE).isEmpty()).isTrue();
  }

  @Test
  void theWayBackFromAPartThatIsNeverReadyKeepsEveryObject() throws Exception {
    release(SplitProduct.whole());
    Map<String, String> before = uids();
    Inventory whole = inventory;
    cluster.fail("shop-web", Fault.TIMES_OUT);
    Manifest failed = release(SplitProduct.parts());
    assertThat(phase(failed)).isEqualTo("Failed");
    assertThat(uids()).isEqualTo(before);

    began(whole, "shop-db", "shop-web");
    Manifest back = run(plan(SplitProduct.whole(), Purpose.ROLLBACK));
    assertThat(phase(back)).isEqualTo("Succeeded");
    assertThat(uids()).isEqualTo(before);
    assertThat(owners()).isEqualTo(Map.of("shop", "shop", "db", "shop", "web", "shop"));
    nothingIsHeld();
  }

  @Test
  void aPartIsNotDeletedWhereHelmDidNotWriteDownThatItsObjectsStay() throws Exception {
    release(SplitProduct.parts());
    Map<String, String> before = uids();
    charts.breakTemplatesOf("web", "templates/all.yaml:3: nil pointer");

    Manifest failed = release(SplitProduct.whole());

    assertThat(phase(failed)).isEqualTo("Failed");
    assertThat(uids()).isEqualTo(before);
    assertThat(cluster.find("HelmRelease", "default", "books.shop-web")).isPresent();
  }

  @Test
  void theWayBackFromAParentThatDoesNotRenderKeepsEveryObject() throws Exception {
    release(SplitProduct.whole());
    Map<String, String> before = uids();
    Inventory whole = inventory;
    charts.breakTemplatesOf("parent", "templates/all.yaml:3: nil pointer");
    assertThat(phase(release(SplitProduct.parts()))).isEqualTo("Failed");

    began(whole);
    assertThat(phase(run(plan(SplitProduct.whole(), Purpose.ROLLBACK)))).isEqualTo("Succeeded");
    assertThat(uids()).isEqualTo(before);
    nothingIsHeld();
  }

  /** What is recorded after a failure: the form before, and the parts whose steps began. */
  private void began(Inventory before, String... parts) {
    Inventory given = before;
    for (String part : parts) {
      given = given.with(inventory.find(ReleaseName.parse(part)).orElseThrow());
    }
    inventory = given;
  }

  private Manifest release(DesiredGroup desired) throws Exception {
    Plan plan = plan(desired, Purpose.RELEASE);
    Inventory wanted = Inventory.empty(GROUP, NAMESPACE);
    for (var release : desired.releases().values()) {
      wanted =
          wanted.with(
              DeployedRelease.of(
                  release, Names.helmRelease(GROUP, release.name()), Deletion.REMOVE));
    }
    inventory = wanted;
    return run(plan);
  }

  private Plan plan(DesiredGroup desired, Purpose purpose) {
    return Planner.plan(
        desired,
        purpose,
        inventory,
        Planner.live(cluster.observe(GROUP)),
        Map.of(),
        name -> Optional.empty());
  }

  private RenderedBundle bundle(Plan plan) {
    return BundleRenderer.render(plan, ++attempt, SETTINGS, Map.of());
  }

  private Manifest run(Plan plan) throws Exception {
    RenderedBundle bundle = bundle(plan);
    cluster.apply(bundle.prerequisites());
    cluster.create(bundle.workflow().orElseThrow());
    time.advanceUntil(
        () -> workflow(bundle.workflowName()).text("status", "finishedAt").isPresent(),
        Duration.ofHours(2));
    return workflow(bundle.workflowName());
  }

  private Manifest workflow(String name) {
    return cluster.find("Workflow", "default", name).orElseThrow();
  }

  private static String phase(Manifest workflow) {
    return workflow.text("status", "phase").orElse("");
  }

  private Map<String, String> uids() {
    return told("metadata", "uid");
  }

  private Map<String, String> owners() {
    return told("metadata", "annotations", HelmObjects.OWNER);
  }

  private Map<String, String> told(String... path) {
    Map<String, String> told = new TreeMap<>();
    cluster.objects().forEach(object -> told.put(object.name(), object.text(path).orElse("")));
    return told;
  }

  private void nothingIsHeld() {
    assertThat(cluster.objects())
        .allSatisfy(object -> assertThat(object.annotation("helm.sh/resource-policy")).isEmpty());
  }
}
