// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveRelease.State;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Releases that were put in as another cluster left them. */
class RestoredReleaseTest {
  private final Rehearsal rehearsal = new Rehearsal();
  private final EmbeddedCluster cluster = rehearsal.cluster;

  @AfterEach
  void close() {
    rehearsal.close();
  }

  private static Manifest release(String interval) {
    return Rehearsal.manifest(
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: shop.web
          namespace: default
          labels: {segue.dev/release: web, segue.dev/group: shop, app.kubernetes.io/managed-by: segue}
        spec:
          interval: INTERVAL
          timeout: 1m
          releaseName: web
          targetNamespace: shop
          chartRef: {kind: HelmChart, name: web}
        """
            .replace("INTERVAL", interval));
  }

  private static Manifest object() {
    return Rehearsal.manifest("{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}");
  }

  private Manifest live() {
    return cluster.find("HelmRelease", "default", "shop.web").orElseThrow();
  }

  private void restore(boolean ready) throws Exception {
    cluster.helm().restore(release("5m"), "web", "1.0.0", ready, List.of(object()));
  }

  @Test
  void isReadyWithItsObjectsAndNothingIsDoneForIt() throws Exception {
    restore(true);
    rehearsal.time.advance(Duration.ofHours(1));

    LiveRelease release = LiveRelease.of(live()).orElseThrow();
    assertThat(release.state()).isEqualTo(State.READY);
    assertThat(release.chartVersion()).isEqualTo("1.0.0");
    assertThat(cluster.deployed("default", "shop.web")).hasSize(1);
    assertThat(rehearsal.events).isEmpty();
  }

  @Test
  void hasFailedWhereItHadFailed() throws Exception {
    restore(false);

    assertThat(LiveRelease.of(live()).orElseThrow().state()).isEqualTo(State.FAILED);
  }

  @Test
  void isLookedAtOnceItChanges() throws Exception {
    restore(true);
    cluster.apply(List.of(release("6m")));
    rehearsal.time.advance(Duration.ofMinutes(1));

    assertThat(LiveRelease.of(live()).orElseThrow().reason()).isEqualTo("ArtifactFailed");
  }

  @Test
  void staysWhenItsObjectsDoNotGoAndGoesOnceTheyDo() throws Exception {
    restore(true);
    cluster.helm().failToUninstall("web");
    cluster.delete("HelmRelease", "default", "shop.web");
    rehearsal.time.advance(Duration.ofMinutes(2));

    assertThat(LiveRelease.of(live()).orElseThrow().state()).isEqualTo(State.DELETING);
    assertThat(live().maps("status", "conditions").toString()).contains("UninstallFailed");
    assertThat(cluster.objects()).hasSize(1);

    cluster.heal("web");
    rehearsal.time.advance(Duration.ofMinutes(2));
    assertThat(cluster.find("HelmRelease", "default", "shop.web")).isEmpty();
    assertThat(cluster.objects()).isEmpty();
  }
}
