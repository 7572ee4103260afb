// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.HelmOutput;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chart of charts is released as a whole, by Helm's own rules for what is in it. */
final class UmbrellaIT {
  /** Helm calls an aliased chart by its alias. */
  private static final String TEMPLATE =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: {{ .Release.Name }}-{{ .Chart.Name }}
      data:
        size: {{ .Values.size | quote }}
        color: {{ .Values.color | quote }}
        zone: {{ .Values.global.zone | quote }}
      """;

  @TempDir Path cache;
  private final MemoryRepo repo = new MemoryRepo();
  private HelmChartStore store;

  @BeforeEach
  void open() throws ChartException {
    store = Stores.store(repo, cache);
    chart("charts/shop", "shop", "size: 1\ncolor: red\nglobal: {zone: a}\nhot: {size: 7}\n");
    chart("charts/cache", "cache", "size: 2\ncolor: blue\n");
    chart("charts/shop/charts/metrics", "metrics", "size: 3\ncolor: green\n");
    chart("charts/shop/charts/tracing", "tracing", "size: 4\ncolor: white\n");
    repo.write(
        "charts/shop/Chart.yaml",
        """
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
        - {name: cache, version: 1.0.0, repository: "file://../cache", alias: hot}
        - {name: cache, version: 1.0.0, repository: "file://../cache", alias: cold}
        - {name: metrics, version: 1.0.0}
        - {name: tracing, version: 1.0.0, condition: tracing.enabled}
        """);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void chart(String folder, String name, String values) {
    repo.write(folder + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n")
        .write(folder + "/values.yaml", values)
        .write(folder + "/templates/configmap.yaml", TEMPLATE);
  }

  private HelmOutput render(Map<String, ?> values) throws ChartException {
    return Stores.render(store, Stores.git(store, "charts/shop"), values);
  }

  @Test
  void orkestraDefect15TheParentsValuesStandOverTheDefaultsOfItsSubCharts() throws ChartException {
    assertThat(named("web-hot", render(Map.of())))
        .contains("size: \"7\"", "color: \"blue\"", "zone: \"a\"");
    assertThat(named("web-hot", render(Map.of("hot", Map.of("size", 9)))))
        .contains("size: \"9\"", "color: \"blue\"");
  }

  @Test
  void orkestraDefect15OneChartUnderTwoAliasesIsThereTwice() throws ChartException {
    HelmOutput output = render(Map.of("cold", Map.of("color", "ice")));
    assertThat(named("web-hot", output)).contains("color: \"blue\"");
    assertThat(named("web-cold", output)).contains("color: \"ice\"", "size: \"2\"");
    assertThat(output.manifests()).noneMatch(text -> text.contains("name: web-cache\n"));
  }

  @Test
  void orkestraDefect15ASubChartWithoutAConditionIsThereOnce() throws ChartException {
    HelmOutput output = render(Map.of("tracing", Map.of("enabled", false)));
    assertThat(output.manifests())
        .extracting(text -> text.replaceAll("(?s).*\\n  name: (\\S+).*", "$1"))
        .containsExactlyInAnyOrder("web-shop", "web-hot", "web-cold", "web-metrics");
  }

  private static String named(String name, HelmOutput output) {
    assertThat(output.manifests())
        .as("ConfigMaps called %s", name)
        .filteredOn(text -> text.contains("\n  name: " + name + "\n"))
        .hasSize(1);
    return output.manifests().stream()
        .filter(text -> text.contains("\n  name: " + name + "\n"))
        .findFirst()
        .orElseThrow();
  }
}
