// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.Kustomized;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code deploy} installs, as far as it can be judged without a cluster. */
class InstallationTest {
  private static final Path DEPLOY = Path.of("..", "deploy");

  /** {@code -Dgolden.update=true} makes them the same. */
  @ParameterizedTest
  @CsvSource({
    "base/workflow.yaml, namespace/workflow.yaml",
    "base/agent.yaml, chart/segue/files/agent.yaml",
    "base/workflow.yaml, chart/segue/files/workflow.yaml",
    "namespace/agent.yaml, chart/segue/files/namespace-agent.yaml",
    "crds/applicationgroups.segue.dev.yaml, chart/segue/crds/applicationgroups.segue.dev.yaml",
  })
  void rightsAndTheCrdStandOnce(String source, String copy) throws IOException {
    String text = Files.readString(DEPLOY.resolve(source));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(DEPLOY.resolve(copy), text);
    }
    assertThat(Files.readString(DEPLOY.resolve(copy))).isEqualTo(text);
  }

  @Test
  void orkestraDefect16AFurtherNamespaceGivesNoRightThatTheAgentsOwnDoesNotGive()
      throws IOException {
    assertThat(rights("namespace")).isNotEmpty();
    assertThat(rights("base")).containsAll(rights("namespace"));
    assertThat(rights("namespace"))
        .noneMatch(right -> right.endsWith("/leases"))
        .noneMatch(right -> right.equals("get /secrets"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"base", "overlays/namespaced", "overlays/cluster-wide", "overlays/air-gapped"})
  void everyConfigurationIsOneThatTheAgentTakes(String folder) {
    ConfigReading reading =
        AgentConfig.read(DEPLOY.resolve(folder).resolve("segue.yaml"), Map.of(), Map.of(), DEPLOY);
    assertThat(reading.problems()).isEmpty();
  }

  @Test
  void theOverlayForOneNamespaceIsTheBase() throws IOException {
    assertThat(Kustomized.of("overlays/namespaced")).isEqualTo(Kustomized.of("base"));
  }

  @Test
  void everyNamespaceThatTheAgentWatchesIsOneInWhichItHasRights() throws IOException {
    AgentConfig config =
        AgentConfig.read(
                DEPLOY.resolve("overlays/cluster-wide/segue.yaml"), Map.of(), Map.of(), DEPLOY)
            .config()
            .orElseThrow();
    List<Manifest> objects = Kustomized.of("overlays/cluster-wide");
    assertThat(objects)
        .filteredOn(object -> object.kind().equals("RoleBinding") && object.name().equals("segue"))
        .extracting(object -> object.namespace().orElseThrow())
        .hasSameElementsAs(config.cluster().namespaces().stream().map(String::valueOf).toList());
    assertThat(objects)
        .filteredOn(object -> object.kind().equals("RoleBinding") && object.name().equals("segue"))
        .allSatisfy(
            binding ->
                assertThat(binding.maps("subjects"))
                    .containsExactly(
                        Map.of("kind", "ServiceAccount", "name", "segue", "namespace", "segue")));
  }

  /** With {@code IfHealthyBudget} the API server refuses the eviction (seen with 1.34). */
  @Test
  void anAgentThatIsNotReadyMayBeEvicted() throws IOException {
    assertThat(Kustomized.of("base"))
        .filteredOn(object -> object.kind().equals("PodDisruptionBudget"))
        .singleElement()
        .satisfies(
            budget ->
                assertThat(budget.map("spec"))
                    .containsEntry("maxUnavailable", 1L)
                    .containsEntry("unhealthyPodEvictionPolicy", "AlwaysAllow"));
  }

  /** So that Helm refuses a wrong word before an agent does that then does not start. */
  @Test
  void theChartsSchemaHasEverySettingAndNoOther() throws IOException {
    Map<String, @Nullable Object> schema =
        ((YamlNode.Mapping)
                YamlReader.read(Files.readString(DEPLOY.resolve("chart/segue/values.schema.json")))
                    .documents()
                    .get(0))
            .data();
    Set<String> settings = new TreeSet<>(Set.of("tenancy.tenants"));
    Setting.ALL.forEach(setting -> settings.add(setting.key()));

    assertThat(leaves("", PlainData.map(PlainData.at(schema, "properties", "config"))))
        .isEqualTo(settings);
  }

  private static Set<String> leaves(String path, Map<String, @Nullable Object> node) {
    Set<String> leaves = new TreeSet<>();
    Map<String, @Nullable Object> properties = PlainData.map(node.get("properties"));
    if (properties.isEmpty()) {
      leaves.add(path);
      return leaves;
    }
    assertThat(node).as(path).containsEntry("additionalProperties", false);
    properties.forEach(
        (name, child) ->
            leaves.addAll(leaves(path.isEmpty() ? name : path + "." + name, PlainData.map(child))));
    return leaves;
  }

  @Test
  void theAgentRunsWithoutAnyPrivilege() throws IOException {
    Manifest deployment =
        Kustomized.of("base").stream()
            .filter(object -> object.kind().equals("Deployment"))
            .findFirst()
            .orElseThrow();
    assertThat(deployment.map("spec", "template", "spec", "securityContext"))
        .containsEntry("runAsNonRoot", true)
        .containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
    assertThat(deployment.maps("spec", "template", "spec", "containers"))
        .allSatisfy(
            container ->
                assertThat(container.get("securityContext"))
                    .isEqualTo(
                        Map.of(
                            "allowPrivilegeEscalation",
                            false,
                            "readOnlyRootFilesystem",
                            true,
                            "capabilities",
                            Map.of("drop", List.of("ALL")))));
  }

  /** Of the agent, as "verb group/resource". */
  private static Set<String> rights(String folder) throws IOException {
    Set<String> rights = new TreeSet<>();
    for (Manifest object : Kustomized.of(folder)) {
      if (object.kind().equals("Role") && object.name().equals("segue")) {
        for (Map<String, @Nullable Object> rule : object.maps("rules")) {
          for (String verb : texts(rule.get("verbs"))) {
            for (String group : texts(rule.get("apiGroups"))) {
              texts(rule.get("resources"))
                  .forEach(resource -> rights.add(verb + " " + group + "/" + resource));
            }
          }
        }
      }
    }
    return rights;
  }

  private static List<String> texts(@Nullable Object node) {
    return node instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
