// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.LiveRelease.State;
import dev.segue.renderer.testing.Manifests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveReleaseTest {
  @Test
  void readsWhatAClusterSaysAfterAnUpgrade() {
    assertThat(LiveRelease.of(Manifests.resource("/live/helmrelease-upgraded.yaml")))
        .contains(
            new LiveRelease(
                ReleaseName.parse("hat"),
                "podtato-head.hat",
                "d785a7acf4048e0c",
                "podtato-head-e15a71af-2",
                State.READY,
                "UpgradeSucceeded",
                "Helm upgrade succeeded for release podtato-head/hat.v2 with chart"
                    + " podtato-part@1.0.0+02c19c2a30c5",
                "1.0.0+02c19c2a30c5",
                "",
                "1.0.0+02c19c2a30c5",
                2,
                Manifests.resource("/live/helmrelease-upgraded.yaml").map("spec")));
  }

  /** Flux sorts its conditions: Stalled, Reconciling, Ready. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "all is well,                         t2, 2, '',   '',                    True,    UpgradeSucceeded,  READY",
    "the Ready of an older token,         t1, 2, '',   '',                    True,    UpgradeSucceeded,  PROGRESSING",
    "the Ready of an older generation,    t2, 1, '',   '',                    True,    UpgradeSucceeded,  PROGRESSING",
    "Helm is at work,                     t1, 1, '',   Progressing,           Unknown, Progressing,       PROGRESSING",
    "waits for its source,                t2, 1, '',   Progressing,           False,   SourceNotReady,    PROGRESSING",
    "waits for its chart,                 t2, 1, '',   Progressing,           False,   ArtifactFailed,    PROGRESSING",
    "waits for another release,           t2, 1, '',   Progressing,           False,   DependencyNotReady, PROGRESSING",
    "values are not there yet,            t2, 1, '',   Progressing,           False,   ValuesError,       PROGRESSING",
    "gave up,                             t2, 2, True, '',                    False,   UpgradeFailed,     FAILED",
    "tries again what failed,             t2, 1, '',   ProgressingWithRetry,  False,   InstallFailed,     FAILED",
    "a template does not render,          t2, 1, '',   Progressing,           False,   UpgradeFailed,     FAILED",
    "rolled back,                         t2, 2, '',   '',                    False,   RollbackSucceeded, FAILED",
    "its tests failed,                    t2, 2, '',   '',                    False,   TestFailed,        FAILED",
  })
  void classifies(
      String name,
      String handled,
      int observed,
      String stalled,
      String reconciling,
      String ready,
      String reason,
      State state) {
    String conditions =
        (stalled.isEmpty()
                ? ""
                : "\n  - {type: Stalled, status: '" + stalled + "', reason: RetriesExceeded}")
            + (reconciling.isEmpty()
                ? ""
                : "\n  - {type: Reconciling, status: 'True', reason: " + reconciling + "}")
            + "\n  - {type: Ready, status: '"
            + ready
            + "', reason: "
            + reason
            + ", message: said}";
    assertThat(
            LiveRelease.of(
                release(
                    "status:\n  observedGeneration: "
                        + observed
                        + "\n  lastHandledReconcileAt: "
                        + handled
                        + "\n  conditions:"
                        + conditions)))
        .get()
        .satisfies(
            live -> {
              assertThat(live.state()).isEqualTo(state);
              assertThat(live.reason()).isEqualTo(reason);
              assertThat(live.message()).isEqualTo("said");
            });
  }

  @Test
  void isProgressingBeforeFluxHasLooked() {
    assertThat(LiveRelease.of(release("")))
        .contains(
            new LiveRelease(
                ReleaseName.parse("web"),
                "shop.web",
                "abc",
                "t2",
                State.PROGRESSING,
                "",
                "",
                "",
                ""));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Flux sees drift,        'True',  DriftDetected,   said",
    "Flux sees none,         'False', NoDriftDetected, ''",
    "Flux does not know yet, Unknown, Progressing,     ''",
  })
  void tellsTheDriftThatFluxSees(String name, String status, String reason, String drift) {
    assertThat(
            LiveRelease.of(
                release(
                    "status:\n  conditions:\n  - {type: Drifted, status: '"
                        + status
                        + "', reason: "
                        + reason
                        + ", message: said}\n")))
        .get()
        .extracting(LiveRelease::drift)
        .isEqualTo(drift);
  }

  @Test
  void isNoReleaseOfOursWithoutALabelOrWithOneThatSomebodySpoilt() {
    assertThat(
            LiveRelease.of(
                Manifests.of("{apiVersion: v2, kind: HelmRelease, metadata: {name: a}}")))
        .isEmpty();
    assertThat(
            LiveRelease.of(
                Manifests.of(
                    "{apiVersion: v2, kind: HelmRelease, metadata: {name: a, labels: {segue.dev/release: Not_A.Name}}}")))
        .isEmpty();
  }

  @Test
  void isGoingWhileItsFinalizersRun() {
    assertThat(
            LiveRelease.of(
                Manifests.of(
                    """
                    apiVersion: helm.toolkit.fluxcd.io/v2
                    kind: HelmRelease
                    metadata:
                      name: shop.web
                      deletionTimestamp: "2026-11-21T03:00:00Z"
                      labels: {segue.dev/release: web}
                    status:
                      conditions: [{type: Ready, status: "False", reason: UninstallFailed}]
                    """)))
        .get()
        .extracting(LiveRelease::state)
        .isEqualTo(State.DELETING);
  }

  private static Manifest release(String status) {
    return Manifests.of(
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: shop.web
          generation: 2
          labels: {segue.dev/release: web, segue.dev/digest: abc}
          annotations: {reconcile.fluxcd.io/requestedAt: t2, reconcile.fluxcd.io/resetAt: t2}
        """
            + status);
  }
}
