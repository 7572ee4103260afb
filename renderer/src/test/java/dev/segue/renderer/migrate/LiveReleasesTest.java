// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveReleasesTest {
  private static List<Manifest> objects(String yaml) {
    return YamlReader.read(yaml).documents().stream()
        .map(document -> new Manifest(PlainData.map(document.data())))
        .toList();
  }

  private static Migration draft(String releases, String sources) {
    return LiveReleases.draft(GroupName.parse("shop"), objects(releases), objects(sources));
  }

  private static final String RELEASE =
      """
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      """;

  @Test
  void asksForTheSourcesThatAreNamed() {
    assertThat(
            LiveSources.wanted(
                objects(
                    RELEASE
                        + """
                        metadata: {name: a, namespace: shop}
                        spec: {chart: {spec: {sourceRef: {kind: HelmRepository, name: r, namespace: flux}}}}
                        ---
                        """
                        + RELEASE
                        + """
                        metadata: {name: b, namespace: shop}
                        spec: {chartRef: {kind: OCIRepository, name: o}}
                        """)))
        .extracting(Object::toString)
        .containsExactly("HelmRepository flux/r", "OCIRepository shop/o");
  }

  @Test
  void takesTheNameThatHelmKnowsAndItsOwnForADependency() {
    Migration made =
        draft(
            RELEASE
                + """
                metadata: {name: db, namespace: flux}
                spec: {targetNamespace: data, chart: {spec: {chart: ./charts/db, sourceRef: {kind: GitRepository, name: g}}}}
                ---
                """
                + RELEASE
                + """
                metadata: {name: web, namespace: flux}
                spec: {releaseName: front, dependsOn: [{name: db}, {name: other, namespace: x}], chartRef: {kind: OCIRepository, name: gone}}
                """,
            """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: g, namespace: flux}
            spec: {url: "https://me:secret@git.example.com/a.git"}
            """);

    assertThat(made.problems()).isEmpty();
    assertThat(made.text())
        .contains(
            """
              # HelmRelease flux/db
              # Its chart lies in GitRepository flux/g (https://git.example.com/a.git); its path must be one of this repository.
              - name: data-db
                spec:
                  chart:
                    path: charts/db
                  release:
                    targetNamespace: data
              # HelmRelease flux/web
              # It depends on x/other, which is not in this file.
              # Its source, OCIRepository flux/gone, could not be read: write where its chart is.
              - name: front
                dependencies:
                - data-db
            """);
  }

  @Test
  void leavesOutSeguesOwn() {
    Migration made =
        draft(RELEASE + "metadata: {name: a, labels: {segue.dev/group: shop}}\nspec: {}\n", "");

    assertThat(made.problems())
        .extracting(Problem::code)
        .containsExactly(ProblemCode.DRAFT_NO_CHART);
  }

  @Test
  void saysWhenANameIsNotThatOfHelm() {
    Migration made =
        draft(
            RELEASE
                + """
                metadata: {name: web.front, namespace: shop}
                spec: {chart: {spec: {chart: ./, sourceRef: {kind: GitRepository, name: g}}}}
                """,
            """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: g, namespace: shop}
            spec: {url: "https://git.example.com/web.git"}
            """);

    assertThat(made.problems()).isEmpty();
    assertThat(made.text())
        .contains("# Helm knows it as \"web.front\", which is no name for an application")
        .contains("- name: web-front\n", "path: \".\"\n");
  }
}
