// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.render.ReadManifests;
import java.util.List;

/** Helm's output for tests, of an application that is declared on line 7 of {@code shop.yaml}. */
final class RenderedChecks {
  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata:
        name: shop
      spec:
        applications:
          - name: web
            spec:
              chart: {path: charts/web}
              release: {targetNamespace: shop}
      """;

  private RenderedChecks() {}

  static Application application() {
    return GroupReader.read(List.of(new SourceFile(RepoPath.parse("shop.yaml"), GROUP)))
        .valid()
        .get(0)
        .applications()
        .get(0);
  }

  static ReadManifests rendered(String... manifests) {
    return ReadManifests.of(new HelmOutput(List.of(manifests), List.of(), List.of(), List.of()));
  }
}
