// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ConfigMaps whose annotations are requests, on a real API server. */
final class RequestWatchIT extends AtAnApiServer {
  private static final GroupName SHOP = GroupName.parse("shop");
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Set<GroupName> changed = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void watch() throws ClusterException {
    cluster.watch(changed::add);
  }

  @Test
  void observesRequestsWithoutTheirContentAndTellsWhenTheyChange() throws ClusterException {
    assertThat(cluster.observe(SHOP)).isEmpty();
    create("shop-requests", Map.of(Labels.REQUESTS, "true"));
    await().atMost(SOON).until(() -> !cluster.observe(SHOP).isEmpty());
    changed.clear();

    target
        .admin()
        .configMaps()
        .inNamespace(namespace.value())
        .withName("shop-requests")
        .edit(
            live ->
                new ConfigMapBuilder(live)
                    .editMetadata()
                    .addToAnnotations("segue.dev/retry", "t1")
                    .endMetadata()
                    .build());

    await()
        .atMost(SOON)
        .until(() -> cluster.observe(SHOP).get(0).annotation("segue.dev/retry").isPresent());
    await().atMost(SOON).until(() -> changed.contains(SHOP));
    Manifest requests = cluster.observe(SHOP).get(0);
    assertThat(requests.kind()).isEqualTo("ConfigMap");
    assertThat(requests.name()).isEqualTo("shop-requests");
    assertThat(requests.fields()).doesNotContainKey("data");
  }

  @Test
  void observesNoOtherConfigMapNotEvenOneThatItJustWrote() throws ClusterException {
    create("of-somebody", Map.of());
    cluster.apply(
        List.of(
            new Manifest(
                Map.of(
                    "apiVersion",
                    "v1",
                    "kind",
                    "ConfigMap",
                    "metadata",
                    Map.of(
                        "name",
                        "values",
                        "namespace",
                        namespace.value(),
                        "labels",
                        Map.of(Labels.MANAGED_BY, Labels.SEGUE, Labels.GROUP, "shop"))))));
    create("shop-requests", Map.of(Labels.REQUESTS, "true"));
    await().atMost(SOON).until(() -> !cluster.observe(SHOP).isEmpty());

    assertThat(cluster.observe(SHOP)).extracting(Manifest::name).containsExactly("shop-requests");
  }

  @Test
  void forgetsRequestsThatAreDeleted() {
    create("shop-requests", Map.of(Labels.REQUESTS, "true"));
    await().atMost(SOON).until(() -> !cluster.observe(SHOP).isEmpty());

    target.admin().configMaps().inNamespace(namespace.value()).withName("shop-requests").delete();

    await().atMost(SOON).until(() -> cluster.observe(SHOP).isEmpty());
  }

  @Test
  void neverCollectsRequests() throws ClusterException {
    create("shop-requests", Map.of(Labels.REQUESTS, "true"));
    create("old-values", Map.of());

    cluster.collect(SHOP, namespace.value(), List.of());

    assertThat(
            target
                .admin()
                .configMaps()
                .inNamespace(namespace.value())
                .withLabel(Labels.GROUP)
                .list()
                .getItems())
        .extracting(object -> object.getMetadata().getName())
        .containsExactly("shop-requests");
  }

  @Test
  void looksForRequestsOnlyInTheAgentsNamespace() throws ClusterException {
    Namespace other = target.newNamespace();
    try (Fabric8Cluster elsewhere =
        new Fabric8Cluster(target.kubeconfig(), null, other, List.of(namespace))) {
      elsewhere.watch(group -> {});
      create("shop-requests", Map.of(Labels.REQUESTS, "true"));
      await().atMost(SOON).until(() -> !cluster.observe(SHOP).isEmpty());

      assertThat(elsewhere.observe(SHOP)).isEmpty();
    }
  }

  private void create(String name, Map<String, String> labels) {
    ConfigMap object =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace.value())
            .addToLabels(Labels.MANAGED_BY, Labels.SEGUE)
            .addToLabels(Labels.GROUP, "shop")
            .addToLabels(labels)
            .endMetadata()
            .addToData("note", "not needed")
            .build();
    target.admin().resource(object).create();
  }
}
