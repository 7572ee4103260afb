// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.charts.ChartServer;
import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.rehearse.EmbeddedCluster;
import dev.segue.agent.rehearse.SimulatedTime;
import dev.segue.agent.testing.AppliedShop;
import dev.segue.agent.testing.SharedEngine;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Orkestra;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.render.RenderSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that somebody applied, from the first release to the removal, and agents that end. */
final class AppliedGroupsLifecycleIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final GroupObject.Ref SHOP = ref("delivery");

  @TempDir Path folder;

  private final ChartServer server = new ChartServer();
  private final AppliedObjects objects = new AppliedObjects();
  private final AppliedMemory memory = new AppliedMemory();
  private final Claims claims = new Claims();
  private final SimulatedTime time =
      SimulatedTime.spedUp(Instant.parse("2026-01-01T00:00:00Z"), 60);

  @SuppressWarnings("NullAway.Init") // set before each
  private HelmChartStore charts;

  @SuppressWarnings("NullAway.Init") // set before each
  private EmbeddedCluster cluster;

  private @Nullable AppliedReconciler agent;
  private volatile List<String> remains = List.of();
  private Tenancy tenancy = Tenancy.NONE;

  private static GroupObject.Ref ref(String namespace) {
    return new GroupObject.Ref("segue.dev/v1alpha1", namespace, "shop");
  }

  @BeforeEach
  void prepare() throws Exception {
    AppliedShop.serve(server);
    charts = SharedEngine.store(new AppliedSource(objects, memory), folder);
    cluster = new EmbeddedCluster(charts, time, line -> {});
    claims.none(Claims.Side.GIT);
  }

  @AfterEach
  void close() {
    kill();
    cluster.close();
    charts.close();
    server.close();
    time.close();
  }

  /** Another life of the agent: nothing of the one before is known to it. */
  private void start() throws Exception {
    kill();
    InstantSource now = time::now;
    Clock clock = now.withZone(ZoneOffset.UTC);
    RenderSettings render =
        new RenderSettings(
            Namespace.parse("delivery"),
            "segue-workflow",
            0,
            Duration.ofHours(24),
            "OnPodSuccess",
            "",
            "",
            null,
            "",
            "",
            null);
    AppliedReconciler next =
        new AppliedReconciler(
            objects,
            object -> remains,
            new SharedCluster(cluster),
            memory,
            charts,
            new ReconcilerSettings(
                "lab",
                List.of("products/**"), // of files
                "v1.34.0",
                Duration.ofMinutes(10),
                2,
                50,
                render.with(tenancy)),
            Mandate.forAll(),
            claims,
            (group, outcome) -> {},
            clock);
    next.start();
    next.poll();
    agent = next;
  }

  private void kill() {
    if (agent != null) {
      agent.close();
      agent = null;
    }
  }

  private String shop(String namespace, String colour, String more) {
    return AppliedShop.yaml(namespace, server, colour, more);
  }

  private String shop(String colour) {
    return shop("delivery", colour, "interval: 10m");
  }

  private void awaitReady(String start) {
    await().atMost(PATIENCE).until(() -> objects.ready(SHOP).startsWith(start));
  }

  private List<String> releases() {
    return Stream.of("shop.db", "shop.web")
        .flatMap(name -> cluster.find("HelmRelease", "delivery", name).stream())
        .map(object -> object.name() + " " + object.text("spec", "values", "color").orElse(""))
        .toList();
  }

  private static final List<String> RED = List.of("shop.db red", "shop.web red");

  @Test
  void anAgentThatStartsAnewGoesBackToTheSpecThatWasGood() throws Exception {
    objects.put(shop("red"));
    start();
    awaitReady("True Succeeded");
    assertThat(objects.find(SHOP).orElseThrow().finalizers())
        .containsExactly(GroupObjects.FINALIZER);
    kill();

    cluster.failOnce("web");
    objects.put(shop("blue"));
    start();
    await().atMost(PATIENCE).until(() -> releases().contains("shop.db blue"));
    kill();
    start();

    awaitReady("False RolledBack");
    assertThat(releases()).isEqualTo(RED);
    assertThat(objects.events)
        .extracting(GroupObjects.Happening::reason)
        .contains("Succeeded", "RolledBack");

    objects.put(shop("green"));
    awaitReady("True Succeeded");
  }

  @Test
  void whoDeletesIsNotAskedAgainAndWhatVanishesIsNotTakenForDeleted() throws Exception {
    objects.put(shop("red"));
    start();
    awaitReady("True Succeeded");

    objects.vanish(SHOP);
    AppliedReconciler now = java.util.Objects.requireNonNull(agent);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                now.outcomes().values().stream()
                    .anyMatch(
                        o ->
                            o instanceof Outcome.Postponed postponed
                                && postponed.reason().equals("AwaitingApproval")));
    assertThat(releases()).isEqualTo(RED);

    objects.put(shop("red"));
    awaitReady("True Succeeded");
    objects.remove(SHOP);
    await().atMost(PATIENCE).until(() -> objects.find(SHOP).isEmpty());
    assertThat(releases()).isEmpty();
  }

  @Test
  void theSpecsDeletionPolicyHolds() throws Exception {
    objects.put(shop("delivery", "red", "deletion: orphan"));
    start();
    awaitReady("True Succeeded");

    objects.remove(SHOP);
    await().atMost(PATIENCE).until(() -> objects.find(SHOP).isEmpty());

    assertThat(releases()).isEqualTo(RED);
  }

  @Test
  void approvesByAnAnnotationOfTheObject() throws Exception {
    objects.put(shop("delivery", "red", "approval: manual"));
    start();
    awaitReady("Unknown AwaitingApproval");
    String message = objects.ready(SHOP);
    String digest = message.replaceAll(".*?([0-9a-f]{64}).*", "$1");

    objects.put(
        shop("delivery", "red", "approval: manual")
            .replace(
                "namespace: delivery}",
                "namespace: delivery, annotations: {segue.dev/approve: \"" + digest + "\"}}"));

    awaitReady("True Succeeded");
  }

  @Test
  void twoObjectsOfOneNameAreBothRefusedAndTheFirstStaysAsItIs() throws Exception {
    objects.put(shop("red"));
    start();
    awaitReady("True Succeeded");

    GroupObject.Ref other = ref("elsewhere");
    objects.put(shop("elsewhere", "blue", "interval: 10m"));
    await().atMost(PATIENCE).until(() -> objects.ready(other).startsWith("False"));
    awaitReady("False");
    for (GroupObject.Ref each : List.of(SHOP, other)) {
      assertThat(objects.ready(each)).contains("delivery/shop.yaml", "elsewhere/shop.yaml");
    }
    assertThat(releases()).isEqualTo(RED);

    objects.remove(other);
    awaitReady("True Succeeded");
    assertThat(objects.find(other)).isEmpty();
    assertThat(releases()).isEqualTo(RED);
  }

  @Test
  void anObjectIsTheTenantsThatHasItAndNoRuleOfPathsIsItsOwn() throws Exception {
    Tenant platform = new Tenant("platform", List.of("**"), List.of("*"), List.of("*"), null);
    tenancy = new Tenancy(false, null, List.of(platform));
    objects.put(shop("red"));
    start();
    awaitReady("False AccessDenied");
    assertThat(objects.ready(SHOP)).contains("SG1701", "delivery/shop.yaml");
    assertThat(releases()).isEmpty();

    Tenant team =
        new Tenant(
            "team", List.of(), List.of("delivery/*"), List.of("shop"), List.of(), List.of(), null);
    tenancy = new Tenancy(false, null, List.of(platform, team));
    start();
    awaitReady("True Succeeded");
    assertThat(releases()).isEqualTo(RED);
  }

  private static final GroupObject.Ref OLD = new GroupObject.Ref(Orkestra.API_VERSION, "", "shop");

  /** As Orkestra's users have it: applications are called as their charts. */
  private String orkestras(String colour) {
    return shop(colour)
        .replace("segue.dev/v1alpha1", Orkestra.API_VERSION)
        .replace(", namespace: delivery", "")
        .replaceFirst("name: web, version", "name: db, version");
  }

  private void awaitReadyOfOld(String start) {
    await().atMost(PATIENCE).until(() -> objects.ready(OLD).startsWith(start));
  }

  @Test
  void anObjectOfOrkestraIsReleasedAndItsStatusIsInOrkestrasFields() throws Exception {
    objects.put(orkestras("red"));
    start();
    awaitReadyOfOld("True Succeeded");
    assertThat(releases()).isEqualTo(RED);
    Map<String, @Nullable Object> status = objects.find(OLD).orElseThrow().status();
    assertThat(status)
        .containsOnlyKeys(
            "applications", "observedGeneration", "lastSucceededGeneration", "conditions")
        .containsEntry(
            "applications",
            List.of(
                Map.of("name", "db", "version", "1.0.0"),
                Map.of("name", "web", "version", "1.0.0")));
  }

  @Test
  void whatOrkestraHoldsIsLeftToItUntilItsFinalizerIsGone() throws Exception {
    objects.put(
        orkestras("red")
            .replace("name: shop}", "name: shop, finalizers: [" + Orkestra.FINALIZER + "]}"));
    Map<String, Object> theirs =
        Map.of("type", "Ready", "status", "True", "reason", "Succeeded", "message", "theirs");
    GroupObject before = objects.find(OLD).orElseThrow();
    objects.status(before, Map.of("observedGeneration", 1L, "conditions", List.of(theirs)));
    start();
    await()
        .atMost(PATIENCE)
        .until(() -> objects.find(OLD).orElseThrow().status().toString().contains("TakenOver"));

    GroupObject held = objects.find(OLD).orElseThrow();
    assertThat(objects.ready(OLD)).as("is Orkestra's to say").isEqualTo("True Succeeded: theirs");
    assertThat(held.status().toString()).contains(Orkestra.FINALIZER, "Stop Orkestra");
    assertThat(held.finalizers()).containsExactly(Orkestra.FINALIZER);
    assertThat(objects.events)
        .extracting(GroupObjects.Happening::reason)
        .containsExactly("TwoOwners");
    assertThat(releases()).isEmpty();
    assertThat(memory.files()).isEmpty();

    objects.finalizers(OLD);
    await().atMost(PATIENCE).until(() -> releases().equals(RED));
    awaitReadyOfOld("True Succeeded: 2 of 2");
    assertThat(objects.find(OLD).orElseThrow().status().toString()).doesNotContain("TakenOver");

    objects.finalizers(OLD, GroupObjects.FINALIZER, Orkestra.FINALIZER);
    objects.put(orkestras("blue"));
    await()
        .atMost(PATIENCE)
        .until(() -> objects.find(OLD).orElseThrow().status().toString().contains("TakenOver"));
    assertThat(releases()).as("it is Orkestra's again").isEqualTo(RED);
  }

  @Test
  void nothingIsTakenOverWhileOrkestrasReleasesWouldFightWithOurs() throws Exception {
    remains = List.of("HelmReleases of Orkestra must be suspended: \"shop/web\"");
    objects.put(orkestras("red"));
    start();
    awaitReadyOfOld("Unknown ProgressingWithRetry");
    assertThat(objects.ready(OLD)).contains("\"shop/web\"", "docs/orkestra.md");
    assertThat(releases()).isEmpty();
    assertThat(objects.find(OLD).orElseThrow().finalizers()).isEmpty();

    remains = List.of();
    awaitReadyOfOld("True Succeeded");
  }

  @Test
  void whatOrkestraReleasedStaysWhenTheFirstAttemptFails() throws Exception {
    cluster.failOnce("web");
    objects.put(orkestras("red"));
    start();
    awaitReadyOfOld("False WorkflowFailed");
    assertThat(releases()).as("nothing is removed again").contains("shop.db red");

    objects.put(orkestras("blue"));
    awaitReadyOfOld("True Succeeded");
    cluster.failOnce("web");
    objects.put(orkestras("green"));
    awaitReadyOfOld("False RolledBack");
    assertThat(releases()).containsExactly("shop.db blue", "shop.web blue");
  }

  @Test
  void anApplicationOfOrkestraMustBeCalledAsItsChart() throws Exception {
    objects.put(orkestras("red").replace("[db]", "[store]").replace("- name: db", "- name: store"));
    start();
    awaitReadyOfOld("False Invalid");
    assertThat(objects.ready(OLD)).contains("must be \"db\"", "got \"store\"");
    assertThat(releases()).isEmpty();
  }

  @Test
  void anObjectOfOursGoesOnWithWhatAnObjectOfOrkestraReleased() throws Exception {
    objects.put(orkestras("red"));
    start();
    awaitReadyOfOld("True Succeeded");

    objects.put(shop("red").replaceFirst("name: web, version", "name: db, version"));
    awaitReady("False");
    awaitReadyOfOld("False");
    objects.remove(OLD);

    awaitReady("True Succeeded");
    await().atMost(PATIENCE).until(() -> objects.find(OLD).isEmpty());
    assertThat(releases()).isEqualTo(RED);
    assertThat(
            cluster
                .find("HelmRelease", "delivery", "shop.web")
                .orElseThrow()
                .at("metadata", "deletionTimestamp"))
        .isNull();
  }
}
