// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kustomized;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.render.RenderedBundle;
import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is installed, given to a real API server that refuses every field it does not know. */
final class InstallationIT {
  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop, namespace: %s}
      spec:
        applications:
        - name: db
          spec:
            chart: {url: https://charts.example.com, name: db, version: 1.0.0}
            release: {values: {user: me, password: correct-horse}, sensitiveValues: [password]}
        - {name: web, dependencies: [db], spec: {chart: {path: charts/web}}}
      """;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @BeforeEach
  void connect() {
    target = ClusterUnderTest.require();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"base", "overlays/namespaced", "overlays/cluster-wide", "overlays/air-gapped"})
  void theApiServerTakesEveryObject(String folder) throws Exception {
    Path kubectl = Kustomized.kubectl();
    Assumptions.assumeTrue(kubectl != null, "there is no kubectl in KUBE_API_TEST_DIR");
    List<Manifest> objects = Kustomized.by(Objects.requireNonNull(kubectl), folder);
    assertThat(objects)
        .extracting(Manifest::kind)
        .contains("Deployment", "ConfigMap", "NetworkPolicy", "PodDisruptionBudget");
    install(objects);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/namespaced", "overlays/cluster-wide"})
  void whatIsReadWithoutKustomizeIsWhatKustomizeGives(String folder) throws Exception {
    Path kubectl = Kustomized.kubectl();
    Assumptions.assumeTrue(kubectl != null, "there is no kubectl in KUBE_API_TEST_DIR");
    assertThat(Kustomized.of(folder))
        .containsExactlyInAnyOrderElementsOf(
            Kustomized.by(Objects.requireNonNull(kubectl), folder));
  }

  @Test
  void theRightsInAFurtherNamespaceSufficeForItsGroups() throws Exception {
    Map<String, Namespace> places = install(Kustomized.of("overlays/cluster-wide"));
    Namespace own = Objects.requireNonNull(places.get("segue"));
    Namespace team = Objects.requireNonNull(places.get("team-a"));
    RenderedBundle bundle = new RenderedProduct(team).first(GROUP.formatted(team));
    try (Fabric8Cluster agent = as(own, "segue", own, team);
        Fabric8Cluster step = as(team, "segue-workflow", team)) {
      agent.watch(group -> {});
      agent.apply(bundle.prerequisites());
      assertThat(agent.create(bundle.workflow().orElseThrow())).isTrue();
      step.apply(bundle.helmReleases());
      agent.collect(dev.segue.renderer.model.GroupName.parse("shop"), team.value(), List.of());
    }
  }

  private Fabric8Cluster as(Namespace of, String account, Namespace... namespaces)
      throws Exception {
    Config config = target.config();
    config.setImpersonateUsername("system:serviceaccount:" + of + ":" + account);
    config.setImpersonateGroups("system:serviceaccounts", "system:authenticated");
    return new Fabric8Cluster(config, of, List.of(namespaces), Limits.DEFAULT);
  }

  /** Applies the objects; returns the namespaces that stand for those that they name. */
  private Map<String, Namespace> install(List<Manifest> objects) throws Exception {
    Map<String, Namespace> places = new LinkedHashMap<>();
    for (Manifest object : objects) {
      if (object.kind().equals("Namespace")) {
        places.put(object.name(), target.newNamespace());
      }
    }
    Namespace first = places.values().iterator().next();
    try (Fabric8Cluster admin =
        new Fabric8Cluster(target.kubeconfig(), null, first, List.of(first))) {
      admin.apply(
          objects.stream()
              .filter(object -> !object.kind().equals("Namespace"))
              .map(object -> new Manifest(moved(object.fields(), places)))
              .toList());
    }
    return places;
  }

  private static Map<String, @Nullable Object> moved(
      Map<?, ?> fields, Map<String, Namespace> places) {
    Map<String, @Nullable Object> moved = new LinkedHashMap<>();
    fields.forEach(
        (key, value) -> moved.put(String.valueOf(key), moved(String.valueOf(key), value, places)));
    return moved;
  }

  private static @Nullable Object moved(
      String key, @Nullable Object value, Map<String, Namespace> places) {
    if (key.equals("metadata") && value instanceof Map<?, ?> metadata) {
      return moved(metadata, places);
    }
    if (key.equals("subjects") && value instanceof List<?> subjects) {
      return subjects.stream().map(subject -> moved((Map<?, ?>) subject, places)).toList();
    }
    Namespace place = key.equals("namespace") ? places.get(String.valueOf(value)) : null;
    return place == null ? value : place.value();
  }
}
