// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group names Secrets and accounts beside its own objects, and nothing elsewhere. */
class SecretReferencesTest {
  private static Reading read(String spec, String chart, String release) {
    return GroupReader.read(
        List.of(
            new SourceFile(
                RepoPath.parse("a.yaml"),
                """
                apiVersion: segue.dev/v1alpha1
                kind: ApplicationGroup
                metadata: {name: shop}
                spec:
                  serviceAccountName: %s
                  applications:
                  - name: web
                    spec:
                      chart: {url: https://charts.example.com, name: web%s}
                      release: {timeout: 1m%s}
                """
                    .formatted(spec, chart, release))));
  }

  private static ApplicationGroup valid(String spec, String chart, String release) {
    Reading reading = read(spec, chart, release);
    assertThat(reading.problems()).isEmpty();
    return reading.valid().get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "kube-system/x",
        "x/../y",
        "x/",
        "/etc/passwd",
        "..",
        ".x",
        "x%2fy",
        "X",
        "x y",
        "x\\\\y",
        "x?y",
        "x#y",
        "x\\ny"
      })
  void aNameIsNoPath(String name) {
    String quoted = '"' + name + '"';
    assertThat(read(quoted, "", "").problems())
        .extracting(Problem::code, Problem::field)
        .containsExactly(tuple(ProblemCode.BAD_NAME, "spec.serviceAccountName"));
    for (String chart :
        List.of(", authSecretRef: " + quoted, ", authSecretRef: {name: " + quoted + "}")) {
      assertThat(read("x", chart, "").problems())
          .extracting(Problem::code)
          .as(chart)
          .containsExactly(ProblemCode.BAD_NAME);
    }
    for (String release :
        List.of(
            ", serviceAccountName: " + quoted,
            ", valuesFrom: [{kind: Secret, name: " + quoted + "}]",
            ", valuesFrom: [{kind: ConfigMap, name: " + quoted + "}]")) {
      assertThat(read("x", "", release).problems())
          .extracting(Problem::code)
          .as(release)
          .containsExactly(ProblemCode.BAD_NAME);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", valuesFrom: [{kind: Secret, name: x, namespace: kube-system}]",
        ", valuesFrom: [{kind: ConfigMap, name: x, namespace: kube-system}]",
        ", kubeConfig: {secretRef: {name: x}}",
        ", storageNamespace: kube-system",
        ", chartRef: {kind: HelmChart, name: x, namespace: kube-system}",
        ", dependsOn: [{name: x, namespace: kube-system}]"
      })
  void nothingOfAReleaseNamesAnotherNamespace(String release) {
    assertThat(read("x", "", release).problems())
        .extracting(Problem::code)
        .containsExactly(ProblemCode.UNKNOWN_FIELD);
  }

  /** Orkestra's form of the reference has a namespace, which it did not use either. */
  @Test
  void theNamespaceOfOrkestrasReferenceIsNotUsed() {
    ApplicationGroup group =
        valid("x", ", authSecretRef: {name: charts, namespace: kube-system}", "");
    assertThat(group.applications().get(0).chart())
        .isInstanceOfSatisfying(
            ChartRef.InRepository.class,
            chart -> assertThat(chart.authSecretRef()).isEqualTo("charts"));
  }

  @Test
  void theGroupsAccountIsThatOfReleasesThatNameNone() {
    assertThat(valid("deployer", "", "").applications().get(0).release().inlined().tree())
        .containsEntry("serviceAccountName", "deployer");
    assertThat(
            valid("deployer", "", ", serviceAccountName: own")
                .applications()
                .get(0)
                .release()
                .inlined()
                .tree())
        .containsEntry("serviceAccountName", "own");
  }
}
