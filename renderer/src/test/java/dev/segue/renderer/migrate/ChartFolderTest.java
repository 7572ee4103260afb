// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChartFolderTest {
  private final SortedMap<RepoPath, String> charts = new TreeMap<>();

  private void chart(String folder, String yaml) {
    charts.put(RepoPath.parse(folder), yaml);
  }

  private Migration draft() {
    return ChartFolder.draft(GroupName.parse("shop"), Namespace.parse("shop"), charts);
  }

  @Test
  void hasAnApplicationForEachChartAndTheDependenciesThatChartsName() {
    chart("charts/db", "{name: db, version: 1.0.0}");
    chart("charts/lib", "{name: lib, version: 1.0.0, type: library}");
    chart(
        "charts/web",
        """
        name: web
        version: 1.0.0
        dependencies:
        - {name: db, version: 1.0.0, repository: "file://../db"}
        - {name: lib, version: 1.0.0, repository: "file://../lib"}
        - {name: redis, version: 18.x, repository: "oci://registry.example.com/charts"}
        """);

    Migration made = draft();

    assertThat(made.problems()).isEmpty();
    assertThat(made.notices())
        .extracting(Problem::message)
        .containsExactly("chart \"charts/lib\" is a library: it is no application");
    assertThat(made.text())
        .isEqualTo(
            """
            # A first file, made by `segue init` of the charts that are there.
            # Dependencies are those that charts name by file:// and no others: add what must be there first, such as
            #   dependencies: [db]
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata:
              name: shop
            spec:
              applications:
              - name: db
                spec:
                  chart:
                    path: charts/db
                  release:
                    targetNamespace: shop
              # Its chart has "db" as a sub-chart too: turn that off in its values, or take the application db out.
              - name: web
                dependencies:
                - db
                spec:
                  chart:
                    path: charts/web
                  release:
                    targetNamespace: shop
            """);
  }

  @Test
  void givesEveryApplicationANameOfItsOwnThatHelmTakes() {
    chart("a/web", "{name: web}");
    chart("b/web", "{name: web}");
    chart("c", "{name: My_Chart.X}");
    chart("d", "{name: \"" + "long".repeat(20) + "\"}");

    Migration made = draft();

    assertThat(made.problems()).isEmpty();
    assertThat(made.text())
        .contains("- name: web\n", "- name: b-web\n", "- name: my-chart-x\n")
        .contains("- name: " + "long".repeat(13) + "l\n");
  }

  @Test
  void saysWhatIsWrongWithAChartAndWhenThereIsNone() {
    assertThat(draft().problems())
        .extracting(Problem::code)
        .containsExactly(ProblemCode.DRAFT_NO_CHART);
    chart("charts/broken", "name: [");
    assertThat(draft().problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ProblemCode.YAML_SYNTAX);
              assertThat(problem.path()).isEqualTo("charts/broken/Chart.yaml");
            });
    assertThat(draft().text()).isEmpty();
  }
}
