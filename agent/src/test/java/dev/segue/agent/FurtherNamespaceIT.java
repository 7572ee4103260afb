// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.charts.ChartServer;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.kube.DeployedObjects;
import dev.segue.agent.testing.AppliedShop;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kinds;
import dev.segue.agent.testing.Kustomized;
import dev.segue.agent.testing.RecordedCalls;
import dev.segue.agent.testing.StandInControllers;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent with the rights of {@code deploy/base} in its own namespace and fewer in another. */
final class FurtherNamespaceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final ChartServer charts = new ChartServer();
  private @Nullable Process agent;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace own;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace further;

  @SuppressWarnings("NullAway.Init") // set before each
  private StandInControllers controllers;

  @BeforeEach
  void install() throws Exception {
    target = ClusterUnderTest.requireWithoutControllers();
    own = target.newNamespace();
    further = target.newNamespace();
    DeployedObjects.install(target, own);
    for (Manifest object : Kustomized.of("namespace")) {
      apply(DeployedObjects.bound(own, target, object), further);
    }
    controllers = new StandInControllers(target.admin(), further.value());
    AppliedShop.serve(charts);
  }

  @AfterEach
  void end() {
    if (agent != null) {
      agent.destroyForcibly();
    }
    charts.close();
    if (controllers != null) { // the test was skipped
      controllers.close();
    }
  }

  private void apply(String text, Namespace where) {
    GenericKubernetesResource object =
        target
            .admin()
            .getKubernetesSerialization()
            .unmarshal(text, GenericKubernetesResource.class);
    object.getMetadata().setNamespace(where.value());
    target.admin().resource(object).fieldManager("kubectl").forceConflicts().serverSideApply();
  }

  private String group(String name) {
    return """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: %s, namespace: %s}
        spec:
          applications:
            - name: web
              spec:
                chart: {url: %s, name: web, version: 1.0.0}
        """
        .formatted(name, further, charts.url(""));
  }

  private String ready(String name, Namespace where) {
    GenericKubernetesResource group =
        target
            .admin()
            .genericKubernetesResources(Kinds.GROUP)
            .inNamespace(where.value())
            .withName(name)
            .get();
    return group == null ? "" : AppliedShop.ready(group.getAdditionalProperties().get("status"));
  }

  @Test
  void groupsOfAFurtherNamespaceAreReleasedThereAndThoseOfGitShownInTheAgentsOwn()
      throws Exception {
    try (FolderRepository repository =
        FolderRepository.create(
            folder.resolve("shop.git"), "main", new GitAuthor("Team", "team@localhost"))) {
      Map<RepoPath, byte[]> files = new TreeMap<>();
      files.put(
          RepoPath.parse("products/shop.yaml"), group("shop").getBytes(StandardCharsets.UTF_8));
      repository.commit(files, "products", Instant.now());
      apply(group("mail"), further);
      agent =
          CommandLineRun.start(
              folder,
              Map.of("HOSTNAME", "agent"),
              "agent",
              "--set=source.url=" + folder.resolve("shop.git").toUri(),
              "--set=source.fluxUrl=http://git.example.org/shop.git",
              "--set=source.interval=1s",
              "--set=cluster.applied=true",
              "--set=cluster.kubeconfig=" + target.kubeconfigOf(own, "segue", folder),
              "--set=cluster.namespace=" + own,
              "--set=cluster.namespaces=" + further,
              "--set=charts.cache=" + folder.resolve("cache"));

      await().atMost(PATIENCE).until(() -> ready("shop", own).startsWith("True Succeeded"));
      await().atMost(PATIENCE).until(() -> ready("mail", further).startsWith("True Succeeded"));
      target
          .admin()
          .genericKubernetesResources(Kinds.GROUP)
          .inNamespace(further.value())
          .withName("mail")
          .delete();
      await().atMost(PATIENCE).until(() -> controllers.steps().contains("Delete-web"));
      await().atMost(PATIENCE).until(() -> ready("mail", further).isEmpty());
    }
    assertThat(Files.readString(folder.resolve("err"))).doesNotContain("orbidden", "please report");
    assertThat(RecordedCalls.of(target, own, "segue").forbidden()).isEmpty();
  }
}
