// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.conditions;
import static dev.segue.agent.rehearse.Rehearsal.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedClusterTest {
  private static final GroupName SHOP = GroupName.parse("shop");
  private final Rehearsal rehearsal = new Rehearsal();
  private final EmbeddedCluster cluster = rehearsal.cluster;

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @Test
  void saysThatItIsEmbeddedAndSimulated() {
    assertThat(cluster.description()).contains("embedded", "simulated");
  }

  @Test
  void createsAnObjectOnceAndLeavesTheFirst() throws Exception {
    Manifest first = values("a: 1", false);

    assertThat(cluster.create(first)).isTrue();
    assertThat(cluster.create(values("a: 2", false))).isFalse();

    Manifest live = cluster.find("ConfigMap", "default", "v").orElseThrow();
    assertThat(live.text("data", "values.yaml")).contains("a: 1");
    assertThat(live.text("metadata", "uid")).isPresent();
    assertThat(live.text("metadata", "creationTimestamp")).contains("2026-01-01T00:00:00Z");
  }

  @Test
  void changesNothingWhenWhatIsAppliedIsThere() throws Exception {
    cluster.apply(List.of(values("a: 1", false)));
    Manifest before = cluster.find("ConfigMap", "default", "v").orElseThrow();
    cluster.apply(List.of(values("a: 1", false)));

    assertThat(cluster.find("ConfigMap", "default", "v")).contains(before);
  }

  @Test
  void movesTheGenerationWithTheSpecAndNotWithLabels() throws Exception {
    rehearsal.withSource();
    Manifest source = cluster.find("GitRepository", "default", "source").orElseThrow();
    cluster.apply(List.of(Fields.with(source, "x", "metadata", "labels", "y")));
    Manifest labelled = cluster.find("GitRepository", "default", "source").orElseThrow();
    cluster.apply(List.of(Fields.with(labelled, "2h", "spec", "interval")));
    Manifest changed = cluster.find("GitRepository", "default", "source").orElseThrow();

    assertThat(labelled.number("metadata", "generation")).contains(1L);
    assertThat(changed.number("metadata", "generation")).contains(2L);
    assertThat(changed.text("metadata", "resourceVersion"))
        .isNotEqualTo(labelled.text("metadata", "resourceVersion"));
  }

  @Test
  void patchesWhatIsThereAndNeverCreates() throws Exception {
    rehearsal.withSource();
    Manifest change =
        manifest(
            """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: source, namespace: default, annotations: {a: b}}
            spec: {interval: 2h, ref: null}
            """);
    Manifest before = cluster.find("GitRepository", "default", "source").orElseThrow();

    assertThat(cluster.patch(change)).isTrue();
    Manifest after = cluster.find("GitRepository", "default", "source").orElseThrow();
    assertThat(cluster.patch(change)).isTrue();
    assertThat(cluster.patch(Fields.with(change, "other", "metadata", "name"))).isFalse();

    assertThat(after.text("spec", "interval")).contains("2h");
    assertThat(after.text("spec", "url")).isEqualTo(before.text("spec", "url"));
    assertThat(after.map("spec")).doesNotContainKey("ref");
    assertThat(after.annotation("a")).contains("b");
    assertThat(after.at("status")).isEqualTo(before.at("status"));
    assertThat(after.number("metadata", "generation")).contains(2L);
    assertThat(cluster.find("GitRepository", "default", "source")).contains(after);
    assertThat(cluster.find("GitRepository", "default", "other")).isEmpty();
  }

  @Test
  void refusesToChangeWhatIsImmutable() throws Exception {
    cluster.apply(List.of(values("a: 1", true)));
    cluster.apply(List.of(values("a: 1", true)));

    assertThatThrownBy(() -> cluster.apply(List.of(values("a: 2", true))))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> assertThat(e.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED))
        .hasMessageContaining("configmap \"v\"")
        .hasMessageContaining("immutable");
  }

  @Test
  void tellsTheWatcherAndShowsWhatIsTheGroups() throws Exception {
    List<GroupName> told = new ArrayList<>();
    cluster.watch(
        group -> {
          told.add(group);
          assertThat(cluster.observe(group)).isNotEmpty();
        });

    rehearsal.withSource().release("one", "red");

    assertThat(told).isNotEmpty().containsOnly(SHOP);
    assertThat(cluster.observe(SHOP))
        .extracting(Manifest::kind)
        .containsExactlyInAnyOrder("Workflow", "HelmRelease", "HelmRelease");
    assertThat(cluster.observe(GroupName.parse("other"))).isEmpty();
  }

  @Test
  void collectsWhatIsTheGroupsAndNotKept() throws Exception {
    Manifest kept = ours("kept", "shop");
    cluster.apply(
        List.of(kept, ours("old", "shop"), ours("foreign", "other"), values("a: 1", false)));

    cluster.collect(SHOP, "default", List.of(kept));

    assertThat(List.of("kept", "old", "foreign", "v"))
        .filteredOn(name -> cluster.find("ConfigMap", "default", name).isPresent())
        .containsExactly("kept", "foreign", "v");
  }

  @Test
  void mergesValuesFromInOrderAndValuesOverAll() throws Exception {
    cluster.apply(
        List.of(
            values("{colour: red, size: 1, deep: {a: 1, b: 1}}", false),
            manifest(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: s, namespace: default}
                stringData: {more: "{size: 2, deep: {b: 2}}", word: hidden}
                """)));
    rehearsal
        .withSource()
        .cluster
        .apply(
            List.of(
                release(
                    """
                      valuesFrom:
                      - {kind: ConfigMap, name: v}
                      - {kind: Secret, name: s, valuesKey: more}
                      - {kind: Secret, name: s, valuesKey: word, targetPath: auth.password}
                      values: {colour: blue}
                    """)));
    rehearsal.time.advance(Duration.ofMinutes(1));

    assertThat(rehearsal.charts.rendered)
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.values().tree())
                    .isEqualTo(
                        Map.of(
                            "colour",
                            "blue",
                            "size",
                            2L,
                            "deep",
                            Map.of("a", 1L, "b", 2L),
                            "auth",
                            Map.of("password", "hidden"))));
  }

  @Test
  void waitsForValuesThatAreNotThere() throws Exception {
    rehearsal
        .withSource()
        .cluster
        .apply(List.of(release("  valuesFrom: [{kind: ConfigMap, name: v}]\n")));
    rehearsal.time.advance(Duration.ofSeconds(5));
    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=False/ValuesError");

    cluster.apply(List.of(values("a: 1", false)));
    rehearsal.time.advance(Duration.ofMinutes(2));

    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=True/InstallSucceeded");
  }

  @Test
  void waitsForASourceAndGoesOnWhenItComes() throws Exception {
    cluster.apply(List.of(release("")));
    rehearsal.time.advance(Duration.ofSeconds(5));
    assertThat(conditions(rehearsal.helmRelease("db")))
        .containsExactly("Reconciling=True/Progressing", "Ready=False/SourceNotReady");

    rehearsal.withSource().time.advance(Duration.ofSeconds(10));

    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=True/InstallSucceeded");
  }

  @Test
  void appendsTheDigestToTheVersionFromARegistry() throws Exception {
    cluster.apply(
        List.of(
            manifest(
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: OCIRepository
                metadata: {name: oci, namespace: default}
                spec: {url: "oci://registry/charts/db", ref: {tag: 1.1.0}}
                """),
            manifest(
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: db, namespace: default}
                spec: {interval: 1h, chartRef: {kind: OCIRepository, name: oci}}
                """)));
    rehearsal.time.advance(Duration.ofMinutes(1));

    assertThat(rehearsal.helmRelease("db").maps("status", "history").get(0).get("chartVersion"))
        .asString()
        .matches("1\\.1\\.0\\+[0-9a-f]{12}");
  }

  @Test
  void retriesAsOftenAsTheReleaseGrants() throws Exception {
    cluster.fail("db", Fault.TIMES_OUT);
    rehearsal
        .withSource()
        .cluster
        .apply(List.of(release("  timeout: 10s\n  install: {remediation: {retries: 1}}\n")));

    rehearsal.time.advance(Duration.ofSeconds(14));
    assertThat(conditions(rehearsal.helmRelease("db")))
        .first()
        .isIn("Reconciling=True/ProgressingWithRetry", "Reconciling=True/Progressing");
    rehearsal.time.advance(Duration.ofMinutes(1));
    assertThat(conditions(rehearsal.helmRelease("db")))
        .first()
        .isEqualTo("Stalled=True/RetriesExceeded");
    assertThat(rehearsal.helmRelease("db").number("status", "observedGeneration")).contains(1L);
  }

  @Test
  void neverEndsAReleaseThatNeverGetsReady() throws Exception {
    cluster.fail("db", Fault.NEVER_READY);
    rehearsal.withSource().cluster.apply(List.of(release("")));

    rehearsal.time.advance(Duration.ofDays(1));

    assertThat(conditions(rehearsal.helmRelease("db")))
        .startsWith("Reconciling=True/Progressing", "Ready=Unknown/Progressing");
  }

  @Test
  void givesAHangingReleaseUpWhenItIsHealedOrDeleted() throws Exception {
    cluster.fail("db", Fault.NEVER_READY);
    rehearsal.withSource().cluster.apply(List.of(release("")));
    rehearsal.time.advance(Duration.ofMinutes(5));
    cluster.heal("db");
    rehearsal.time.advance(Duration.ofMinutes(1));
    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=True/InstallSucceeded");

    cluster.fail("db", Fault.NEVER_READY);
    cluster.apply(List.of(release("  values: {colour: blue}\n")));
    rehearsal.time.advance(Duration.ofMinutes(5));
    cluster.delete("HelmRelease", "default", "db");
    rehearsal.time.advance(Duration.ofMinutes(1));
    assertThat(cluster.find("HelmRelease", "default", "db")).isEmpty();
  }

  @Test
  void observesTheGenerationWithWhichThePassBegan() throws Exception {
    rehearsal.withSource().cluster.apply(List.of(release("")));
    rehearsal.time.advance(Duration.ofSeconds(3));
    cluster.apply(List.of(release("  values: {colour: blue}\n")));
    rehearsal.time.advanceUntil(
        () -> conditions(rehearsal.helmRelease("db")).contains("Ready=True/InstallSucceeded"),
        Rehearsal.LONG);

    assertThat(rehearsal.helmRelease("db").number("metadata", "generation")).contains(2L);
    assertThat(rehearsal.helmRelease("db").number("status", "observedGeneration")).contains(1L);
    rehearsal.time.advance(Duration.ofMinutes(1));
    assertThat(rehearsal.helmRelease("db").number("status", "observedGeneration")).contains(2L);
    assertThat(rehearsal.helmRelease("db").maps("status", "history"))
        .extracting(snapshot -> snapshot.get("status"))
        .containsExactly("deployed", "superseded");
  }

  @Test
  void takesAChartFromARepositoryByItsExactVersion() throws Exception {
    cluster.apply(
        List.of(
            manifest(
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: HelmRepository
                metadata: {name: repo, namespace: default}
                spec: {url: "https://charts.example/", secretRef: {name: key}}
                """),
            manifest(
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: db, namespace: default}
                spec:
                  interval: 1h
                  chart:
                    spec: {chart: db, version: 1.1.0, sourceRef: {kind: HelmRepository, name: repo}}
                """)));
    rehearsal.time.advance(Duration.ofMinutes(1));

    assertThat(rehearsal.charts.rendered)
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.chart().pin())
                    .isInstanceOfSatisfying(
                        ChartPin.InRepository.class,
                        pin -> {
                          assertThat(pin.url()).hasToString("https://charts.example");
                          assertThat(pin.authSecretRef()).isEqualTo("key");
                        }));
    assertThat(rehearsal.helmRelease("db").maps("status", "history").get(0))
        .containsEntry("chartVersion", "1.1.0");
  }

  @Test
  void observesASuspendedReleaseAndLeavesItAlone() throws Exception {
    rehearsal.withSource().cluster.apply(List.of(release("  suspend: true\n")));
    rehearsal.time.advance(Duration.ofMinutes(1));

    assertThat(rehearsal.helmRelease("db").number("status", "observedGeneration")).contains(1L);
    assertThat(rehearsal.charts.rendered).isEmpty();
  }

  private static Manifest values(String text, boolean immutable) {
    Manifest values =
        manifest("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: v, namespace: default}\n");
    Manifest filled = Fields.with(values, text, "data", "values.yaml");
    return immutable ? Fields.with(filled, true, "immutable") : filled;
  }

  private static Manifest ours(String name, String group) {
    Manifest plain = Fields.with(values("a: 1", true), name, "metadata", "name");
    return Fields.with(
        plain,
        Map.of("app.kubernetes.io/managed-by", "segue", "segue.dev/group", group),
        "metadata",
        "labels");
  }

  /** A release of db with these further lines of its spec. */
  private static Manifest release(String more) {
    return manifest(
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: db, namespace: default}
        spec:
          interval: 1h
          chart:
            spec:
              chart: ./charts/db
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: source}
        """
            + more);
  }
}
