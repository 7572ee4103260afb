// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.testing.Kustomized;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Helm chart gives what kustomize gives. */
final class InstallationChartIT {
  private static final Path CHART = Path.of("..", "deploy", "chart", "segue");

  /** A chart makes no namespace, and its CRD is a copy in {@code crds/}: see InstallationTest. */
  private static final Set<String> ELSEWHERE = Set.of("CustomResourceDefinition", "Namespace");

  @TempDir Path cache;
  private HelmChartStore store;

  @BeforeEach
  void open() throws ChartException, IOException {
    MemoryRepo repo = new MemoryRepo();
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        repo.write("chart/" + CHART.relativize(file), Files.readAllBytes(file));
      }
    }
    store = Stores.store(repo, cache);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void withItsDefaultsItIsTheBase() throws Exception {
    assertThat(comparable(rendered(""))).isEqualTo(comparable(Kustomized.of("base")));
  }

  @Test
  void withFurtherNamespacesItIsTheOverlayForThem() throws Exception {
    String values =
        """
        replicas: 2
        image: {pullPolicy: ""}
        config: {cluster: {namespaces: [team-a]}}
        """;
    assertThat(comparable(rendered(values)))
        .isEqualTo(comparable(Kustomized.of("overlays/cluster-wide")));
  }

  @Test
  void anotherNameAndShardsChangeTheLeasesThatAreGranted() throws Exception {
    List<Manifest> objects =
        rendered(
            """
            name: blue
            replicas: 3
            config: {highAvailability: {shards: 3}}
            """);
    assertThat(objects)
        .filteredOn(object -> object.kind().equals("Role") && object.name().equals("blue"))
        .flatExtracting(role -> role.maps("rules"))
        .anySatisfy(
            rule ->
                assertThat(rule)
                    .containsEntry("resourceNames", List.of("blue", "blue-1", "blue-2")));
    assertThat(settings(objects))
        .containsEntry(
            "cluster", Map.of("namespace", "segue", "workflowServiceAccount", "blue-workflow"))
        .containsEntry(
            "highAvailability", Map.of("enabled", true, "leaseName", "blue", "shards", 3L));
    assertThat(objects).extracting(Manifest::name).allMatch(name -> name.startsWith("blue"));
  }

  @Test
  void anAgentThatServesGitIsAloneBehindAService() throws Exception {
    String values =
        """
        config:
          highAvailability: {enabled: false}
          web:
            listen: "0.0.0.0:8443"
            plainHttp: false
            tls: {certificate: /c, key: /k}
            git: {enabled: true, url: "https://segue.segue.svc:8443"}
        """;
    List<Manifest> objects = rendered(values);
    assertThat(objects).extracting(Manifest::kind).contains("Service");
    Manifest deployment = only(objects, "Deployment");
    assertThat(deployment.text("spec", "strategy", "type")).contains("Recreate");
    assertThat(deployment.maps("spec", "template", "spec", "containers"))
        .singleElement()
        .extracting(container -> container.get("livenessProbe"))
        .asString()
        .contains("scheme=HTTPS");
    assertThatThrownBy(() -> rendered(values.replace("false}", "true}")))
        .isInstanceOf(ChartException.class)
        .hasMessageContaining("config.highAvailability.enabled must be false");
  }

  @Test
  void anAgentWithoutGitIsInstalledForAppliedGroupsOnly() throws Exception {
    assertThat(settings(rendered("config: {source: null, cluster: {applied: true}}")))
        .doesNotContainKey("source")
        .containsEntry("cluster", Map.of("applied", true, "namespace", "segue"));
    for (String values : List.of("config: {source: null}", "config: {source: {url: null}}")) {
      assertThatThrownBy(() -> rendered(values))
          .isInstanceOf(ChartException.class)
          .hasMessageContaining("source");
    }
  }

  @Test
  void theAgentIsWhereItsRightsAre() throws Exception {
    assertThat(rendered("config: {cluster: {namespace: segue}}")).isNotEmpty();
    assertThatThrownBy(() -> rendered("config: {cluster: {namespace: team-a}}"))
        .isInstanceOf(ChartException.class)
        .hasMessageContaining("config.cluster.namespace must be the release's namespace");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> rendered("replica: 2"))
        .isInstanceOf(ChartException.class)
        .hasMessageContaining("replica");
    assertThatThrownBy(() -> rendered("config: {source: {intervall: 1m}}"))
        .isInstanceOf(ChartException.class)
        .hasMessageContaining("intervall");
    assertThatThrownBy(
            () -> rendered("{replicas: 2, config: {highAvailability: {enabled: false}}}"))
        .isInstanceOf(ChartException.class)
        .hasMessageContaining("must be true where replicas is more than 1");
  }

  private List<Manifest> rendered(String values) throws ChartException {
    RenderRequest request =
        new RenderRequest(
            Stores.git(store, "chart"),
            ReleaseName.parse("segue"),
            Namespace.parse("segue"),
            "v1.34.4",
            values.isEmpty() ? Values.EMPTY : new Values(data(values)));
    return store.render(request).manifests().stream()
        .flatMap(text -> Kustomized.manifests(text).stream())
        .toList();
  }

  /** Without what Helm and kustomize cannot have in common: see {@link #plain}. */
  private static SortedMap<String, Object> comparable(List<Manifest> objects) {
    SortedMap<String, Object> comparable = new TreeMap<>();
    for (Manifest object : objects) {
      if (!ELSEWHERE.contains(object.kind())) {
        String place = object.kind() + " " + object.namespace().orElse("") + "/" + object.name();
        comparable.put(place, plain(object.fields()));
      }
    }
    return comparable;
  }

  /** Without Helm's labels and checksum; the configuration as what it says. */
  private static @Nullable Object plain(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      map.forEach(
          (key, value) -> {
            String name = String.valueOf(key);
            if (name.equals("segue.yaml") && value instanceof String text) {
              plain.put(name, data(text));
            } else if (!name.equals("app.kubernetes.io/managed-by")
                && !name.equals("helm.sh/chart")
                && !(name.equals("annotations") && String.valueOf(value).contains("checksum"))) {
              plain.put(name, plain(value));
            }
          });
      return plain;
    }
    if (node instanceof List<?> list) {
      List<@Nullable Object> plain = new ArrayList<>();
      list.forEach(item -> plain.add(plain(item)));
      return plain;
    }
    return node;
  }

  private static Map<String, @Nullable Object> settings(List<Manifest> objects) {
    return data(only(objects, "ConfigMap").text("data", "segue.yaml").orElseThrow());
  }

  private static Manifest only(List<Manifest> objects, String kind) {
    return objects.stream().filter(object -> object.kind().equals(kind)).findFirst().orElseThrow();
  }

  private static Map<String, @Nullable Object> data(String text) {
    return ((YamlNode.Mapping) YamlReader.read(text).documents().get(0)).data();
  }
}
