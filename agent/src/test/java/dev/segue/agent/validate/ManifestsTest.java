// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.render.ReadManifests;
import org.junit.jupiter.api.Test;

/** Manifests that Flux cannot read. */
class ManifestsTest {
  @Test
  void refusesAKeyThatStandsTwiceAsFluxDoes() {
    ReadManifests read =
        RenderedChecks.rendered(
            """
            # Source: web/templates/pod.yaml
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
                - name: web
                  image: web:1
                  ports: [{containerPort: 80}]
                  ports: [{containerPort: 81}]
            """,
            "# Source: web/templates/map.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");

    assertThat(
            Manifests.check("shop", ReleaseName.parse("web"), RenderedChecks.application(), read))
        .extracting(Finding::line)
        .containsExactly(
            "shop.yaml:7: SG1605: field `spec.chart` of \"web\": the manifest of template"
                + " \"web/templates/pod.yaml\" must be YAML that Flux reads; line 10: key"
                + " \"ports\" must stand once; it is already on line 9. Change the values or the"
                + " chart.");
  }
}
