// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static dev.segue.agent.rehearse.Rehearsal.conditions;
import static dev.segue.agent.rehearse.Rehearsal.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was seen on a real cluster (helm-controller 1.6.3) with drift and forced upgrades. */
class DriftTest {
  private static final String SEEN = "Drifted=True/DriftDetected";
  private static final String NONE = "Drifted=False/NoDriftDetected";

  private final Rehearsal rehearsal = new Rehearsal();
  private final EmbeddedCluster cluster = rehearsal.cluster;

  @BeforeEach
  void prepare() throws Exception {
    rehearsal.withSource();
  }

  @AfterEach
  void close() {
    rehearsal.close();
  }

  @Test
  void isNotSeenWhereNobodyLooks() throws Exception {
    install("disabled");
    cluster.drift("db");
    pass("t2");
    rehearsal.time.advance(Duration.ofHours(2));

    assertThat(conditions(release()))
        .containsExactly("Ready=True/InstallSucceeded", "Released=True/InstallSucceeded");
  }

  @Test
  void isReportedAtTheNextPassThatIsAskedForAndStays() throws Exception {
    install("warn");
    assertThat(conditions(release())).contains(NONE);
    cluster.drift("db");
    rehearsal.time.advance(Duration.ofMinutes(1));
    assertThat(conditions(release())).contains(NONE);

    pass("t2");
    rehearsal.time.advance(Duration.ofHours(5));

    assertThat(conditions(release()))
        .containsExactly("Ready=True/InstallSucceeded", SEEN, "Released=True/InstallSucceeded");
    assertThat(release().maps("status", "conditions").get(1).get("message"))
        .isEqualTo(
            "Cluster state of release default/db.v1 has drifted from the desired state:\n"
                + "ConfigMap/default/db changed (0 additions, 1 changes, 0 removals)");
  }

  @Test
  void isReportedAfterTheInterval() throws Exception {
    install("warn");
    cluster.drift("db");
    rehearsal.time.advance(Duration.ofMinutes(57));
    assertThat(conditions(release())).contains(NONE);
    rehearsal.time.advance(Duration.ofMinutes(4));

    assertThat(conditions(release())).contains(SEEN);
  }

  @Test
  void isNotMendedByAForcedUpgradeWhereItIsOnlyWarnedOf() throws Exception {
    install("warn");
    cluster.drift("db");
    pass("t2");
    force("t3");

    assertThat(conditions(release())).contains(SEEN);
    assertThat(release().text("status", "lastHandledForceAt")).contains("t3");
    assertThat(revision()).isEqualTo(1L);
  }

  @Test
  void isMendedByAnUpgradeThatSomethingElseCauses() throws Exception {
    install("warn");
    cluster.drift("db");
    pass("t2");
    edit(r -> Fields.with(r, "blue", "spec", "values", "colour"), "t3");

    assertThat(conditions(release())).contains("Ready=True/UpgradeSucceeded", NONE);
    assertThat(revision()).isEqualTo(2L);
  }

  @Test
  void isMendedByAForcedUpgradeWhereNobodyLooksAndTheOldReportStays() throws Exception {
    install("warn");
    cluster.drift("db");
    pass("t2");
    edit(
        r ->
            Fields.with(
                Fields.with(r, "disabled", "spec", "driftDetection", "mode"),
                "t3",
                "metadata",
                "annotations",
                Labels.FORCE_AT),
        "t3");
    assertThat(conditions(release())).contains("Ready=True/UpgradeSucceeded", SEEN);

    edit(r -> Fields.with(r, "warn", "spec", "driftDetection", "mode"), "t4");

    assertThat(conditions(release())).contains("Ready=True/UpgradeSucceeded", NONE);
    assertThat(revision()).isEqualTo(2L);
  }

  @Test
  void isCorrectedByFluxItselfWhereItMay() throws Exception {
    install("enabled");
    cluster.drift("db");
    pass("t2");

    assertThat(conditions(release()))
        .containsExactly("Ready=True/InstallSucceeded", NONE, "Released=True/InstallSucceeded");
    assertThat(revision()).isEqualTo(1L);
    assertThat(rehearsal.events.toString()).contains("Drifted: ConfigMap", "drift corrected");
  }

