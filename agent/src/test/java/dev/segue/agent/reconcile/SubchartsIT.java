// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.rehearse.Fault;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An umbrella chart in parts, from the commit to the release and back. */
final class SubchartsIT {
  private static final String ORDERED =
      "[{name: page, dependencies: [reviews]}, {name: reviews, dependencies: [ratings]}]";

  @TempDir static Path chartCache;
  @TempDir Path folder;
  private ReleaseLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new ReleaseLab(folder, chartCache);
    umbrella("page", "reviews", "ratings");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void releasesEachSubChartInOrderAndTheParentLast() throws Exception {
    books(ORDERED, "").push();
    lab.start().release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lastTasks())
        .containsExactly("books-ratings", "books-reviews", "books-page", "books");
    assertThat(colours())
        .isEqualTo(
            Map.of("books", "none", "books-page", "p", "books-ratings", "p", "books-reviews", "p"));
    assertThat(lab.statusFiles())
        .anyMatch(
            path -> path.matches("charts/shop/reviews-[0-9a-f]{12}/charts/reviews/Chart.yaml"));
  }

  @Test
  void changesNothingWhereOnlyTheOrderOrTheCommitIsAnother() throws Exception {
    books(ORDERED, "").push();
    lab.start().release();
    int commits = lab.statusCommits().size();

    books("[{name: page, dependencies: [ratings]}]", "").push();
    lab.release();
    lab.file("README.md", "another commit\n").push();
    lab.release();

    assertThat(lab.workflows("shop")).hasSize(1);
    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lab.statusCommits()).hasSizeLessThanOrEqualTo(commits + 1); // the order is told
  }

  @Test
  void upgradesTheOneSubChartWhoseValuesChange() throws Exception {
    books(ORDERED, "").push();
    lab.start().release();

    books(ORDERED, "reviews: {colour: red}").push();
    lab.release();

    assertThat(lastTasks()).containsExactly("books-reviews");
    assertThat(colours()).containsEntry("books-reviews", "red").containsEntry("books-page", "p");
  }

  @Test
  void upgradesTheOneSubChartWhoseTemplatesChange() throws Exception {
    books(ORDERED, "").push();
    lab.start().release();

    lab.file("charts/books/charts/ratings/values.yaml", "colour: d\nmore: true\n").push();
    lab.release();

    assertThat(lastTasks()).containsExactly("books-ratings");
  }

  @Test
  void removesASubChartThatIsTurnedOffAndInstallsOneThatIsAdded() throws Exception {
    books(ORDERED, "").push();
    lab.start().release();

    umbrella("page", "reviews", "ratings", "details");
    books(ORDERED, "ratings: {enabled: false}").push();
    lab.release();

    assertThat(lab.outcome("shop")).isEqualTo(new Outcome.InSync());
    assertThat(lastTasks()).contains("books-details", "Delete-books-ratings");
    assertThat(colours()).containsOnlyKeys("books", "books-details", "books-page", "books-reviews");
  }

  /** Orkestra went back to the parent's version only, and kept what the failed one had added. */
  @Test
  void orkestraDefect03ARollbackRestoresTheSubChartsWhateverTheirOrderAndRemovesAddedOnes()
      throws Exception {
    books(ORDERED, "").push();
    lab.start().release();
    Map<String, String> before = colours();
    Map<String, String> contents = contents();

    umbrella("details", "ratings", "reviews", "page");
    lab.file("charts/books/charts/ratings/values.yaml", "colour: other\n");
    lab.cluster().fail("books-page", Fault.TIMES_OUT);
    books("[{name: page, dependencies: [details, ratings]}]", "page: {colour: broken}").push();
    lab.poll().until(() -> lab.status("shop").attempt().number() == 3);
    lab.cluster().heal("books-page");
    lab.settle();

    assertThat(lab.status("shop").phase()).isEqualTo(Phase.ROLLED_BACK);
    assertThat(colours()).isEqualTo(before);
    assertThat(contents()).isEqualTo(contents);
  }

  @Test
  void orkestraDefect05TheSubChartsThatNobodyNamedGoWithTheirProductInReverse() throws Exception {
    lab.group("other", "web");
    books("[{name: reviews, dependencies: [ratings]}]", "").push();
    lab.start().release();

    lab.remove("products/shop.yaml").push();
    lab.release();

    assertThat(lab.status("shop").phase()).isEqualTo(Phase.REMOVED);
    assertThat(lab.objects("shop", "HelmRelease")).isEmpty();
    assertThat(lastTasks())
        .startsWith("Delete-books")
        .contains("Delete-books-page")
        .containsSubsequence("Delete-books-reviews", "Delete-books-ratings");
  }

  @Test
  void aSubChartThatIsNotStagedIsReleasedWithItsParent() throws Exception {
    books("[{name: page, dependencies: [reviews]}, {name: ratings, staging: false}]", "").push();
    lab.start().release();

    assertThat(lastTasks()).containsExactly("books-reviews", "books-page", "books");
    assertThat(deployed("books")).extracting(Manifest::name).contains("books-ratings");
  }

  @Test
  void refusesASubChartThatTheChartDoesNotHaveAndTouchesNothing() throws Exception {
    books("[{name: review}]", "").push();
    lab.start().release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.status("shop").problems().toString()).contains("SG1305", "\"review\"");
    assertThat(lab.workflows("shop")).isEmpty();
  }

  @Test
  void refusesAnOrderInWhichAPodWaitsForTheParentsConfiguration() throws Exception {
    lab.file(
        "charts/books/charts/page/templates/pod.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: page}
        spec:
          containers:
          - {name: page, image: page, envFrom: [{configMapRef: {name: books}}]}
        """);
    books(ORDERED, "").push();
    lab.start().release();

    assertThat(lab.outcome("shop")).isInstanceOf(Outcome.Stalled.class);
    assertThat(lab.status("shop").problems().toString()).contains("SG1306", "ConfigMap", "page");
    assertThat(lab.workflows("shop")).isEmpty();
  }

  /** A chart {@code books} of a ConfigMap and one sub-chart of a ConfigMap for each name. */
  private void umbrella(String... subcharts) {
    StringBuilder chart =
        new StringBuilder("apiVersion: v2\nname: library\nversion: 1.0.0\ndependencies:\n");
    StringBuilder values = new StringBuilder();
    for (String name : subcharts) {
      chart.append("- {name: ").append(name).append(", version: 1.0.0, condition: ");
      chart.append(name).append(".enabled}\n");
      values.append(name).append(": {colour: p, enabled: true}\n");
      String at = "charts/books/charts/" + name;
      lab.file(at + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n");
      lab.file(at + "/values.yaml", "colour: d\n");
      lab.file(at + "/templates/all.yaml", "{{ include \"books.map\" . }}\n");
    }
    lab.file("charts/books/Chart.yaml", chart.toString());
    lab.file("charts/books/values.yaml", values.toString());
    lab.file(
        "charts/books/templates/_map.tpl",
        """
        {{ define "books.map" -}}
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}{{ if ne .Chart.Name "library" }}-{{ .Chart.Name }}{{ end }}
        data:
          colour: {{ .Values.colour | default "none" }}
        {{- end }}
        """);
    lab.file("charts/books/templates/all.yaml", "{{ include \"books.map\" . }}\n");
  }

  private ReleaseLab books(String subcharts, String values) {
    return lab.file(
        "products/shop.yaml",
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          applications:
          - name: books
            spec:
              chart: {path: charts/books}
              subcharts: %s
              release:
                targetNamespace: shop
                timeout: 30s
                values: {%s}
        """
            .formatted(subcharts, values));
  }

  private List<String> lastTasks() {
    return lab.tasks(lab.workflow(lab.status("shop").workflow()));
  }

  /** The colour of every object that is live, by its name. */
  private Map<String, String> colours() {
    Map<String, String> colours = new TreeMap<>();
    Stream.of("books", "books-page", "books-reviews", "books-ratings", "books-details")
        .flatMap(release -> deployed(release).stream())
        .forEach(object -> colours.put(object.name(), object.text("data", "colour").orElse("")));
    return colours;
  }

  private List<Manifest> deployed(String release) {
    return lab.cluster().deployed(ReleaseLab.NAMESPACE.value(), "shop." + release);
  }

  /** The content of every chart that was released, by release. */
  private Map<String, String> contents() {
    Map<String, String> contents = new TreeMap<>();
    InventoryFile.read(lab.statusFile("groups/shop/inventory.yaml").orElseThrow())
        .orElseThrow()
        .releases()
        .forEach((name, release) -> contents.put(name.value(), release.content().hex()));
    return contents;
  }
}
