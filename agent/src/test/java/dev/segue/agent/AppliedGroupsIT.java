// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.charts.ChartServer;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.testing.AppliedShop;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kinds;
import dev.segue.agent.testing.StandInControllers;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.RepoPath;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Groups that somebody applied to a real API server, and agents as processes. */
final class AppliedGroupsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir(factory = TempDirFactory.Standard.class)
  Path folder;

  private final List<Process> processes = new ArrayList<>();
  private final ChartServer charts = new ChartServer();

  @SuppressWarnings("NullAway.Init") // set before each
  private KubernetesClient admin;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace namespace;

  @SuppressWarnings("NullAway.Init") // set before each
  private StandInControllers controllers;

  @BeforeEach
  void prepare() {
    target = ClusterUnderTest.requireWithoutControllers();
    admin = target.admin();
    namespace = target.newNamespace();
    controllers = new StandInControllers(admin, namespace.value());
    AppliedShop.serve(charts);
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    charts.close();
    if (controllers != null) { // the test was skipped
      controllers.close();
    }
  }

  private String shop(String colour) {
    return AppliedShop.yaml(namespace.value(), charts, colour, "");
  }

  /** As kubectl does. */
  private void apply(String yaml) {
    admin
        .resource(admin.getKubernetesSerialization().<GenericKubernetesResource>unmarshal(yaml))
        .fieldManager("kubectl")
        .forceConflicts()
        .serverSideApply();
  }

  private @Nullable GenericKubernetesResource group() {
    return admin
        .genericKubernetesResources(Kinds.GROUP)
        .inNamespace(namespace.value())
        .withName("shop")
        .get();
  }

  private String ready() {
    GenericKubernetesResource group = group();
    return group == null ? "" : AppliedShop.ready(group.getAdditionalProperties().get("status"));
  }

  /** Whether what is said of it is of its last spec. */
  private boolean observed() {
    GenericKubernetesResource group = Objects.requireNonNull(group());
    return PlainData.at(group.getAdditionalProperties(), "status", "observedGeneration")
            instanceof Number observed
        && observed.longValue() == group.getMetadata().getGeneration();
  }

  private void awaitReady(String start) {
    await().atMost(PATIENCE).until(() -> observed() && ready().startsWith(start));
  }

  private int count(ResourceDefinitionContext kind) {
    return admin
        .genericKubernetesResources(kind)
        .inNamespace(namespace.value())
        .list()
        .getItems()
        .size();
  }

  private Process agent(String name, String... more) throws Exception {
    Path home = Files.createDirectory(folder.resolve(name));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "agent",
                "--set=cluster.applied=true",
                "--set=source.interval=1s",
                "--set=cluster.kubeconfig=" + target.kubeconfig(),
                "--set=cluster.namespace=" + namespace,
                "--set=charts.cache=" + home.resolve("cache")));
    arguments.addAll(List.of(more));
    Process process =
        CommandLineRun.start(home, Map.of("HOSTNAME", name), arguments.toArray(String[]::new));
    processes.add(process);
    return process;
  }

  @Test
  void anAppliedGroupIsReleasedChangedAndRemovedWhateverAgentIsThere() throws Exception {
    apply(
        shop("red").replace("url: " + charts.url("") + ", name: web, version: 1.0.0", "path: web"));
    Process a = agent("a");
    awaitReady("False");
    assertThat(ready()).contains("SG1301", "`spec.chart.path` of \"db\" must not be given");
    assertThat(count(Kinds.WORKFLOW)).isZero();

    apply(shop("red"));
    awaitReady("True Succeeded: 2 of 2 releases are ready");
    assertThat(Objects.requireNonNull(group()).getMetadata().getFinalizers())
        .containsExactly("segue.dev/removal");
    assertThat(count(Kinds.WORKFLOW)).isEqualTo(1);
    a.destroyForcibly();

    apply(shop("blue"));
    Process b = agent("b"); // with an empty cache
    awaitReady("True Succeeded: 2 of 2 releases are ready");
    assertThat(count(Kinds.WORKFLOW)).isEqualTo(2);

    controllers.hold();
    admin
        .genericKubernetesResources(Kinds.GROUP)
        .inNamespace(namespace.value())
        .withName("shop")
        .delete();
    await().atMost(PATIENCE).until(() -> controllers.begun() == 3);
    b.destroyForcibly();
    assertThat(group()).as("held until nothing of it is there").isNotNull();
    agent("c");
    controllers.goOn();
    await().atMost(PATIENCE).until(() -> group() == null);

    assertThat(controllers.steps().subList(4, 6))
        .as("in reverse")
        .containsExactly("Delete-web", "Delete-db");
    assertThat(count(Kinds.HELM_RELEASE)).isZero();
    assertThat(count(Kinds.WORKFLOW)).as("one for each attempt").isEqualTo(3);
    assertThat(
            admin.events().v1().events().inNamespace(namespace.value()).list().getItems().stream()
                .map(event -> event.getReason())
                .toList())
        .contains("Succeeded");
  }

  @Test
  void aGroupThatGitDeclaresTooStaysAsItIsUntilOneOwnerIsLeft() throws Exception {
    try (FolderRepository repository =
        FolderRepository.create(
            folder.resolve("shop.git"), "main", new GitAuthor("Team", "team@localhost"))) {
      commit(repository, Map.of("README.yaml", "kind: Other\n"));
      apply(shop("red"));
      agent(
          "a",
          "--set=source.url=" + folder.resolve("shop.git").toUri(),
          "--set=source.fluxUrl=http://git.example.org/shop.git");
      awaitReady("True");

      commit(
          repository, Map.of("README.yaml", "kind: Other\n", "products/shop.yaml", shop("blue")));
      awaitReady("False");
      assertThat(ready())
          .contains("SG1014", "object \"" + namespace + "/shop\"")
          .contains("file \"products/shop.yaml\" of http://git.example.org/shop.git");
      awaitLog("a", "shop: stalled", 2); // both
      apply(shop("green"));
      awaitReady("False");
      assertThat(count(Kinds.WORKFLOW)).isEqualTo(1);

      commit(repository, Map.of("README.yaml", "kind: Other\n"));
      awaitReady("True");
      assertThat(count(Kinds.WORKFLOW)).as("what was refused, and nothing else").isEqualTo(2);
      assertThat(admin.events().v1().events().inNamespace(namespace.value()).list().getItems())
          .extracting(event -> String.valueOf(event.getNote()))
          .contains("2 of 2 releases are ready")
          .as("nothing is said before both sources are known")
          .noneMatch(note -> note.contains("not known yet"));
      assertThat(count(Kinds.HELM_RELEASE)).isEqualTo(2);
    }
  }

  private static void commit(FolderRepository repository, Map<String, String> texts)
      throws Exception {
    Map<RepoPath, byte[]> files = new TreeMap<>();
    texts.forEach(
        (path, text) -> files.put(RepoPath.parse(path), text.getBytes(StandardCharsets.UTF_8)));
    repository.commit(files, "products", Instant.now());
  }

  private void awaitLog(String agent, String text, int times) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Files.readString(folder.resolve(agent).resolve("err")).split(text, -1).length
                    > times);
  }
}
