// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is told of templates. */
class TemplateScanTest {
  private static TemplateScan scan(String template) throws Exception {
    TreeMap<String, byte[]> files = new TreeMap<>();
    files.put(
        "Chart.yaml",
        "{apiVersion: v2, name: web, version: 1.0.0}".getBytes(StandardCharsets.UTF_8));
    files.put("templates/all.yaml", template.getBytes(StandardCharsets.UTF_8));
    return TemplateScan.of(ChartFiles.of(files, "charts/web"));
  }

  /** As the common library of a large family of charts has it. */
  @Test
  void tellsOfHundredsOfPlacesInOneLine() throws Exception {
    TemplateScan scan =
        scan(
            "{{ lookup \"v1\" \"Secret\" \"a\" \"b\" }}{{ randAlphaNum 9 }}{{ now }}\n".repeat(200)
                + "{{ genCA \"a\" 9 }}{{ .Capabilities.APIVersions.Has \"v1\" }}\n");

    assertThat(scan.clusterNotices())
        .containsExactly(
            "templates/all.yaml:1, templates/all.yaml:2 and 198 more places call `lookup`: shown here"
                + " as if it found nothing, in the cluster what it finds decides",
            "templates/all.yaml:201 asks `.Capabilities.APIVersions`: shown here for the APIs that"
                + " Helm knows, in the cluster those that it has decide");
    assertThat(scan.clock())
        .containsExactly(
            "templates/all.yaml:1, templates/all.yaml:2 and 198 more places call `now`");
    assertThat(scan.chance())
        .containsExactly(
            "templates/all.yaml:1, templates/all.yaml:2 and 199 more places call `genCA` and"
                + " `randAlphaNum`");
  }

  @Test
  void namesEveryPlaceOfAFew() throws Exception {
    assertThat(scan("{{ now }}\n{{ ago }}\n\n{{ now }}").clock())
        .containsExactly(
            "templates/all.yaml:1, templates/all.yaml:2 and templates/all.yaml:4 call `ago` and"
                + " `now`");
    assertThat(scan("a: 1").clock()).isEmpty();
  }
}
