// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.charts.ChartServer;
import dev.segue.agent.kube.DeployedObjects;
import dev.segue.agent.testing.AppliedShop;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kustomized;
import dev.segue.agent.testing.RecordedCalls;
import dev.segue.agent.testing.StandInControllers;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Orkestra;
import dev.segue.renderer.model.PlainData;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Orkestra left on a real API server, and an agent with the rights that it is given for it.
 */
final class OrkestraTakeOverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String CRD = "applicationgroups.orkestra.azure.microsoft.com";
  private static final ResourceDefinitionContext GROUPS =
      new ResourceDefinitionContext.Builder()
          .withGroup("orkestra.azure.microsoft.com")
          .withVersion("v1alpha1")
          .withKind("ApplicationGroup")
          .withPlural("applicationgroups")
          .withNamespaced(false)
          .build();

  @TempDir Path folder;

  private final ChartServer charts = new ChartServer();
  private @Nullable Process agent;

  @SuppressWarnings("NullAway.Init") // set before each
  private KubernetesClient admin;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace namespace;

  /** Where Orkestra's HelmReleases are, which is where the product is. */
  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace product;

  @SuppressWarnings("NullAway.Init") // set before each
  private StandInControllers controllers;

  @BeforeEach
  void prepare() throws Exception {
    target = ClusterUnderTest.requireWithoutControllers();
    admin = target.admin();
    namespace = target.newNamespace();
    product = target.newNamespace();
    controllers = new StandInControllers(admin, namespace.value());
    AppliedShop.serve(charts);
    try (InputStream crd =
        Objects.requireNonNull(getClass().getResourceAsStream("/orkestra/crd.yaml"))) {
      apply(new String(crd.readAllBytes(), StandardCharsets.UTF_8), "kubectl");
    }
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                String.valueOf(
                        admin
                            .apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName(CRD)
                            .get()
                            .getStatus())
                    .contains("type=Established"));
    DeployedObjects.install(target, namespace);
    for (Manifest object : Kustomized.of("orkestra")) {
      apply(DeployedObjects.bound(namespace, target, object), "kubectl");
    }
  }

  @AfterEach
  void end() {
    if (agent != null) {
      agent.destroyForcibly();
    }
    charts.close();
    if (controllers != null) { // the test was skipped
      controllers.close();
      if (group().get() != null) {
        group().edit(OrkestraTakeOverIT::without);
        group().delete();
      }
      admin.apiextensions().v1().customResourceDefinitions().withName(CRD).delete();
    }
  }

  private static GenericKubernetesResource without(GenericKubernetesResource object) {
    object.getMetadata().setFinalizers(List.of());
    return object;
  }

  private void apply(String text, String manager) {
    admin
        .resource(
            admin.getKubernetesSerialization().unmarshal(text, GenericKubernetesResource.class))
        .fieldManager(manager)
        .forceConflicts()
        .serverSideApply();
  }

  private Resource<GenericKubernetesResource> group() {
    return admin.genericKubernetesResources(GROUPS).withName("shop");
  }

  private Map<String, @Nullable Object> status() {
    GenericKubernetesResource group = group().get();
    return group == null ? Map.of() : PlainData.map(group.getAdditionalProperties().get("status"));
  }

  private String condition(String type) {
    return AppliedShop.condition(status(), type);
  }

  /** The kind is known a moment after its CRD. */
  private void applyOnceServed(String text) {
    GenericKubernetesResource object =
        admin.getKubernetesSerialization().unmarshal(text, GenericKubernetesResource.class);
    await()
        .atMost(PATIENCE)
        .ignoreException(KubernetesClientException.class)
        .until(
            () ->
                admin
                        .genericKubernetesResources(GROUPS)
                        .resource(object)
                        .fieldManager("manager")
                        .serverSideApply()
                    != null);
  }

  /** What Orkestra had made of the group until somebody stopped it. */
  private void released() {
    applyOnceServed(
        """
        apiVersion: orkestra.azure.microsoft.com/v1alpha1
        kind: ApplicationGroup
        metadata:
          name: shop
          finalizers: [%s]
        spec:
          applications:
          - name: web
            spec:
              chart: {url: "%s", name: web, version: 1.0.0}
              release: {targetNamespace: %s, values: {color: red}}
        """
            .formatted(Orkestra.FINALIZER, charts.url(""), product));
    group()
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True", "reason": "Succeeded",
              "message": "workflow and reconciliation succeeded", "lastTransitionTime": "2021-11-01T00:00:00Z"}]}}
            """);
    apply(
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: web, namespace: %1$s, labels: {orkestra.azure.microsoft.com/owner: shop}}
        spec:
          interval: 5m
          releaseName: web
          targetNamespace: %1$s
          chart: {spec: {chart: web, version: 1.0.0, sourceRef: {kind: HelmRepository, name: chartmuseum}}}
        """
            .formatted(product),
        "orkestra");
    admin
        .namespaces()
        .withName(product.value())
        .edit(
            namespace ->
                new NamespaceBuilder(namespace)
                    .editMetadata()
                    .addNewOwnerReference()
                    .withApiVersion(Orkestra.API_VERSION)
                    .withKind("ApplicationGroup")
                    .withName("shop")
                    .withUid(group().get().getMetadata().getUid())
                    .endOwnerReference()
                    .endMetadata()
                    .build());
  }

  @Test
  void whatOrkestraReleasedIsTakenOverStepByStepWithTheRightsForItAndNoMore() throws Exception {
    released();
    agent =
        CommandLineRun.start(
            folder,
            Map.of("HOSTNAME", "agent"),
            "agent",
            "--set=cluster.applied=true",
            "--set=cluster.orkestra=true",
            "--set=source.interval=1s",
            "--set=cluster.kubeconfig=" + target.kubeconfigOf(namespace, "segue", folder),
            "--set=cluster.namespace=" + namespace,
            "--set=charts.cache=" + folder.resolve("cache"));

    await().atMost(PATIENCE).until(() -> condition("TakenOver").startsWith("False TwoOwners"));
    assertThat(condition("TakenOver")).contains(Orkestra.FINALIZER, "Stop Orkestra");
    assertThat(condition("Ready")).contains("workflow and reconciliation succeeded");
    assertThat(controllers.begun()).isZero();

    group().edit(OrkestraTakeOverIT::without);
    await().atMost(PATIENCE).until(() -> condition("Ready").startsWith("Unknown"));
    assertThat(condition("Ready"))
        .contains("must be suspended", "\"" + product + "/web\"")
        .contains("ownerReferences", "\"" + product + "\"");
    assertThat(controllers.begun()).isZero();

    apply(
        """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: web, namespace: %s}
        spec: {suspend: true}
        """
            .formatted(product),
        "somebody");
    await().atMost(PATIENCE).until(() -> !condition("Ready").contains("suspended"));
    assertThat(controllers.begun()).isZero();
    admin
        .namespaces()
        .withName(product.value())
        .edit(
            namespace ->
                new NamespaceBuilder(namespace)
                    .editMetadata()
                    .withOwnerReferences()
                    .endMetadata()
                    .build());
    await().atMost(PATIENCE).until(() -> condition("Ready").startsWith("True Succeeded"));
    assertThat(condition("TakenOver")).isEmpty();
    assertThat(status())
        .containsEntry("applications", List.of(Map.of("name", "web", "version", "1.0.0")))
        .containsEntry("lastSucceededGeneration", 1);
    assertThat(group().get().getMetadata().getFinalizers()).containsExactly("segue.dev/removal");

    group().delete();
    await().atMost(PATIENCE).until(() -> group().get() == null);
    assertThat(controllers.steps()).containsExactly("web", "Delete-web");
    assertThat(Files.readString(folder.resolve("err"))).doesNotContain("please report");
    theRightsAreThoseThatWereUsed();
  }

  private void theRightsAreThoseThatWereUsed() throws Exception {
    RecordedCalls calls = RecordedCalls.of(target, namespace, "segue");
    assertThat(calls.forbidden()).isEmpty();
    String api = "orkestra.azure.microsoft.com/applicationgroups";
    Map<String, Set<String>> wanted =
        Map.of(
            api,
            Set.of("list", "watch", "patch"),
            api + "/status",
            Set.of("patch"),
            "helm.toolkit.fluxcd.io/helmreleases",
            Set.of("list"),
            "/namespaces",
            Set.of("list"));
    for (Manifest role : Kustomized.of("orkestra")) {
      if (role.kind().equals("ClusterRole")) {
        assertThat(DeployedObjects.rights(role)).isEqualTo(wanted);
      } else if (role.kind().equals("Role")) {
        assertThat(DeployedObjects.rights(role))
            .isEqualTo(Map.of("events.k8s.io/events", Set.of("create")));
      }
    }
    assertThat(calls.used()).containsEntry(api, wanted.get(api));
    assertThat(calls.used()).containsEntry(api + "/status", wanted.get(api + "/status"));
    assertThat(calls.used()).containsEntry("/namespaces", wanted.get("/namespaces"));
  }
}