  @Test
  void isCorrectedWhenTheModeIsEnabledLater() throws Exception {
    install("warn");
    cluster.drift("db");
    pass("t2");
    edit(r -> Fields.with(r, "enabled", "spec", "driftDetection", "mode"), "t3");
    assertThat(conditions(release())).contains("Ready=True/InstallSucceeded", NONE);

    edit(r -> Fields.with(r, "warn", "spec", "driftDetection", "mode"), "t4");

    assertThat(conditions(release())).contains("Ready=True/InstallSucceeded", NONE);
    assertThat(revision()).isEqualTo(1L);
  }

  @Test
  void isOnlyOfWhatIsInstalled() {
    assertThatThrownBy(() -> cluster.drift("db"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"db\" must be an installed release");
  }

  @Test
  void forcesAnUpgradeOfWhatIsInSyncOnce() throws Exception {
    install("disabled");
    int rendered = rehearsal.charts.rendered.size();
    force("t2");

    assertThat(conditions(release())).contains("Ready=True/UpgradeSucceeded");
    assertThat(release().text("status", "lastHandledForceAt")).contains("t2");
    assertThat(revision()).isEqualTo(2L);

    pass("t3");

    assertThat(revision()).isEqualTo(2L);
    assertThat(rehearsal.charts.rendered).hasSize(rendered + 1);
  }

  @Test
  void forcesNothingWithAnotherTokenThanThePasss() throws Exception {
    install("disabled");
    edit(r -> Fields.with(r, "old", "metadata", "annotations", Labels.FORCE_AT), "t2");

    assertThat(revision()).isEqualTo(1L);
    assertThat(release().text("status", "lastHandledForceAt")).contains("old");
  }

  @Test
  void forcesAReleaseThatIsOutOfRetries() throws Exception {
    install("disabled");
    cluster.fail("db", Fault.TIMES_OUT);
    edit(r -> Fields.with(r, "blue", "spec", "values", "colour"), "t2");
    rehearsal.time.advance(Duration.ofMinutes(10));
    assertThat(conditions(release())).contains("Stalled=True/RetriesExceeded");
    cluster.heal("db");

    force("t3");

    assertThat(conditions(release())).contains("Ready=True/UpgradeSucceeded");
  }

  @Test
  void editsTheSpecAsAPersonDoes() throws Exception {
    install("disabled");
    Manifest before = release();
    cluster.edit(
        "HelmRelease",
        "default",
        "db",
        r -> Fields.with(Fields.with(r, "x", "status"), 9L, "metadata", "generation"));
    assertThat(release()).isEqualTo(before);

    cluster.edit(
        "HelmRelease", "default", "db", r -> Fields.with(r, "blue", "spec", "values", "colour"));

    assertThat(release().number("metadata", "generation")).contains(2L);
    rehearsal.time.advance(Duration.ofMinutes(1));
    assertThat(conditions(release())).contains("Ready=True/UpgradeSucceeded");
    assertThatThrownBy(() -> cluster.edit("HelmRelease", "default", "none", r -> r))
        .hasMessage("there is no HelmRelease \"default/none\"");
  }

  private Manifest release() {
    return rehearsal.helmRelease("db");
  }

  private @Nullable Object revision() {
    return release().maps("status", "history").get(0).get("version");
  }

  private void install(String mode) throws Exception {
    cluster.apply(
        List.of(
            manifest(
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: db, namespace: default, annotations: {reconcile.fluxcd.io/requestedAt: t1}}
                spec:
                  interval: 1h
                  driftDetection: {mode: MODE}
                  chart:
                    spec:
                      chart: ./charts/db
                      reconcileStrategy: Revision
                      sourceRef: {kind: GitRepository, name: source}
                """
                    .replace("MODE", mode))));
    rehearsal.time.advance(Duration.ofMinutes(1));
  }

  private void pass(String token) throws Exception {
    edit(r -> r, token);
  }

  private void force(String token) throws Exception {
    edit(r -> Fields.with(r, token, "metadata", "annotations", Labels.FORCE_AT), token);
  }

  private void edit(UnaryOperator<Manifest> change, String token) throws Exception {
    cluster.edit(
        "HelmRelease",
        "default",
        "db",
        r -> Fields.with(change.apply(r), token, "metadata", "annotations", Labels.REQUESTED_AT));
    rehearsal.time.advance(Duration.ofMinutes(1));
  }
}
