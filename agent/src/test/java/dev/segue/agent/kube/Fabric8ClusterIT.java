// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.CredentialSource.Credentials;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class Fabric8ClusterIT extends AtAnApiServer {
  private static final GroupName SHOP = GroupName.parse("shop");
  private static final GroupName OTHER = GroupName.parse("other");
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Set<GroupName> changed = ConcurrentHashMap.newKeySet();

  @Test
  void saysWhichClusterItIs() throws ClusterException {
    assertThat(cluster.description()).matches("\".+\" at [^/@]+:[0-9]+");
    assertThat(cluster.kubernetesVersion()).matches("v1\\.[0-9]+\\.[0-9]+.*");
    assertThat(cluster.kubernetesVersion()).isEqualTo(cluster.kubernetesVersion());
  }

  @Test
  void appliesInOrderAndLeavesTheUnchangedAsItIs() throws ClusterException {
    List<Manifest> objects = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      objects.add(configMap("values-" + i, SHOP, Map.of("values.yaml", "replicas: " + i)));
    }
    objects.add(gitRepository("source", SHOP));
    cluster.apply(objects);
    List<String> before = versions();
    assertThat(before).hasSize(30);

    cluster.apply(objects);

    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void takesFieldsFromOtherManagersAndKeepsTheirOthers() throws ClusterException {
    ConfigMap theirs =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("shared")
            .withNamespace(namespace.value())
            .endMetadata()
            .addToData("a", "theirs")
            .addToData("b", "theirs")
            .build();
    target
        .admin()
        .resource(theirs)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("somebody")
                .build());

    cluster.apply(List.of(configMap("shared", SHOP, Map.of("a", "ours"))));

    ConfigMap now = configMaps().stream().findFirst().orElseThrow();
    assertThat(now.getData()).containsEntry("a", "ours").containsEntry("b", "theirs");
    assertThat(now.getMetadata().getManagedFields())
        .anySatisfy(
            entry -> {
              assertThat(entry.getManager()).isEqualTo(Labels.SEGUE);
              assertThat(entry.getOperation()).isEqualTo("Apply");
            });
  }

  @Test
  void acceptsAnImmutableConfigMapAgainButNotWithOtherData() throws ClusterException {
    Manifest values = immutable(configMap("values", SHOP, Map.of("a", "1")));
    cluster.apply(List.of(values));
    cluster.apply(List.of(values));

    ClusterException failure =
        failureOf(
            () -> cluster.apply(List.of(immutable(configMap("values", SHOP, Map.of("a", "2"))))));

    assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure)
        .hasMessageStartingWith("cannot apply ConfigMap \"" + namespace + "/values\": ")
        .hasMessageContaining("immutable");
  }

  @Test
  void createsOnce() throws ClusterException {
    cluster.watch(changed::add);

    assertThat(cluster.create(workflow("run-1", SHOP))).isTrue();
    assertThat(cluster.create(workflow("run-1", SHOP))).isFalse();

    assertThat(names(cluster.observe(SHOP))).containsExactly("run-1");
  }

  @Test
  void observesItsOwnWritesAtOnce() throws ClusterException {
    cluster.watch(changed::add);
    for (int i = 0; i < 20; i++) {
      String name = "web-" + i;
      cluster.apply(List.of(helmRelease(name, SHOP, "5m")));
      assertThat(names(cluster.observe(SHOP))).hasSize(i + 1).contains(name);
      cluster.apply(List.of(helmRelease(name, SHOP, "7m")));
      assertThat(cluster.observe(SHOP))
          .filteredOn(object -> object.name().equals(name))
          .extracting(object -> object.text("spec", "interval").orElse(""))
          .containsExactly("7m");
    }
  }

  @Test
  void observesWhatWasThereBeforeAndWhatChangesByGroup() throws ClusterException {
    cluster.apply(List.of(helmRelease("web", SHOP, "5m"), helmRelease("db", OTHER, "5m")));
    cluster.watch(changed::add);
    assertThat(names(cluster.observe(SHOP))).containsExactly("web");
    await().atMost(SOON).until(() -> changed.containsAll(List.of(SHOP, OTHER)));
    changed.clear();

    setReady("web");

    await().atMost(SOON).until(() -> changed.contains(SHOP));
    assertThat(changed).doesNotContain(OTHER);
    Manifest web = cluster.observe(SHOP).get(0);
    assertThat(web.maps("status", "conditions").get(0)).containsEntry("type", "Ready");
    assertThat(web.map("metadata")).doesNotContainKey("managedFields");
  }

  @Test
  void forgetsWhatIsDeletedEvenWhatItJustWrote() throws ClusterException {
    cluster.watch(changed::add);
    cluster.apply(List.of(helmRelease("web", SHOP, "5m")));
    assertThat(names(cluster.observe(SHOP))).containsExactly("web");

    target
        .admin()
        .genericKubernetesResources(Resource.HELM_RELEASE.context())
        .inNamespace(namespace.value())
        .withName("web")
        .delete();

    await().atMost(SOON).until(() -> cluster.observe(SHOP).isEmpty());
  }

  @Test
  void keepsNodesOfAWorkflowButNoTemplates() throws Exception {
    cluster.watch(changed::add);
    Map<String, @Nullable Object> node =
        Map.of(
            "id", "n1",
            "name", "run.web",
            "displayName", "web",
            "type", "Pod",
            "phase", "Succeeded",
            "inputs", Map.of("parameters", List.of(Map.of("name", "m", "value", "big"))));
    Map<String, @Nullable Object> plain = new LinkedHashMap<>(workflow("plain", SHOP).fields());
    plain.put("status", Map.of("phase", "Running", "nodes", Map.of("n1", node)));
    Map<String, @Nullable Object> packed = new LinkedHashMap<>(workflow("packed", SHOP).fields());
    packed.put(
        "status",
        Map.of(
            "phase",
            "Running",
            "compressedNodes",
            gzip(target.admin().getKubernetesSerialization().asJson(Map.of("n1", node)))));
    cluster.create(new Manifest(plain));
    cluster.create(new Manifest(packed));

    for (Manifest workflow : cluster.observe(SHOP)) {
      assertThat(workflow.map("spec")).doesNotContainKey("templates");
      assertThat(workflow.map("status", "nodes", "n1"))
          .containsEntry("phase", "Succeeded")
          .doesNotContainKey("inputs");
    }
    assertThat(names(cluster.observe(SHOP))).containsExactly("packed", "plain");
  }

  @Test
  void collectsWhatIsNotKept() throws ClusterException {
    Manifest kept = configMap("kept", SHOP, Map.of("a", "1"));
    cluster.apply(
        List.of(
            kept,
            configMap("old", SHOP, Map.of("a", "1")),
            configMap("of-another", OTHER, Map.of("a", "1")),
            secret("old", SHOP),
            gitRepository("old", SHOP),
            gitRepository("kept", SHOP),
            helmChart("old", SHOP),
            helmChart("kept", SHOP)));
    target
        .admin()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("not-ours")
                .withNamespace(namespace.value())
                .addToLabels(Labels.GROUP, SHOP.value())
                .endMetadata()
                .build())
        .create();

    cluster.collect(
        SHOP,
        namespace.value(),
        List.of(kept, gitRepository("kept", SHOP), helmChart("kept", SHOP)));

    assertThat(configMaps())
        .extracting(object -> object.getMetadata().getName())
        .containsExactlyInAnyOrder("kept", "of-another", "not-ours");
    assertThat(target.admin().secrets().inNamespace(namespace.value()).list().getItems()).isEmpty();
    for (Resource kind : List.of(Resource.GIT_REPOSITORY, Resource.HELM_CHART)) {
      assertThat(
              target
                  .admin()
                  .genericKubernetesResources(kind.context())
                  .inNamespace(namespace.value())
                  .list()
                  .getItems())
          .as(kind.kind())
          .extracting(object -> object.getMetadata().getName())
          .containsExactly("kept");
    }
  }

  @Test
  void collectsWhatWasWrittenSinceItLookedLast() throws ClusterException {
    cluster.apply(List.of(configMap("kept", SHOP, Map.of("a", "1"))));
    collect("kept");
    cluster.apply(List.of(configMap("later", SHOP, Map.of("a", "1"))));
    cluster.create(configMap("made", SHOP, Map.of("a", "1")));
    collect("later");
    assertThat(configMaps())
        .extracting(object -> object.getMetadata().getName())
        .containsExactly("later");
    collect("none");
    assertThat(configMaps()).isEmpty();
  }

  private void collect(String kept) throws ClusterException {
    cluster.collect(SHOP, namespace.value(), List.of(configMap(kept, SHOP, Map.of())));
  }

  @Test
  void rejectsUnknownFields() {
    Map<String, @Nullable Object> fields =
        new LinkedHashMap<>(configMap("values", SHOP, Map.of("a", "1")).fields());
    fields.put("dat", Map.of("a", "1"));

    ClusterException applied = failureOf(() -> cluster.apply(List.of(new Manifest(fields))));
    ClusterException created = failureOf(() -> cluster.create(new Manifest(fields)));

    assertThat(applied.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(applied).hasMessageContaining("dat");
    assertThat(applied.retryable()).isFalse();
    assertThat(created.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(created).hasMessageContaining("unknown field \"dat\"");
  }

  @Test
  void rejectsUnknownFieldsOfCustomResources() {
    Assumptions.assumeTrue(target.realCrds(), "the stand-ins of the CRDs take every field");
    Map<String, @Nullable Object> fields =
        new LinkedHashMap<>(helmRelease("web", SHOP, "5m").fields());
    Map<String, @Nullable Object> spec =
        new LinkedHashMap<>(helmRelease("web", SHOP, "5m").map("spec"));
    spec.put("intervall", "5m");
    fields.put("spec", spec);

    ClusterException failure = failureOf(() -> cluster.apply(List.of(new Manifest(fields))));

    assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(failure).hasMessageContaining("intervall");
  }

  @Test
  void namesAMissingKindAndNamespace() {
    Map<String, @Nullable Object> newer =
        new LinkedHashMap<>(helmRelease("web", SHOP, "5m").fields());
    newer.put("apiVersion", "helm.toolkit.fluxcd.io/v9");
    ClusterException kind = failureOf(() -> cluster.apply(List.of(new Manifest(newer))));
    assertThat(kind.code()).isEqualTo(ProblemCode.CLUSTER_CRD_MISSING);
    assertThat(kind).hasMessageContaining("HelmRelease of helm.toolkit.fluxcd.io/v9");

    Manifest elsewhere =
        object("v1", "ConfigMap", "values", "segue-test-nowhere", SHOP, Map.of("data", Map.of()));
    ClusterException place = failureOf(() -> cluster.apply(List.of(elsewhere)));
    assertThat(place.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(place)
        .hasMessage(
            "cannot apply ConfigMap \"segue-test-nowhere/values\": namespace"
                + " \"segue-test-nowhere\" does not exist. Create it first");
  }

  @Test
  void saysWhichRightIsMissing() throws ClusterException {
    Config config = target.config();
    config.setImpersonateUsername("powerless");
    try (Fabric8Cluster powerless =
        new Fabric8Cluster(config, namespace, List.of(), Limits.DEFAULT)) {
      ClusterException apply =
          failureOf(() -> powerless.apply(List.of(configMap("values", SHOP, Map.of("a", "1")))));
      assertThat(apply.code()).isEqualTo(ProblemCode.CLUSTER_FORBIDDEN);
      assertThat(apply.retryable()).isFalse();
      assertThat(apply)
          .hasMessage(
              "cannot apply ConfigMap \""
                  + namespace
                  + "/values\": user \"powerless\" must have verb \"patch\" on resource"
                  + " \"configmaps\" of API group \"\" in namespace \""
                  + namespace
                  + "\" (403). Grant it by a Role there, or a ClusterRole with a binding");

      ClusterException watch = failureOf(() -> powerless.watch(changed::add));
      assertThat(watch)
          .hasMessage(
              "cannot watch HelmReleases in all namespaces: user \"powerless\" must have verb"
                  + " \"list\" on resource \"helmreleases\" of API group"
                  + " \"helm.toolkit.fluxcd.io\" in all namespaces (403). Grant it by a ClusterRole"
                  + " with a binding");
      ChartException credentials =
          catchThrowableOfType(ChartException.class, () -> powerless.credentials().find("repo"));
      assertThat(credentials.code()).isEqualTo(ProblemCode.CHART_CREDENTIALS);
      assertThat(credentials).hasMessageContaining("verb \"get\" on resource \"secrets\"");
    }
  }

  @Test
  void trustsNoServerWithAnUnknownCertificate() throws ClusterException {
    Config config = target.config();
    config.setCaCertFile(null);
    config.setCaCertData(null);
    try (Fabric8Cluster untrusted =
        new Fabric8Cluster(config, namespace, List.of(), Limits.DEFAULT)) {
      ClusterException failure = failureOf(untrusted::kubernetesVersion);

      assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_UNREACHABLE);
      assertThat(failure.retryable()).isFalse();
      assertThat(failure)
          .hasMessageContaining(": TLS with ")
          .hasMessageEndingWith("Check `certificate-authority` and `server` of the kubeconfig");
    }
  }

  @Test
  void readsCredentialsFromASecret() throws ChartException {
    target
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("repo")
                .withNamespace(namespace.value())
                .endMetadata()
                .addToStringData("username", "me")
                .addToStringData("password", "s3cret")
                .build())
        .create();

    assertThat(cluster.credentials().find("repo"))
        .contains(new Credentials("me", "s3cret", null, null, null));
    assertThat(cluster.credentials().find("none")).isEmpty();
    assertThat(catchThrowableOfType(ChartException.class, () -> cluster.credentials().find("../x")))
        .hasMessage("`authSecretRef` must be the name of a Secret; got \"../x\"");
  }

  private interface Call {
    void run() throws ClusterException;
  }

  private static ClusterException failureOf(Call call) {
    return catchThrowableOfType(ClusterException.class, call::run);
  }

  private void setReady(String name) {
    target
        .admin()
        .genericKubernetesResources(Resource.HELM_RELEASE.context())
        .inNamespace(namespace.value())
        .withName(name)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"InstallSucceeded\","
                + "\"message\":\"\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}");
  }

  private List<ConfigMap> configMaps() {
    return target.admin().configMaps().inNamespace(namespace.value()).list().getItems().stream()
        .filter(object -> !object.getMetadata().getName().equals("kube-root-ca.crt"))
        .toList();
  }

  private List<String> versions() {
    return configMaps().stream()
        .map(
            object ->
                object.getMetadata().getName() + "=" + object.getMetadata().getResourceVersion())
        .toList();
  }

  private static List<String> names(List<Manifest> objects) {
    return objects.stream().map(Manifest::name).toList();
  }

  private Manifest configMap(String name, GroupName group, Map<String, String> data) {
    return object("v1", "ConfigMap", name, namespace.value(), group, Map.of("data", data));
  }

  private static Manifest immutable(Manifest object) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.fields());
    fields.put("immutable", true);
    return new Manifest(fields);
  }

  private Manifest secret(String name, GroupName group) {
    return object(
        "v1", "Secret", name, namespace.value(), group, Map.of("data", Map.of("a", "MQ==")));
  }

  private Manifest gitRepository(String name, GroupName group) {
    Map<String, Object> spec = Map.of("interval", "10m", "url", "https://git.example.org/shop");
    return object(
        "source.toolkit.fluxcd.io/v1",
        "GitRepository",
        name,
        namespace.value(),
        group,
        Map.of("spec", spec));
  }

  private Manifest helmChart(String name, GroupName group) {
    Map<String, Object> source = Map.of("kind", "GitRepository", "name", name);
    return object(
        "source.toolkit.fluxcd.io/v1",
        "HelmChart",
        name,
        namespace.value(),
        group,
        Map.of("spec", Map.of("interval", "1h", "chart", "./web", "sourceRef", source)));
  }

  private Manifest helmRelease(String name, GroupName group, String interval) {
    Map<String, Object> source = Map.of("kind", "GitRepository", "name", "source");
    Map<String, Object> chart = Map.of("spec", Map.of("chart", "./web", "sourceRef", source));
    return object(
        "helm.toolkit.fluxcd.io/v2",
        "HelmRelease",
        name,
        namespace.value(),
        group,
        Map.of("spec", Map.of("interval", interval, "suspend", true, "chart", chart)));
  }

  private Manifest workflow(String name, GroupName group) {
    Map<String, Object> template = Map.of("name", "main", "suspend", Map.of());
    return object(
        "argoproj.io/v1alpha1",
        "Workflow",
        name,
        namespace.value(),
        group,
        Map.of(
            "spec", Map.of("entrypoint", "main", "suspend", true, "templates", List.of(template))));
  }

  private static Manifest object(
      String apiVersion,
      String kind,
      String name,
      String namespace,
      GroupName group,
      Map<String, ?> rest) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", apiVersion);
    fields.put("kind", kind);
    fields.put(
        "metadata",
        Map.of(
            "name",
            name,
            "namespace",
            namespace,
            "labels",
            Map.of(Labels.MANAGED_BY, Labels.SEGUE, Labels.GROUP, group.value())));
    fields.putAll(rest);
    return new Manifest(fields);
  }

  private static String gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
