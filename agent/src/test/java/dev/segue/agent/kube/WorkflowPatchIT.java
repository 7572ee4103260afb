// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Patching a Workflow on a real API server. */
final class WorkflowPatchIT extends AtAnApiServer {
  private static final GroupName SHOP = GroupName.parse("shop");

  @BeforeEach
  void watch() throws ClusterException {
    cluster.watch(group -> {});
  }

  @Test
  void mergesAnnotationsAndSpecAndKeepsTheRest() throws ClusterException {
    cluster.create(workflow());

    assertThat(cluster.patch(change(Map.of("example.org/why", "newer"), Map.of("suspend", true))))
        .isTrue();

    Manifest observed = cluster.observe(SHOP).get(0);
    assertThat(observed.at("spec", "suspend")).isEqualTo(true);
    assertThat(observed.annotation("example.org/why")).contains("newer");
    assertThat(observed.annotation("example.org/kept")).contains("yes");
    assertThat(live().get("spec", "entrypoint").toString()).isEqualTo("main");
  }

  @Test
  void takesAFieldAwayByNull() throws ClusterException {
    cluster.create(workflow());
    cluster.patch(change(Map.of(), Map.of("suspend", true)));
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put("suspend", null);
    spec.put("shutdown", "Stop");

    cluster.patch(change(Map.of(), spec));

    Manifest observed = cluster.observe(SHOP).get(0);
    assertThat(observed.map("spec")).containsEntry("shutdown", "Stop").doesNotContainKey("suspend");
  }

  @Test
  void changesNothingThatIsSoAlready() throws ClusterException {
    cluster.create(workflow());
    cluster.patch(change(Map.of("example.org/why", "newer"), Map.of("suspend", true)));
    String before = live().getMetadata().getResourceVersion();

    assertThat(cluster.patch(change(Map.of("example.org/why", "newer"), Map.of("suspend", true))))
        .isTrue();

    assertThat(live().getMetadata().getResourceVersion()).isEqualTo(before);
  }

  @Test
  void neverCreatesWhatIsNotThere() throws ClusterException {
    assertThat(cluster.patch(change(Map.of(), Map.of("suspend", true)))).isFalse();

    assertThat(cluster.observe(SHOP)).isEmpty();
    assertThat(
            target
                .admin()
                .genericKubernetesResources(Resource.WORKFLOW.context())
                .inNamespace(namespace.value())
                .list()
                .getItems())
        .isEmpty();
  }

  @Test
  void saysWhichRightIsMissing() throws ClusterException {
    cluster.create(workflow());
    Config config = target.config();
    config.setImpersonateUsername("powerless");
    try (Fabric8Cluster powerless =
        new Fabric8Cluster(config, namespace, List.of(), Limits.DEFAULT)) {
      ClusterException failure =
          catchThrowableOfType(
              ClusterException.class,
              () -> powerless.patch(change(Map.of(), Map.of("suspend", true))));

      assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_FORBIDDEN);
      assertThat(failure)
          .hasMessageStartingWith("cannot patch Workflow \"" + namespace + "/run\": user")
          .hasMessageContaining("verb \"patch\" on resource \"workflows\"");
    }
  }

  @Test
  void rejectsUnknownFields() throws ClusterException {
    Assumptions.assumeTrue(target.realCrds(), "the stand-ins of the CRDs take every field");
    cluster.create(workflow());

    ClusterException failure =
        catchThrowableOfType(
            ClusterException.class, () -> cluster.patch(change(Map.of(), Map.of("suspnd", true))));

    assertThat(failure.code()).isEqualTo(ProblemCode.CLUSTER_REJECTED);
    assertThat(failure).hasMessageContaining("suspnd");
  }

  private GenericKubernetesResource live() {
    return target
        .admin()
        .genericKubernetesResources(Resource.WORKFLOW.context())
        .inNamespace(namespace.value())
        .withName("run")
        .get();
  }

  private Manifest workflow() {
    return new Manifest(
        Map.of(
            "apiVersion",
            "argoproj.io/v1alpha1",
            "kind",
            "Workflow",
            "metadata",
            Map.of(
                "name",
                "run",
                "namespace",
                namespace.value(),
                "labels",
                Map.of(Labels.MANAGED_BY, Labels.SEGUE, Labels.GROUP, SHOP.value()),
                "annotations",
                Map.of("example.org/kept", "yes")),
            "spec",
            Map.of(
                "entrypoint",
                "main",
                "templates",
                List.of(Map.of("name", "main", "suspend", Map.of())))));
  }

  private Manifest change(Map<String, String> annotations, Map<String, @Nullable Object> spec) {
    return new Manifest(
        Map.of(
            "apiVersion",
            "argoproj.io/v1alpha1",
            "kind",
            "Workflow",
            "metadata",
            Map.of("name", "run", "namespace", namespace.value(), "annotations", annotations),
            "spec",
            spec));
  }
}
