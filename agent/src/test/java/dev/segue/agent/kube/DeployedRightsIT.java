// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.GroupObject;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.agent.reconcile.GroupObjects.Happening;
import dev.segue.agent.reconcile.GroupObjects.Tone;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent's rights in {@code deploy/base}, on an API server that holds it to them. */
final class DeployedRightsIT {
  private static final GroupName SHOP = GroupName.parse("shop");
  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop}
      spec:
        applications:
        - name: db
          spec:
            chart: {url: https://charts.example.com, name: db, version: 1.0.0}
            release: {values: {user: me, password: correct-horse}, sensitiveValues: [password]}
        - {name: cache, spec: {chart: {url: "oci://r.example.com/cache", version: 1.0.0}}}
        - {name: web, dependencies: [db, cache], spec: {chart: {path: charts/web}}}
      """;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace namespace;

  @SuppressWarnings("NullAway.Init") // set before each
  private Fabric8Cluster agent;

  @BeforeEach
  void install() throws Exception {
    target = ClusterUnderTest.require();
    namespace = target.newNamespace();
    DeployedObjects.install(target, namespace);
    agent = as("segue");
  }

  @AfterEach
  void close() {
    if (agent != null) { // the test was skipped
      agent.close();
    }
  }

  private Config config(String serviceAccount) {
    Config config = target.config();
    config.setImpersonateUsername("system:serviceaccount:" + namespace + ":" + serviceAccount);
    config.setImpersonateGroups("system:serviceaccounts", "system:authenticated");
    return config;
  }

  private Fabric8Cluster as(String serviceAccount) throws ClusterException {
    return new Fabric8Cluster(
        config(serviceAccount), namespace, List.of(namespace), Limits.DEFAULT);
  }

  private ShardLeases leases(String name) throws ClusterException {
    return new ShardLeases(
        config("segue"),
        new LeaseSettings(
            namespace,
            name,
            1,
            "agent",
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofMillis(100)));
  }

  @Test
  void sufficeForAllThatTheAgentDoes() throws Exception {
    target
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("charts")
                .withNamespace(namespace.value())
                .endMetadata()
                .addToStringData("username", "me")
                .build())
        .create();
    RenderedBundle bundle = new RenderedProduct(namespace).first(GROUP);

    assertThat(agent.kubernetesVersion()).startsWith("v1.");
    assertThat(agent.credentials().find("charts")).isPresent();
    assertThat(agent.credentials().find("none")).isEmpty();
    agent.watch(group -> {});
    agent.apply(bundle.prerequisites());
    agent.apply(bundle.prerequisites());
    assertThat(agent.create(bundle.workflow().orElseThrow())).isTrue();
    assertThat(agent.create(bundle.workflow().orElseThrow())).isFalse();
    assertThat(agent.patch(suspended(bundle.workflow().orElseThrow()))).isTrue();
    assertThat(agent.observe(SHOP)).hasSize(1);
    agent.collect(SHOP, namespace.value(), List.of());

    assertThat(
            target
                .admin()
                .configMaps()
                .inNamespace(namespace.value())
                .withLabel(Labels.GROUP)
                .list()
                .getItems())
        .isEmpty();
    for (Resource kind : List.of(Resource.HELM_CHART, Resource.GIT_REPOSITORY)) {
      assertThat(
              target
                  .admin()
                  .genericKubernetesResources(kind.context())
                  .inNamespace(namespace.value())
                  .list()
                  .getItems())
          .as(kind.kind())
          .isEmpty();
    }
    assertThat(
            target
                .admin()
                .secrets()
                .inNamespace(namespace.value())
                .withLabel(Labels.GROUP)
                .list()
                .getItems())
        .isEmpty();
  }

  @Test
  void sufficeToHoldItsLeaseAndGiveItBack() throws Exception {
    try (ShardLeases leases = leases("segue")) {
      leases.start();
      Awaitility.await().until(() -> leases.held().containsKey(0));
      leases.release();
      assertThat(leases.held()).isEmpty();
    }
    try (ShardLeases leases = leases("another")) {
      assertThat(catchThrowableOfType(ClusterException.class, leases::start).code())
          .isEqualTo(ProblemCode.CLUSTER_FORBIDDEN);
    }
  }

  @Test
  void sufficeToShowAGroup() throws Exception {
    GroupObjects objects = agent.groupObjects();
    assertThat(objects.watch(ref -> {})).isTrue();
    Manifest group =
        DeployedObjects.in(
            namespace,
            new Manifest(((YamlNode.Mapping) YamlReader.read(GROUP).documents().get(0)).data()));

    GroupObject made = objects.create(group).orElseThrow();
    GroupObject held = objects.finalizer(objects.apply(group), true);
    objects.status(held, Map.of("observedGeneration", made.generation()));
    objects.event(made, new Happening(Tone.NORMAL, "Succeeded", "all is ready", "1"));
    objects.delete(objects.finalizer(held, false));

    Awaitility.await().until(() -> objects.observe().isEmpty());
  }

  private static Manifest suspended(Manifest workflow) {
    return new Manifest(
        Map.of(
            "apiVersion",
            workflow.apiVersion(),
            "kind",
            workflow.kind(),
            "metadata",
            Map.of("name", workflow.name(), "namespace", workflow.namespace().orElseThrow()),
            "spec",
            Map.of("suspend", true)));
  }

  @Test
  void letOnlyAStepChangeARelease() throws Exception {
    List<Manifest> releases = new RenderedProduct(namespace).first(GROUP).helmReleases();
    ClusterException refused =
        catchThrowableOfType(ClusterException.class, () -> agent.apply(releases));
    assertThat(refused.code()).isEqualTo(ProblemCode.CLUSTER_FORBIDDEN);
    try (Fabric8Cluster step = as("segue-workflow")) {
      step.apply(releases);
    }
  }

  @Test
  void sufficeToLearnWhereObjectsOfAKindAre() throws Exception {
    assertThat(agent.scope(ApiKind.of("rbac.authorization.k8s.io/v1", "ClusterRole")))
        .isEqualTo(Scope.CLUSTER);
    assertThat(agent.scope(ApiKind.of("helm.toolkit.fluxcd.io/v2", "HelmRelease")))
        .isEqualTo(Scope.NAMESPACED);
    assertThat(agent.scope(ApiKind.of("networking.k8s.io/v1", "Ingress")))
        .isEqualTo(Scope.NAMESPACED);
    assertThat(agent.scope(ApiKind.of("example.com/v1", "Widget"))).isEqualTo(Scope.UNKNOWN);
    assertThat(agent.scope(ApiKind.of("networking.k8s.io/v1", "Widget"))).isEqualTo(Scope.UNKNOWN);
  }

  @Test
  void areForCredentialsOfTheirNamespaceAlone() throws Exception {
    Namespace other = target.newNamespace();
    target
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("theirs")
                .withNamespace(other.value())
                .endMetadata()
                .build())
        .create();

    assertThat(agent.credentials().find("theirs")).isEmpty();
    for (String name :
        List.of(
            "../../" + other + "/secrets/theirs", other + "/theirs", "..%2ftheirs", "theirs?x")) {
      assertThat(
              catchThrowableOfType(ChartException.class, () -> agent.credentials().find(name))
                  .code())
          .isEqualTo(ProblemCode.CHART_CREDENTIALS);
    }
  }

  @Test
  void endAtTheirNamespace() throws Exception {
    Namespace other = target.newNamespace();
    Manifest elsewhere =
        new Manifest(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", "x", "namespace", other.value())));
    ClusterException refused =
        catchThrowableOfType(ClusterException.class, () -> agent.apply(List.of(elsewhere)));
    assertThat(refused.code()).isEqualTo(ProblemCode.CLUSTER_FORBIDDEN);
  }
}
