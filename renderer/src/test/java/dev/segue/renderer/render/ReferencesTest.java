// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  @Test
  void namesTheChartAndTheValuesOfARelease() {
    assertThat(
            of(
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: shop.web, namespace: segue}
                spec:
                  chartRef: {kind: HelmChart, name: shop.web-1}
                  valuesFrom:
                  - {kind: Secret, name: s, valuesKey: a}
                  - {kind: ConfigMap, name: c}
                  - {kind: Secret, name: s, valuesKey: b}
                """))
        .containsExactly(
            identity("source.toolkit.fluxcd.io/v1", "HelmChart", "shop.web-1"),
            identity("v1", "Secret", "s"),
            identity("v1", "ConfigMap", "c"));
  }

  @Test
  void namesTheSourceOfAReleaseThatMakesItsChartItself() {
    assertThat(
            of(
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: shop.web, namespace: segue}
                spec:
                  chart:
                    spec:
                      chart: ./charts/web
                      sourceRef: {kind: GitRepository, name: shop.web, namespace: segue}
                """))
        .containsExactly(identity("source.toolkit.fluxcd.io/v1", "GitRepository", "shop.web"));
  }

  @Test
  void namesTheSourceOfAChart() {
    assertThat(
            of(
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: HelmChart
                metadata: {name: shop.web-1, namespace: segue}
                spec: {chart: web, sourceRef: {kind: HelmRepository, name: shop.repo}}
                """))
        .containsExactly(identity("source.toolkit.fluxcd.io/v1", "HelmRepository", "shop.repo"));
  }

  @Test
  void namesNothingElsewhereAndNothingOfOtherKinds() {
    assertThat(
            of(
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: shop.web, namespace: segue}
                spec: {chartRef: {kind: OCIRepository, name: shop.web, namespace: other}}
                """))
        .isEmpty();
    assertThat(
            of(
                """
                apiVersion: example.dev/v1
                kind: Other
                metadata: {name: shop.web, namespace: segue}
                spec: {sourceRef: {kind: GitRepository, name: shop.web}}
                """))
        .isEmpty();
  }

  @Test
  void passesOverWhatIsNoReference() {
    assertThat(
            of(
                """
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: {name: shop.web, namespace: segue}
                spec: {chartRef: {kind: HelmChart}, valuesFrom: [{kind: 3, name: x}, word]}
                """))
        .isEmpty();
  }

  private static List<Manifest> of(String yaml) {
    return References.of(
        new Manifest(((YamlNode.Mapping) YamlReader.read(yaml).documents().get(0)).data()));
  }

  private static Manifest identity(String apiVersion, String kind, String name) {
    return new Manifest(
        Map.of(
            "apiVersion", apiVersion,
            "kind", kind,
            "metadata", Map.of("name", name, "namespace", "segue")));
  }
}
