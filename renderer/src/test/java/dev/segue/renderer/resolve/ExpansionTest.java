// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.graph.ReleaseGraph;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.model.ValuesSelection;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.split.SplitChart;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExpansionTest {
  private static final CommitId COMMIT = CommitId.parse("1".repeat(40));
  private static final String REVIEWS_AFTER_BOTH =
      "subcharts: [{name: reviews, dependencies: [details, ratings]}]";

  @Test
  void makesAReleaseOfEverySubChartDeclaredOrNotAndTheParentLast() {
    DesiredGroup group =
        resolve(REVIEWS_AFTER_BOTH, "details", "productpage", "ratings", "reviews");

    assertThat(group.graph().edges())
        .extracting(edge -> edge.dependency() + " → " + edge.dependant())
        .containsExactly(
            "bookinfo-details → bookinfo",
            "bookinfo-productpage → bookinfo",
            "bookinfo-ratings → bookinfo",
            "bookinfo-reviews → bookinfo",
            "gateway → bookinfo",
            "gateway → bookinfo-details",
            "gateway → bookinfo-productpage",
            "gateway → bookinfo-ratings",
            "bookinfo-details → bookinfo-reviews",
            "bookinfo-ratings → bookinfo-reviews",
            "gateway → bookinfo-reviews",
            "bookinfo → shop");
  }

  @Test
  void carriesTheOrderAcrossASubChartThatIsTurnedOff() {
    DesiredGroup group =
        resolve(
            "subcharts: [{name: reviews, dependencies: [ratings]}, {name: ratings, dependencies: [details]}]",
            "details",
            "reviews");

    assertThat(group.graph().over(releases("bookinfo-details", "bookinfo-reviews")).edges())
        .containsExactly(
            new ReleaseGraph.Edge(
                ReleaseName.parse("bookinfo-details"),
                ReleaseName.parse("bookinfo-reviews"),
                false));
  }

  @Test
  void givesEachPartItsOwnValuesAndNoOthers() {
    DesiredGroup group = resolve(REVIEWS_AFTER_BOTH, "details", "ratings", "reviews");

    assertThat(values(group, "bookinfo-details"))
        .isEqualTo(Map.of("details", Map.of("password", "a-secret-word", "replicas", 2L)));
    assertThat(group.release(ReleaseName.parse("bookinfo-details")).settings().sensitive())
        .containsExactly("details.password");
    assertThat(values(group, "bookinfo-ratings")).isEmpty();
    assertThat(group.release(ReleaseName.parse("bookinfo-ratings")).settings().sensitive())
        .isEmpty();
    assertThat(values(group, "bookinfo")).containsOnlyKeys("title");
  }

  @Test
  void refusesNamesThatTheChartDoesNotHave() {
    Expansion expansion =
        Expansion.of(
            group("subcharts: [{name: review}]", "shop"),
            Map.of(ReleaseName.parse("bookinfo"), split("reviews")));

    assertThat(expansion.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ProblemCode.UNKNOWN_SUBCHART);
              assertThat(problem.toString()).startsWith("shop.yaml:7: ").contains("\"review\"");
            });
  }

  @Test
  void refusesAnApplicationThatHasTheNameOfAPart() {
    Expansion expansion =
        Expansion.of(
            group(REVIEWS_AFTER_BOTH, "bookinfo-reviews"),
            Map.of(ReleaseName.parse("bookinfo"), split("details", "ratings", "reviews")));

    assertThat(expansion.problems())
        .extracting(Problem::code)
        .containsExactly(ProblemCode.SUBCHART_RELEASE_NAME);
  }

  /** Its names were hashed of two different names, and cut at 63 letters where Helm takes 53. */
  @Test
  void orkestraDefects04And13APartIsCalledAfterTheApplicationWhateverTheChartIsCalled() {
    ReleaseName application = ReleaseName.parse("shop");
    assertThat(PartNames.of(application, "db").value()).isEqualTo("shop-db");
    assertThat(PartNames.of(application, "Mongo_DB").value()).matches("shop-mongo-db-[0-9a-f]{8}");
    assertThat(PartNames.of(application, "mongo.db"))
        .isNotEqualTo(PartNames.of(application, "mongo_db"));
    ReleaseName longName = ReleaseName.parse("a".repeat(50));
    assertThat(PartNames.of(longName, "database").value()).hasSizeLessThanOrEqualTo(53);
    assertThat(PartNames.of(longName, "database")).isNotEqualTo(PartNames.of(longName, "cache"));
  }

  /**
   * Its golden case: forward {@code sub1 → sub2}, {@code sub3} → both; backward every release goes
   * after those that stood on it, sub-charts that the file does not name among them.
   */
  @Test
  void orkestraDefect05TheWayBackIsTheMirrorAndHasTheSubChartsThatNobodyNamed() {
    DesiredGroup group =
        resolve(
            "subcharts: [{name: sub2, dependencies: [sub1]}, {name: sub3, dependencies: [sub1, sub2]}]",
            "sub1",
            "sub2",
            "sub3",
            "unnamed");
    Map<ReleaseName, DeployedRelease> deployed = new TreeMap<>();
    group
        .releases()
        .forEach(
            (name, release) ->
                deployed.put(name, DeployedRelease.of(release, "o." + name, Deletion.REMOVE)));
    Inventory inventory =
        new Inventory(
            group.group().name(), dev.segue.renderer.model.Namespace.parse("segue"), deployed);

    ReleaseGraph back = inventory.graph();
    assertThat(goesAfter(back, "bookinfo-sub1"))
        .containsExactly("bookinfo", "bookinfo-sub2", "bookinfo-sub3", "shop");
    assertThat(goesAfter(back, "bookinfo-sub2"))
        .containsExactly("bookinfo", "bookinfo-sub3", "shop");
    assertThat(goesAfter(back, "bookinfo-sub3")).containsExactly("bookinfo", "shop");
    assertThat(goesAfter(back, "bookinfo-unnamed")).containsExactly("bookinfo", "shop");
  }

  private static List<String> goesAfter(ReleaseGraph graph, String release) {
    return graph.descendants(List.of(ReleaseName.parse(release))).stream()
        .map(ReleaseName::value)
        .toList();
  }

  private static java.util.Set<ReleaseName> releases(String... names) {
    return new java.util.TreeSet<>(Stream.of(names).map(ReleaseName::parse).toList());
  }

  private static Map<String, ?> values(DesiredGroup group, String release) {
    return group.release(ReleaseName.parse(release)).settings().values().tree();
  }

  private static DesiredGroup resolve(String subcharts, String... enabled) {
    ApplicationGroup group = group(subcharts, "shop");
    Expansion expansion =
        Expansion.of(group, Map.of(ReleaseName.parse("bookinfo"), split(enabled)));
    assertThat(expansion.problems()).isEmpty();
    Map<ReleaseName, ResolvedChart> charts = new TreeMap<>(expansion.charts());
    for (Application application : group.applications()) {
      charts.putIfAbsent(
          application.name(),
          chart(new ChartPin.InGit(COMMIT, RepoPath.parse("charts/web"), List.of()), "web"));
    }
    return Resolver.resolve(expansion.group(), COMMIT, charts, expansion.included(), Map.of());
  }

  private static SplitChart split(String... subcharts) {
    SortedMap<String, ResolvedChart> parts = new TreeMap<>();
    List<List<String>> taken = Stream.of(subcharts).map(List::of).toList();
    for (String subchart : subcharts) {
      parts.put(subchart, part(subchart, new ValuesSelection(true, List.of(List.of(subchart)))));
    }
    ResolvedChart parent = part("", new ValuesSelection(false, taken));
    List<String> known =
        Stream.concat(Stream.of(subcharts), Stream.of("ratings", "details")).toList();
    return new SplitChart(parts, parent, List.of(), known, List.of(), List.of());
  }

  private static ResolvedChart part(String subchart, ValuesSelection values) {
    ChartPin whole = new ChartPin.InGit(COMMIT, RepoPath.parse("charts/book"), List.of());
    ChartPin.Derivation from =
        new ChartPin.Derivation(
            whole, Digest.of("book"), ReleaseName.parse("bookinfo"), subchart, values, List.of());
    RepoPath path = RepoPath.parse("charts/shop/part-" + subchart);
    return chart(new ChartPin.Derived(COMMIT, path, from), "book");
  }

  private static ResolvedChart chart(ChartPin pin, String name) {
    return new ResolvedChart(pin, name, "1.0.0", Digest.of(pin.toString()), List.of(), List.of());
  }

  private static ApplicationGroup group(String subcharts, String last) {
    String text =
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: books}
        spec:
          applications:
          - {name: gateway, spec: {chart: {path: charts/web}, release: {targetNamespace: books}}}
          - name: bookinfo
            dependencies: [gateway]
            spec:
              chart: {path: charts/book}
              release:
                targetNamespace: books
                values: {title: Books, details: {replicas: 2, password: a-secret-word}}
                sensitiveValues: [details.password]
              %s
          - name: %s
            dependencies: [bookinfo]
            spec: {chart: {path: charts/web}, release: {targetNamespace: books}}
        """
            .formatted(subcharts, last);
    Reading reading = GroupReader.read(List.of(new SourceFile(RepoPath.parse("shop.yaml"), text)));
    assertThat(reading.problems()).isEmpty();
    return reading.valid().get(0);
  }
}
