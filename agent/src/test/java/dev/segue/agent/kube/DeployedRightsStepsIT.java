// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.agent.testing.Kinds;
import dev.segue.agent.testing.Kustomized;
import dev.segue.agent.testing.RecordedCalls;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.yaml.YamlWriter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what a step's pod does, with kubectl itself and the account of {@code deploy/base}, for each
 * kind of step that is rendered: nothing is called that is not allowed, and everything that is.
 */
final class DeployedRightsStepsIT {
  /** How Argo's executor reports; it is not run here (argo-workflows 3.7: taskresult.go). */
  private static final Map<String, Set<String>> OF_THE_EXECUTOR =
      Map.of("argoproj.io/workflowtaskresults", Set.of("create", "patch"));

  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop}
      spec:
        applications:
        - {name: db, spec: {chart: {url: "oci://r.example.com/db", version: 1.0.0}}}
        - name: web
          spec: {chart: {url: "oci://r.example.com/web", version: 1.0.0}}
      """;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  private Namespace namespace;

  @SuppressWarnings("NullAway.Init") // set before each
  private Path kubectl;

  @SuppressWarnings("NullAway.Init") // set before each
  private Path kubeconfig;

  @BeforeEach
  void install() throws Exception {
    target = ClusterUnderTest.require();
    assertThat(target.audited()).isNotNull(); // skips where nothing is recorded
    kubectl = requireNonNull(Kustomized.kubectl(), "kubectl beside the API server's binaries");
    namespace = target.newNamespace();
    DeployedObjects.install(target, namespace);
    kubeconfig = target.kubeconfigOf(namespace, "segue-workflow", folder);
  }

  /** As Argo's executor calls it (argo-workflows 3.7: resource.go, getKubectlArguments). */
  private Process step(Map<String, @Nullable Object> template, Manifest object) throws Exception {
    String action = PlainData.text(template, "resource", "action");
    Path manifest = folder.resolve("manifest-" + action + ".yaml");
    Files.writeString(manifest, YamlWriter.write(object.fields()));
    List<String> arguments = new ArrayList<>(List.of(action));
    if (action.equals("delete")) {
      arguments.add("--ignore-not-found");
    }
    arguments.addAll(PlainData.texts(PlainData.at(template, "resource", "flags")));
    arguments.addAll(List.of("-f", manifest.toString(), "-o"));
    arguments.add(action.equals("delete") ? "name" : "json");
    return kubectl(action, arguments);
  }

  private Process kubectl(String what, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(kubectl.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", folder.toString());
    return builder.redirectOutput(folder.resolve(what + ".out").toFile()).start();
  }

  private void succeeds(String what, Process process) throws Exception {
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(what).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve(what + ".out"))).isZero();
  }

  private Resource<GenericKubernetesResource> live(Manifest release) {
    return target
        .admin()
        .genericKubernetesResources(Kinds.HELM_RELEASE)
        .inNamespace(namespace.value())
        .withName(release.name());
  }

  /** Of a Workflow that changes a release, repairs one that failed, and removes one. */
  private static List<Map<String, @Nullable Object>> steps(RenderedProduct product) {
    Manifest workflow =
        product
            .next(GROUP, GROUP.replace("name: db", "name: queue"), ReleaseName.parse("web"))
            .workflow()
            .orElseThrow();
    return workflow.maps("spec", "templates").stream()
        .filter(template -> template.containsKey("resource"))
        .toList();
  }

  @Test
  void sufficeForEveryKindOfStepAndAreUsedAllOfThem() throws Exception {
    Map<String, Map<String, @Nullable Object>> byAction = new TreeMap<>();
    RenderedProduct product = new RenderedProduct(namespace);
    for (Map<String, @Nullable Object> template : steps(product)) {
      Map<String, @Nullable Object> same =
          byAction.putIfAbsent(PlainData.text(template, "resource", "action"), template);
      assertThat(PlainData.at(template, "resource", "flags"))
          .isEqualTo(PlainData.at(same == null ? template : same, "resource", "flags"));
    }
    assertThat(byAction.keySet()).containsExactly("apply", "delete", "get");
    Manifest release = product.first(GROUP).helmReleases().get(0);

    Process apply = step(requireNonNull(byAction.get("apply")), release);
    succeeds("apply", apply);
    Process again = step(requireNonNull(byAction.get("apply")), release);
    succeeds("apply", again);
    succeeds("get", step(requireNonNull(byAction.get("get")), release));
    succeeds(
        "output",
        kubectl(
            "output",
            List.of(
                "-n",
                namespace.value(),
                "get",
                "helmrelease.helm.toolkit.fluxcd.io/" + release.name(),
                "-o",
                "json")));

    live(release)
        .edit(
            object -> {
              object.getMetadata().setFinalizers(List.of("example.com/flux-is-at-it"));
              return object;
            });
    Process delete = step(requireNonNull(byAction.get("delete")), release);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                RecordedCalls.of(target, namespace, "segue-workflow")
                    .used()
                    .toString()
                    .contains("watch"));
    assertThat(delete.isAlive()).as("waits for what is being deleted").isTrue();
    live(release)
        .edit(
            object -> {
              object.getMetadata().setFinalizers(List.of());
              return object;
            });
    succeeds("delete", delete);
    succeeds("delete", step(requireNonNull(byAction.get("delete")), release));

    RecordedCalls calls = RecordedCalls.of(target, namespace, "segue-workflow");
    Map<String, Set<String>> used = new TreeMap<>(calls.used());
    used.putAll(OF_THE_EXECUTOR);
    assertThat(calls.forbidden()).isEmpty();
    assertThat(used).isEqualTo(DeployedObjects.rights(DeployedObjects.role("segue-workflow")));
  }
}
