// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kinds;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.schema.Crd;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The CRD on a real API server: that takes it, every right group, and no wrong one. */
final class ApplicationGroupCrdIT {
  private static final String CRD = "applicationgroups.segue.dev";
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String EVERYTHING =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop}
      spec:
        interval: 10m
        parallelism: 3
        onFailure: hold
        deadline: 1h
        deletion: orphan
        drift: report
        approval: manual
        suspend: true
        windows: [{schedule: "0 22 * * 1-5", duration: 4h, timeZone: Europe/Berlin}]
        applications:
        - name: db
          spec: {chart: {url: "oci://registry.example.com/charts/db", version: ^1.2, authSecretRef: registry}}
        - name: cache
          deletion: remove
          spec: {chart: {url: https://charts.example.com, name: redis}}
        - name: web
          dependencies: [db]
          softDependencies: [cache]
          spec:
            chart: {path: charts/web}
            release:
              timeout: 10m
              targetNamespace: shop
              values: {a: {b: change-me-please, c: [1, 1.5, null]}}
              valuesFrom: [{kind: Secret, name: site, valuesKey: web.yaml, targetPath: auth.password, optional: true}]
              sensitiveValues: [a.b]
              install: {remediation: {retries: 3}}
              postRenderers: [{kustomize: {images: [{name: nginx, newTag: "1.29"}]}}]
              maxHistory: 3
            subcharts: [{name: api, dependencies: [db]}, {name: db, staging: true}]
            workflow:
            - {name: helmrelease}
            - {name: own, type: custom, dependencies: [helmrelease], image: "example.com/own:1", params: {a: {b: 1}}}
      """;

  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: wrong}
      spec:
        %s
        applications:
        - {name: db, spec: {chart: {path: c}}}
        - {name: web, %s}
      """;

  @SuppressWarnings("NullAway.Init") // set before all
  private static ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Namespace namespace;

  private static boolean ours;

  @BeforeAll
  static void install() {
    target = ClusterUnderTest.require();
    namespace = target.newNamespace();
    KubernetesClient admin = target.admin();
    ours = admin.apiextensions().v1().customResourceDefinitions().withName(CRD).get() == null;
    GenericKubernetesResource crd =
        admin
            .getKubernetesSerialization()
            .convertValue(Crd.definition(), GenericKubernetesResource.class);
    admin
        .resource(crd)
        .fieldValidation(FieldValidateable.Validation.STRICT)
        .forceConflicts()
        .serverSideApply();
    await().atMost(SOON).until(() -> has("Established"));
    // Its rules hold a moment later.
    await().atMost(SOON).ignoreExceptions().until(() -> groups().list() != null);
  }

  /** Whoever had it before keeps it. */
  @AfterAll
  static void tidy() {
    if (target != null && ours) {
      target.admin().apiextensions().v1().customResourceDefinitions().withName(CRD).delete();
    }
  }

  private static boolean has(String condition) {
    CustomResourceDefinition crd =
        target.admin().apiextensions().v1().customResourceDefinitions().withName(CRD).get();
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals(condition) && c.getStatus().equals("True"));
  }

  private static NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource>>
      groups() {
    return target.admin().genericKubernetesResources(Kinds.GROUP).inNamespace(namespace.value());
  }

  private static GenericKubernetesResource group(String text) {
    YamlStream stream = YamlReader.read(text);
    assertThat(stream.faults()).isEmpty();
    return target
        .admin()
        .getKubernetesSerialization()
        .convertValue(stream.documents().get(0).data(), GenericKubernetesResource.class);
  }

  private static GenericKubernetesResource apply(String text) {
    return groups()
        .resource(group(text))
        .fieldValidation(FieldValidateable.Validation.STRICT)
        .forceConflicts()
        .serverSideApply();
  }

  private static KubernetesClientException refused(String text) {
    return catchThrowableOfType(
        KubernetesClientException.class,
        () ->
            groups()
                .resource(group(text))
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .create());
  }

  /** Numbers of the same value are the same. */
  private static String spec(GenericKubernetesResource group) {
    return target.admin().getKubernetesSerialization().asJson(group.<Object>get("spec"));
  }

  @Test
  void isStructural() {
    assertThat(has("NamesAccepted")).isTrue();
    assertThat(has("NonStructuralSchema")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/example-repo/products/podtato-head.yaml",
        "/example-repo/products/core5g.yaml",
        "/groups/every-feature.yaml"
      })
  void takesGroupsThatAreRight(String file) throws IOException {
    try (InputStream in =
        requireNonNull(ApplicationGroupCrdIT.class.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(spec(apply(text))).isEqualTo(spec(group(text)));
    }
  }

  @Test
  void keepsEveryFieldAsItIsWritten() {
    assertThat(spec(apply(EVERYTHING))).isEqualTo(spec(group(EVERYTHING)));
    assertThat(apply(EVERYTHING).getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void takesAStatusByItsSubresourceAlone() {
    GenericKubernetesResource live = apply(EVERYTHING.replace("shop", "seen"));
    live.setAdditionalProperty(
        "status",
        Map.of(
            "observedGeneration",
            1,
            "revision",
            "0123456789abcdef0123456789abcdef01234567",
            "conditions",
            List.of(
                Map.of(
                    "type", "Ready",
                    "status", "True",
                    "reason", "Succeeded",
                    "message", "3 of 3 releases are ready",
                    "lastTransitionTime", "2026-11-21T03:00:00Z")),
            "phase",
            "Released"));
    GenericKubernetesResource updated = groups().resource(live).update();
    assertThat(updated.<Object>get("status")).isEqualTo(Map.of("observedGeneration", -1));
    live.getMetadata().setResourceVersion(updated.getMetadata().getResourceVersion());
    GenericKubernetesResource seen = groups().resource(live).updateStatus();
    assertThat(seen.<Object>get("status", "phase")).isEqualTo("Released");
    assertThat(seen.getMetadata().getGeneration()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          unknown dependency           | | dependencies: [databse], spec: {chart: {path: c}} | `dependencies` must name applications of this group
          unknown soft dependency      | | softDependencies: [x], spec: {chart: {path: c}} | `softDependencies` must name applications of this group
          itself                       | | dependencies: [web], spec: {chart: {path: c}} | an application must not depend on itself
          hard and soft                | | dependencies: [db], softDependencies: [db], spec: {chart: {path: c}} | a dependency must be either hard or soft
          one dependency twice         | | dependencies: [db, db], spec: {chart: {path: c}} | Duplicate value
          chart of nowhere             | | spec: {chart: {}} | must be a folder of the same commit (`path`, no `url`
          chart of two places          | | spec: {chart: {path: c, url: "oci://h/c"}} | must be a folder of the same commit
          version beside a path        | | spec: {chart: {path: c, version: 1.2.3}} | must be a folder of the same commit
          repository without a name    | | spec: {chart: {url: "https://h/c"}} | a chart in an HTTP Helm repository (`url`, `name`
          password in the URL          | | spec: {chart: {url: "oci://u:p@h/c"}} | spec.applications[1].spec.chart.url
          tag in an OCI URL            | | spec: {chart: {url: "oci://h/c:1"}} | spec.applications[1].spec.chart.url
          path that leaves             | | spec: {chart: {path: ../c}} | spec.applications[1].spec.chart.path
          custom without an image      | | spec: {chart: {path: c}, workflow: [{name: a, type: custom}]} | must be a container of your own (`image`)
          unknown executor             | | spec: {chart: {path: c}, workflow: [{name: a, dependencies: [b]}]} | must name executors of that list
          one sub-chart twice          | | spec: {chart: {path: c}, subcharts: [{name: a}, {name: a}]} | Duplicate value
          name is no label             | | spec: {chart: {path: c}, release: {targetNamespace: A_B}} | spec.applications[1].spec.release.targetNamespace
          duration of nothing          | | spec: {chart: {path: c}, release: {timeout: 0s}} | spec.applications[1].spec.release.timeout
          unknown field                | | spec: {chart: {path: c}, relase: {}} | unknown field "spec.applications[1].spec.relase"
          no chart                     | | spec: {} | spec.applications[1].spec.chart
          deadline at once             | deadline: 999ms | spec: {chart: {path: c}} | `deadline` must be at least 1s
          window too long              | windows: [{schedule: 0 0 * * *, duration: 169h}] | spec: {chart: {path: c}} | `duration` must be from 1m to 168h
          no window                    | windows: [] | spec: {chart: {path: c}} | spec.windows
          unknown word                 | drift: mend | spec: {chart: {path: c}} | supported values: "correct", "report", "ignore"
          negative parallelism         | parallelism: -1 | spec: {chart: {path: c}} | spec.parallelism
          """)
  void refusesWhatIsWrong(String name, String field, String application, String message) {
    String text = GROUP.formatted(field == null ? "suspend: false" : field, application);
    assertThat(refused(text)).hasMessageContaining(message);
  }

  @Test
  void refusesOneApplicationTwice() {
    String text =
        GROUP
            .formatted("suspend: false", "spec: {chart: {path: c}}")
            .replace("name: web", "name: db");
    assertThat(refused(text)).hasMessageContaining("Duplicate value").hasMessageContaining("db");
  }

  @Test
  void refusesANameThatIsNoLabel() {
    String text =
        GROUP.formatted("suspend: false", "spec: {chart: {path: c}}").replace("wrong", "a.b");
    assertThat(refused(text)).hasMessageContaining("metadata.name");
  }

  /** What is checked there stays cheap enough for the API server's own limit. */
  @Test
  void takesAProductOfAThousandApplications() {
    assertThat(
            groups().resource(group(large("large", 1000))).create().getMetadata().getGeneration())
        .isEqualTo(1);
    assertThat(refused(large("smaller", 500).replace("app-498]", "app-501]")))
        .hasMessageContaining("`dependencies` must name applications");
  }

  /** Each waits for the three before it, the last for all. */
  private static String large(String name, int count) {
    return """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: %s}
        spec:
          applications:
        """
            .formatted(name)
        + IntStream.range(0, count)
            .mapToObj(
                i ->
                    "  - {name: app-%d, dependencies: [%s], spec: {chart: {path: charts/web}}}"
                        .formatted(
                            i,
                            IntStream.range(i == count - 1 ? 0 : Math.max(0, i - 3), i)
                                .mapToObj(j -> "app-" + j)
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("\n"));
  }
}
