// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import static dev.segue.renderer.split.TestChart.shop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.model.Digest;
import org.junit.jupiter.api.Test;

class UmbrellaChartTest {
  @Test
  void namesWhatCouldBeReleased() {
    UmbrellaChart chart =
        shop("- name: db\n  version: 1.x\n  alias: main\n- name: lib\n  version: 1.x\n")
            .subchart("charts/db", "db")
            .subchart("charts/lib", "lib", "type: library\n")
            .subchart("charts/more", "more")
            .subchart("charts/_hidden", "hidden")
            .chart();
    assertThat(chart.subcharts()).containsExactly("main", "more");
  }

  @Test
  void probesWithNothingButWhatDecides() {
    TestChart chart =
        shop("- name: db\n  version: 1.x\n")
            .file("values.yaml", "a: 1\n")
            .file("values.schema.json", "{}")
            .file("templates/x.yaml", "{{ fail \"no\" }}")
            .file("crds/x.yaml", "kind: X\n")
            .subchart("charts/db", "db")
            .file("charts/db/values.yaml", "b: 1\n");
    assertThat(chart.chart().probe())
        .containsOnlyKeys(
            "Chart.yaml",
            "values.yaml",
            "templates/segue-probe.yaml",
            "charts/db/Chart.yaml",
            "charts/db/values.yaml");
  }

  @Test
  void readsWhatTheProbePrinted() {
    String hex = Digest.of("x").hex();
    String json =
        "{\\\"subcharts\\\":{\\\"db\\\":{\\\"subcharts\\\":{\\\"in\\\":{\\\"subcharts\\\":{},\\\"values\\\":\\\"HEX\\\"}},"
            + "\\\"values\\\":\\\"HEX\\\"}},\\\"values\\\":\\\"HEX\\\"}";
    Enabled enabled =
        UmbrellaChart.enabled(
            "# Source: shop/templates/segue-probe.yaml\nkind: ConfigMap\ndata:\n  enabled: \""
                + json.replace("HEX", hex)
                + "\"\n");
    assertThat(enabled.values()).isEqualTo(Digest.of("x"));
    assertThat(enabled.subcharts()).containsOnlyKeys("db");
    assertThat(enabled.subcharts().values())
        .allSatisfy(db -> assertThat(db.subcharts()).containsOnlyKeys("in"));
  }

  @Test
  void saysWhichChartCannotBeRead() {
    assertThatThrownBy(() -> new TestChart().file("values.yaml", "").chart())
        .hasMessage("the chart must have a `Chart.yaml`; it has none");
    assertThatThrownBy(() -> shop("").file("charts/db/values.yaml", "").chart())
        .hasMessage("the chart must have a `charts/db/Chart.yaml`; it has none");
    assertThatThrownBy(() -> shop("").file("charts/db/Chart.yaml", "a: 1\na: [\n").chart())
        .hasMessageStartingWith("charts/db/Chart.yaml:");
    assertThatThrownBy(() -> shop("").file("charts/db/Chart.yaml", "version: 1\n").chart())
        .hasMessage("charts/db/Chart.yaml: field `name` must be a chart's name; got \"\"");
    assertThatThrownBy(() -> UmbrellaChart.enabled(""))
        .hasMessage("the probe must print one document");
  }
}
