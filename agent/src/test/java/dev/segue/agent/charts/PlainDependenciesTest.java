// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainDependenciesTest {
  private static final String OF_ONE = "apiVersion: v2\nname: one\nversion: 1.0.0\n";
  private static final String PLAIN =
      "{name: common, version: 2.x, repository: 'file://../common'}";

  private final SortedMap<String, String> files = new TreeMap<>();

  /** An umbrella with the sub-chart {@code one}, and in it a chart {@code common}. */
  private PlainDependenciesTest() {
    files.put("Chart.yaml", "apiVersion: v2\nname: u\nversion: 1.0.0\n");
    files.put("charts/one/Chart.yaml", OF_ONE + "dependencies: [" + PLAIN + "]\n");
    files.put("charts/one/values.yaml", "size: 1\n");
    files.put("charts/one/templates/a.yaml", "kind: A\n");
    files.put(
        "charts/one/charts/common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 2.1.0\n");
  }

  private Map<String, String> leftOut() throws Exception {
    SortedMap<String, byte[]> bytes = new TreeMap<>();
    files.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
    Map<String, String> without = new TreeMap<>();
    PlainDependencies.leftOut(ChartFiles.of(bytes, "chart"))
        .forEach((path, text) -> without.put(path, new String(text, StandardCharsets.UTF_8)));
    return without;
  }

  private void declare(String dependencies) {
    files.put("charts/one/Chart.yaml", OF_ONE + "dependencies: [" + dependencies + "]\n");
  }

  @Test
  void aNameAVersionAndARepositorySayNothing() throws Exception {
    assertThat(leftOut())
        .containsOnlyKeys("charts/one/Chart.yaml")
        .allSatisfy(
            (path, text) ->
                assertThat(text).contains("one", "1.0.0").doesNotContain("dependencies"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: common, version: 2.x, alias: other}",
        "{name: common, version: 2.x, condition: common.enabled}",
        "{name: common, version: 2.x, enabled: false}",
        "{name: common, version: 2.x, import-values: [data]}",
        PLAIN + ", {name: common, version: 2.1.0}",
        "common"
      })
  void anythingElseSaysSomething(String dependencies) throws Exception {
    declare(dependencies);

    assertThat(leftOut()).isEmpty();
  }

  @Test
  void tagsSayNothingWhileNoValuesSpeakOfTags() throws Exception {
    declare("{name: common, version: 2.x, tags: [kit]}");

    assertThat(leftOut()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tags: {kit: false}", "a: 1\n\"tags\":\n  kit: false", "{tags: {kit: false}}"})
  void tagsSaySomethingWhereValuesSpeakOfThem(String values) throws Exception {
    declare("{name: common, version: 2.x, tags: [kit]}");
    files.put("values.yaml", values);

    assertThat(leftOut()).isEmpty();
  }

  @Test
  void aTemplateThatReadsWhatIsDeclaredKeepsAllDeclared() throws Exception {
    files.put("templates/a.yaml", "a: {{ .Subcharts.one.Chart.Dependencies | len }}\n");

    assertThat(leftOut()).isEmpty();
  }

  @Test
  void aChartThatIsThereTwiceIsChosenByWhatIsDeclared() throws Exception {
    files.put("charts/one/charts/other/Chart.yaml", "apiVersion: v2\nname: b\nversion: 2.2.0\n");
    assertThat(leftOut()).hasSize(1);

    files.put(
        "charts/one/charts/other/Chart.yaml", "apiVersion: v2\nname: common\nversion: 2.2.0\n");
    assertThat(leftOut()).isEmpty();
  }

  @Test
  void whatNestedChartsDeclareIsNotLookedInto() throws Exception {
    files.put(
        "charts/one/charts/common/Chart.yaml",
        "apiVersion: v2\nname: common\nversion: 2.1.0\ndependencies: []\n");

    assertThat(leftOut()).isEmpty();
  }

  @Test
  void theOldFormIsNotLookedInto() throws Exception {
    files.put("charts/one/requirements.yaml", "dependencies: []\n");

    assertThat(leftOut()).isEmpty();
  }
}
