// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GitChartsTest {
  private static final String SHOP = "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n";

  @TempDir Path cache;
  private final MemoryRepo repo = new MemoryRepo();
  private HelmChartStore store;

  @BeforeEach
  void open() throws ChartException {
    store = Stores.store(repo, cache);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ChartException failure(String path) {
    return catchThrowableOfType(ChartException.class, () -> Stores.git(store, path));
  }

  @Test
  void anUnchangedFolderCostsOneLookup() throws ChartException {
    repo.chart("charts/web", "web", "1.0.0");
    ResolvedChart first = Stores.git(store, "charts/web");
    int reads = repo.reads.get();
    int lookups = repo.lookups.get();

    assertThat(Stores.git(store, "charts/web")).isEqualTo(first);
    assertThat(repo.reads).hasValue(reads);
    assertThat(repo.lookups).hasValue(lookups + 1);
    repo.write("charts/web/values.yaml", "color: red\n");
    assertThat(Stores.git(store, "charts/web").content()).isNotEqualTo(first.content());
  }

  @Test
  void bringsInSiblingsAndTheirSiblingsAndPinsEveryFolder() throws ChartException {
    repo.write(
            "charts/shop/Chart.yaml",
            SHOP + "- {name: db, version: 1.x, repository: \"file://../db\"}\n")
        .write(
            "charts/db/Chart.yaml",
            """
            apiVersion: v2
            name: db
            version: 1.2.0
            dependencies: [{name: base, version: '*', repository: "file://../../base"}]
            """)
        .chart("base", "base", "0.1.0");

    ResolvedChart shop = Stores.git(store, "charts/shop");

    assertThat(shop.pin())
        .isEqualTo(
            new ChartPin.InGit(
                MemoryRepo.COMMIT,
                RepoPath.parse("charts/shop"),
                List.of(
                    RepoPath.parse("base"),
                    RepoPath.parse("charts/db"),
                    RepoPath.parse("charts/shop"))));
    assertThat(shop.dependencies())
        .extracting(d -> d.name() + " " + d.version())
        .containsExactly("base 0.1.0", "db 1.2.0");
    assertThat(shop.notices()).singleElement().asString().contains("Flux brings in only");
    repo.write("base/values.yaml", "color: red\n");
    assertThat(Stores.git(store, "charts/shop").content()).isNotEqualTo(shop.content());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "leaves the repository | {name: db, version: 1.x, repository: \"file://../../../db\"} | CHART_UNSAFE",
        "absolute | {name: db, version: 1.x, repository: \"file:///etc\"} | CHART_UNSAFE",
        "not there | {name: db, version: 1.x, repository: \"file://../db\"} | CHART_NOT_FOUND",
        "no repository | {name: db, version: 1.x} | CHART_DEPENDENCY",
        "a local name | {name: db, version: 1.x, repository: \"@stable\"} | CHART_DEPENDENCY",
        "another version | {name: web, version: 2.x, repository: \"file://../web\"} | CHART_DEPENDENCY",
        "another name | {name: web2, version: 1.x, repository: \"file://../web\"} | CHART_DEPENDENCY",
        "itself | {name: shop, version: 1.x, repository: \"file://../shop\"} | CHART_DEPENDENCY",
        "no range | {name: web, version: one, repository: \"file://../web\"} | CHART_DEPENDENCY",
      })
  void refusesADependency(String name, String dependency, ProblemCode code) {
    repo.chart("charts/web", "web", "1.0.0")
        .write("charts/shop/Chart.yaml", SHOP + "- " + dependency + "\n");

    assertThat(failure("charts/shop").code()).isEqualTo(code);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "no Chart.yaml | | must have a `Chart.yaml`",
        "no apiVersion | name: x | `apiVersion` must be v1 or v2; got \"\"",
        "a bad name | {apiVersion: v2, name: a/b, version: 1.0.0} | `name` must have letters",
        "a bad version | {apiVersion: v2, name: a, version: one} | `version` must be a semantic version",
        "no YAML | {apiVersion: v2 | Chart.yaml:1 must be YAML",
        "a library | {apiVersion: v2, name: a, version: 1.0.0, type: library} | it is a library chart",
      })
  void refusesAChartThatIsNone(String name, String chartYaml, String message) {
    repo.write("charts/x/values.yaml", "{}");
    if (chartYaml != null) {
      repo.write("charts/x/Chart.yaml", chartYaml);
    }

    assertThat(failure("charts/x"))
        .hasMessageContaining(message)
        .extracting(ChartException::code)
        .isEqualTo(ProblemCode.CHART_INVALID);
  }

  @Test
  void tellsTemplatesThatAskTheClusterByFileAndLine() throws ChartException {
    repo.chart("charts/web", "web", "1.0.0")
        .write(
            "charts/web/charts/sub/templates/a.yaml",
            """
            {{/* lookup in a comment, "and" in a string: */}}
            a: {{ "lookup" }} {{ .Values.lookup }}
            {{- if .Capabilities.APIVersions.Has "a/b" }}
            b: {{ (lookup "v1" "Secret" "a" "b").data }}
            {{- end }}
            """)
        .write("charts/web/charts/sub/Chart.yaml", "{apiVersion: v2, name: sub, version: 1.0.0}");

    assertThat(Stores.git(store, "charts/web").notices())
        .hasSize(2)
        .anyMatch(n -> n.startsWith("charts/sub/templates/a.yaml:3 asks `.Capabilities"))
        .anyMatch(n -> n.startsWith("charts/sub/templates/a.yaml:4 calls `lookup`"));
  }

  @Test
  void leavesOutWhatHelmignoreSays() throws ChartException {
    repo.chart("charts/web", "web", "1.0.0");
    ResolvedChart before = Stores.git(store, "charts/web");

    repo.write("charts/web/.helmignore", "# no\n*.tmp\n/docs/\nci/\n")
        .write("charts/web/a/b.tmp", "x")
        .write("charts/web/docs/readme", "x")
        .write("charts/web/x/ci/y", "x")
        .write("charts/web/templates/.swap", "x");

    assertThat(Stores.git(store, "charts/web").content()).isEqualTo(before.content());
    repo.write("charts/web/.helmignore", "a/**\n");
    assertThat(failure("charts/web")).hasMessageContaining(".helmignore:1 must not use `**`");
  }

  @Test
  void tellsThatNothingIsThere() {
    assertThat(failure("charts/none").code()).isEqualTo(ProblemCode.CHART_NOT_FOUND);
  }
}
