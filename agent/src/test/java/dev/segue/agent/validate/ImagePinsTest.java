// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.validate.ImagePins.Wanted;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.render.ReadManifests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImagePinsTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: web, image: "%s"}
      """;

  private static List<Finding> check(Wanted wanted, ReadManifests read) {
    return new ImagePins(wanted).check("shop", "web", RenderedChecks.application(), read);
  }

  @ParameterizedTest(name = "{0}: tag {1}, digest {2}")
  @CsvSource({
    "nginx, false, false",
    "nginx:latest, false, false",
    "nginx:1.27, true, false",
    "registry:5000/team/nginx, false, false",
    "registry:5000/team/nginx:1.27, true, false",
    "nginx@sha256:0123, true, true",
    "registry:5000/nginx:latest@sha256:0123, true, true",
    "'', false, false"
  })
  void knowsWhatAnImageIsPinnedBy(String image, boolean tag, boolean digest) {
    ReadManifests read = RenderedChecks.rendered(POD.formatted(image));

    assertThat(check(Wanted.TAG, read).isEmpty()).isEqualTo(tag);
    assertThat(check(Wanted.DIGEST, read).isEmpty()).isEqualTo(digest);
    assertThat(check(Wanted.TAG_OR_WARNING, read).isEmpty()).isEqualTo(tag);
  }

  @Test
  void warnsUnlessItIsAskedForMore() {
    ReadManifests read = RenderedChecks.rendered(POD.formatted("nginx"));

    assertThat(check(Wanted.TAG_OR_WARNING, read))
        .extracting(Finding::line)
        .containsExactly(
            "shop.yaml:7: SG1601: warning: field `spec.chart` of \"web\": object \"v1 Pod web\":"
                + " field `spec.containers[0].image` must have a tag other than \"latest\", or a"
                + " digest; got \"nginx\". Set it in the values.");
    assertThat(check(Wanted.TAG, read)).allMatch(Finding::isError).hasSize(1);
  }

  @Test
  void looksIntoHooksListsInitContainersAndTemplates() {
    ReadManifests read =
        ReadManifests.of(
            new HelmOutput(
                List.of(
                    """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: apps/v1
                  kind: Deployment
                  metadata: {name: web}
                  spec: {template: {spec: {initContainers: [{image: a}, {image: "b:1"}]}}}
                """,
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {image: d}\n"),
                List.of(
                    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: h}\nspec: {template: {spec: {containers: [{image: e}]}}}\n"),
                List.of(),
                List.of()));

    assertThat(check(Wanted.TAG, read))
        .extracting(Finding::object)
        .containsExactly("apps/v1 Deployment web", "batch/v1 Job h");
  }

  @Test
  void looksAtVolumesThatAreImages() {
    ReadManifests read =
        RenderedChecks.rendered(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: web, image: "web:1"}]
              volumes:
              - {name: empty, emptyDir: {}}
              - {name: model, image: {reference: registry.example.org/model}}
            """);

    assertThat(check(Wanted.TAG, read))
        .singleElement()
        .extracting(finding -> finding.problem().message())
        .asString()
        .contains("field `spec.volumes[1].image.reference` must have a tag");
  }
}
