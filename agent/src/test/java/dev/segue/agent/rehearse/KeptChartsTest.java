// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.conditions;
import static dev.segue.agent.rehearse.Rehearsal.manifest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HelmCharts, as source-controller 1.9 and helm-controller 1.6 treat them on a real cluster. */
class KeptChartsTest {
  private final Rehearsal rehearsal = new Rehearsal();
  private final EmbeddedCluster cluster = rehearsal.cluster;

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @Test
  void releasesAChartByItsObject() throws Exception {
    rehearsal.withSource();
    apply(chart("db-1"), release("db-1"));

    assertThat(conditions(helmChart("db-1"))).containsExactly("Ready=True/ChartPackageSucceeded");
    assertThat(helmChart("db-1").text("status", "artifact", "revision"))
        .contains("1.1.0+ea54dc35c3e4");
    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=True/InstallSucceeded");
    assertThat(rehearsal.helmRelease("db").maps("status", "history").get(0))
        .containsEntry("chartVersion", "1.1.0+ea54dc35c3e4");
  }

  @Test
  void writesAVersionAsSourceControllerDoes() throws Exception {
    rehearsal.charts.with("db", "v1.1");
    rehearsal.withSource();
    apply(chart("db-1"), release("db-1"));

    assertThat(rehearsal.helmRelease("db").maps("status", "history").get(0))
        .containsEntry("chartVersion", "1.1.0+ea54dc35c3e4");
  }

  @Test
  void goesBackToAChartWhoseSourceIsGone() throws Exception {
    rehearsal.withSource();
    apply(chart("db-1"), release("db-1"));
    rehearsal.charts.with("db", "1.2.0");
    apply(chart("db-2"), release("db-2"));
    assertThat(rehearsal.helmRelease("db").maps("status", "history").get(0))
        .containsEntry("chartVersion", "1.2.0+ea54dc35c3e4");

    cluster.delete("GitRepository", "default", "source");
    apply(Fields.with(chart("db-1"), "now", "metadata", "annotations", Labels.REQUESTED_AT));
    assertThat(conditions(helmChart("db-1"))).containsExactly("Ready=False/SourceUnavailable");
    assertThat(helmChart("db-1").text("status", "lastHandledReconcileAt")).contains("now");
    assertThat(helmChart("db-1").text("status", "artifact", "revision")).isPresent();
    apply(release("db-1"));

    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=True/UpgradeSucceeded");
    assertThat(rehearsal.helmRelease("db").maps("status", "history").get(0))
        .containsEntry("chartVersion", "1.1.0+ea54dc35c3e4");
  }

  @Test
  void waitsForAChartThatIsNotThereAndGoesOnWhenItComes() throws Exception {
    rehearsal.withSource();
    apply(release("db-1"));
    assertThat(conditions(rehearsal.helmRelease("db")))
        .containsExactly("Reconciling=True/Progressing", "Ready=False/ArtifactFailed");

    apply(chart("db-1"));

    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=True/InstallSucceeded");
  }

  @Test
  void waitsForAChartWhoseSourceComesLater() throws Exception {
    apply(chart("db-1"), release("db-1"));
    assertThat(conditions(helmChart("db-1"))).containsExactly("Ready=False/SourceUnavailable");
    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=False/SourceNotReady");

    rehearsal.withSource();
    rehearsal.time.advance(Duration.ofSeconds(20));

    assertThat(conditions(helmChart("db-1"))).containsExactly("Ready=True/ChartPackageSucceeded");
    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=True/InstallSucceeded");
  }

  @Test
  void refusesAChartWhoseVersionTheIndexDoesNotHave() throws Exception {
    apply(
        manifest(
            """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata: {name: repo, namespace: default}
            spec: {url: "https://charts.example/"}
            """),
        manifest(
            """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmChart
            metadata: {name: db-9, namespace: default}
            spec: {chart: db, version: 9.0.0, sourceRef: {kind: HelmRepository, name: repo}}
            """),
        release("db-9"));

    assertThat(conditions(helmChart("db-9")))
        .containsExactly("Stalled=True/InvalidChartReference", "Ready=False/InvalidChartReference");
    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=False/SourceNotReady");
    assertThat(rehearsal.helmRelease("db").maps("status", "conditions").get(1).get("message"))
        .isEqualTo(
            "HelmChart 'default/db-9' is not ready: invalid chart reference:"
                + " no 'db' chart with version matching '9.0.0' found");
  }

  @Test
  void collectsAChartWithItsArtifact() throws Exception {
    rehearsal.withSource();
    apply(chart("db-1"), chart("db-2"));

    cluster.collect(GroupName.parse("shop"), "default", List.of(chart("db-2")));

    assertThat(cluster.find("HelmChart", "default", "db-1")).isEmpty();
    assertThat(conditions(helmChart("db-2"))).containsExactly("Ready=True/ChartPackageSucceeded");
    apply(release("db-1"));
    assertThat(conditions(rehearsal.helmRelease("db"))).contains("Ready=False/ArtifactFailed");
  }

  private void apply(Manifest... objects) throws Exception {
    cluster.apply(List.of(objects));
    rehearsal.time.advance(Duration.ofSeconds(20));
  }

  private Manifest helmChart(String name) {
    return cluster.find("HelmChart", "default", name).orElseThrow();
  }

  private static Manifest chart(String name) {
    return manifest(
        """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmChart
        metadata:
          name: NAME
          namespace: default
          labels: {app.kubernetes.io/managed-by: segue, segue.dev/group: shop}
        spec:
          interval: 1h
          chart: ./charts/db
          reconcileStrategy: Revision
          sourceRef: {kind: GitRepository, name: source}
        """
            .replace("NAME", name));
  }

  private static Manifest release(String chart) {
    return manifest(
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: db, namespace: default}
        spec: {interval: 1h, chartRef: {kind: HelmChart, name: CHART}}
        """
            .replace("CHART", chart));
  }
}
