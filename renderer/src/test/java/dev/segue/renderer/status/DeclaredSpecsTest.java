// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.yaml.YamlReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a cluster may show of what a file declares. */
class DeclaredSpecsTest {
  private static Map<GroupName, Map<String, @Nullable Object>> of(String text) {
    return DeclaredSpecs.of(new SourceFile(RepoPath.parse("products/shop.yaml"), text));
  }

  private static Object yaml(String text) {
    return requireNonNull(YamlReader.read(text).documents().get(0).data());
  }

  private static GroupName group(String name) {
    return GroupName.parse(name);
  }

  @Test
  void everyGroupOfTheFileAsItIsWrittenAndSecretsMasked() {
    Map<GroupName, Map<String, @Nullable Object>> specs =
        of(
            """
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata: {name: shop}
            spec:
              interval:
              applications:
              - name: db
                dependencies:
                spec:
                  chart: {url: "oci://r.example.com/db", authSecretRef: {name: registry}}
                  release:
                    values: {user: me, none: null, auth: {password: correct-horse, realm: x}}
                    sensitiveValues: [auth.password]
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: other}
            ---
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata: {name: mail}
            spec: {applications: [{name: web, spec: {chart: {path: charts/web}}}]}
            """);
    assertThat(specs).containsOnlyKeys(group("shop"), group("mail"));
    assertThat(specs.get(group("shop")))
        .isEqualTo(
            yaml(
                """
                applications:
                - name: db
                  spec:
                    chart: {url: "oci://r.example.com/db", authSecretRef: registry}
                    release:
                      values: {user: me, none: null, auth: {password: "***", realm: x}}
                      sensitiveValues: [auth.password]
                """));
  }

  @Test
  void aGroupOfOrkestraInOurForm() {
    Map<GroupName, Map<String, @Nullable Object>> specs =
        of(
            """
            apiVersion: orkestra.azure.microsoft.com/v1alpha1
            kind: ApplicationGroup
            metadata: {name: shop}
            spec:
              applications:
              - name: web
                spec:
                  chart: {url: "https://charts.example.com", name: web, version: 1.0.0, AuthSecretRef: {name: s}}
                  release: {TargetNamespace: shop}
            """);
    assertThat(specs.get(group("shop")))
        .isEqualTo(
            yaml(
                """
                applications:
                - name: web
                  spec:
                    chart: {url: "https://charts.example.com", name: web, version: 1.0.0, authSecretRef: s}
                    release: {targetNamespace: shop}
                """));
  }

  @Test
  void nothingOfWhatIsNoYaml() {
    assertThat(of("a: {{")).isEmpty();
  }
}
