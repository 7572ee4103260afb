// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each mistake in a group's document is answered with. */
class GroupProblemsTest {
  private static final String HEAD =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop}
      """;
  private static final String APPLICATIONS = HEAD + "spec:\n  applications:\n";

  private static List<String> problemsOf(String text) {
    Reading reading = GroupReader.read(List.of(new SourceFile(RepoPath.parse("a.yaml"), text)));
    assertThat(reading.valid()).isEmpty();
    assertThat(reading.invalid()).hasSize(1);
    assertThat(reading.invalid().get(0).problems()).isEqualTo(reading.problems());
    return reading.problems().stream().map(Problem::toString).toList();
  }

  /** One application per line of {@code names}: {@code name: hard, hard / soft, soft}. */
  private static String applications(String... applications) {
    return APPLICATIONS
        + Stream.of(applications)
            .map(
                application -> {
                  String[] nameAndRest = application.split(": ?", 2);
                  String[] lists = (nameAndRest.length > 1 ? nameAndRest[1] : "").split("/", -1);
                  return "  - {name: %s, dependencies: [%s], softDependencies: [%s], spec: {chart: {path: c}}}\n"
                      .formatted(
                          nameAndRest[0],
                          lists[0].strip(),
                          lists.length > 1 ? lists[1].strip() : "");
                })
            .collect(Collectors.joining());
  }

  /** One application whose chart, release or whole spec is given. */
  private static String spec(String spec) {
    return APPLICATIONS + "  - name: web\n    spec:\n" + spec.indent(6);
  }

  private static String chart(String chart) {
    return spec("chart: " + chart);
  }

  private static String release(String release) {
    return spec("chart: {path: c}\nrelease: " + release);
  }

  static Stream<Arguments> table() {
    String app = "spec.applications[0]";
    String chart = app + ".spec.chart";
    String release = app + ".spec.release";
    return Stream.of(
        arguments(
            "no metadata",
            "kind: ApplicationGroup\napiVersion: segue.dev/v1alpha1\nspec: {applications: [{name: a, spec: {chart: {path: c}}}]}",
            List.of("1: SG1006: field `metadata` must be given")),
        arguments("no spec", HEAD, List.of("1: SG1006: field `spec` must be given")),
        arguments(
            "spec of nothing", HEAD + "spec:\n", List.of("1: SG1006: field `spec` must be given")),
        arguments(
            "spec is a list",
            HEAD + "spec: []\n",
            List.of("4: SG1005: field `spec` must be an object; got a list")),
        arguments(
            "no application",
            APPLICATIONS.replace("applications:", "applications: []"),
            List.of("5: SG1017: field `spec.applications` must have at least one application")),
        arguments(
            "group's name is no label",
            HEAD.replace("shop", "My_Shop")
                + "spec: {applications: [{name: a, spec: {chart: {path: c}}}]}",
            List.of(
                "3: SG1007: field `metadata.name` must be a DNS label of at most 63 characters (a-z, 0-9 and `-`, beginning and ending with a letter or digit); got \"My_Shop\"")),
        arguments(
            "name is a number",
            applications("123"),
            List.of(
                "6: SG1005: field `"
                    + app
                    + ".name` must be a string; got \"123\", which is a number. Put it in quotes.")),
        arguments(
            "name is a boolean",
            applications("yes"),
            List.of(
                "6: SG1005: field `"
                    + app
                    + ".name` must be a string; got \"yes\", which is true or false. Put it in quotes.")),
        arguments(
            "unknown field at the root",
            HEAD + "sepc: {}\nspec: {applications: [{name: a, spec: {chart: {path: c}}}]}",
            List.of("4: SG1003: field `sepc` is not known. Did you mean \"spec\"?")),
        arguments(
            "unknown field, none near",
            chart("{path: c}\nbranch: x"),
            List.of(
                "9: SG1003: field `"
                    + app
                    + ".spec.branch` is not known. Known here: chart, release, subcharts, workflow.")),
        arguments(
            "duplicate key",
            chart("{path: c}\nchart: {path: d}"),
            List.of(
                "9: SG1002: key \"chart\" must stand once; it is already on line 8. Remove one of them.")),
        arguments(
            "bad interval",
            HEAD + "spec: {interval: 5min, applications: [{name: a, spec: {chart: {path: c}}}]}",
            List.of(
                "4: SG1008: field `spec.interval` must be positive and written in h, m, s or ms, such as \"90s\", \"5m\" or \"1h30m\"; got \"5min\"")),
        arguments(
            "duration without a unit",
            release("{timeout: 300}"),
            List.of(
                "9: SG1008: field `"
                    + release
                    + ".timeout` must be a duration with a unit; got 300. Write \"300s\" if you mean seconds.")),
        arguments(
            "negative parallelism",
            HEAD + "spec: {parallelism: -1, applications: [{name: a, spec: {chart: {path: c}}}]}",
            List.of(
                "4: SG1017: field `spec.parallelism` must be from 0 to 2147483647; got \"-1\"")),
        arguments(
            "fractional parallelism",
            HEAD + "spec: {parallelism: 1.5, applications: [{name: a, spec: {chart: {path: c}}}]}",
            List.of(
                "4: SG1005: field `spec.parallelism` must be a whole number; got \"1.5\", which is a number")),
        arguments(
            "no chart",
            spec("release: {}"),
            List.of("7: SG1006: field `" + chart + "` must be given")),
        arguments(
            "chart of nowhere",
            chart("{}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + "` must have either `path` or `url`. Write `path: charts/web` for a chart of this repository.")),
        arguments(
            "chart of two places",
            chart("{path: c, url: https://a.example.com, name: b}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + "` must have either `path` or `url`, not both. Write `path: charts/web` for a chart of this repository.")),
        arguments(
            "version beside a path",
            chart("{path: c, version: 1.2.3}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + ".version` must not be given with `path`: the chart is that of the same commit. Remove it.")),
        arguments(
            "path that leaves",
            chart("{path: ../c}"),
            List.of("8: SG1010: field `" + chart + ".path` must not leave its root; got \"../c\"")),
        arguments(
            "absolute path",
            chart("{path: /c}"),
            List.of("8: SG1010: field `" + chart + ".path` must be relative; got \"/c\"")),
        arguments(
            "repository without a name",
            chart("{url: https://a.example.com}"),
            List.of(
                "8: SG1006: field `"
                    + chart
                    + ".name` must be given. Name the chart in the repository.")),
        arguments(
            "unknown scheme",
            chart("{url: ftp://a.example.com, name: b}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + ".url` must begin with https://, http:// or oci://; got \"ftp://a.example.com\"")),
        arguments(
            "no URL",
            chart("{url: a b, name: b}"),
            List.of(
                "8: SG1010: field `" + chart + ".url` must be a URL: Illegal character in path")),
        arguments(
            "no host",
            chart("{url: 'https:///x', name: b}"),
            List.of("8: SG1010: field `" + chart + ".url` must have a host; got \"https:///x\"")),
        arguments(
            "password in the URL",
            chart("{url: 'https://me:hunter2@a.example.com', name: b}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + ".url` must not hold user information: it would be a secret in Git. Put it in a Secret and name that in `authSecretRef`.")),
        arguments(
            "token in the query",
            chart("{url: 'https://a.example.com?token=hunter2', name: b}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + ".url` must not have a query or fragment: it may be a secret in Git")),
        arguments(
            "tag in an OCI URL",
            chart("{url: 'oci://a.example.com/b:1'}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + ".url` must not have a tag: `version` is the place for it; got \"oci://a.example.com/b:1\"")),
        arguments(
            "registry without a chart",
            chart("{url: 'oci://a.example.com'}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + ".url` must name the chart in the registry; got \"oci://a.example.com\". Write oci://registry/path/chart.")),
        arguments(
            "chart's name with a slash",
            chart("{url: 'https://a.example.com', name: a/b}"),
            List.of(
                "8: SG1010: field `"
                    + chart
                    + ".name` must be a chart's name (letters, digits, `.`, `_` and `-`); got \"a/b\"")),
        arguments(
            "no range",
            chart("{url: 'https://a.example.com', name: b, version: latest}"),
            List.of(
                "8: SG1009: field `"
                    + chart
                    + ".version` must be a semantic version or a range of them, such as \"1.2.3\", \"^1.2\" or \">=1.2 <2\"; got \"latest\"")),
        arguments(
            "version is a number",
            chart("{url: 'https://a.example.com', name: b, version: 1.10}"),
            List.of(
                "8: SG1005: field `"
                    + chart
                    + ".version` must be a string; got \"1.10\", which is a number. Put it in quotes.")),
        arguments(
            "star without quotes",
            spec("chart:\n  version: *\n  url: 'https://a.example.com'"),
            List.of(
                "9: SG1001: must be YAML: while scanning an alias: unexpected character found at the end of the line. Put a text that begins with a special character in quotes, such as \"*\".")),
        arguments(
            "namespace too long",
            release("{targetNamespace: " + "n".repeat(64) + "}"),
            List.of(
                "9: SG1007: field `"
                    + release
                    + ".targetNamespace` must be a DNS label of at most 63 characters (a-z, 0-9 and `-`, beginning and ending with a letter or digit); got \""
                    + "n".repeat(64)
                    + "\"")),
        arguments(
            "values are a list",
            release("{values: [a]}"),
            List.of("9: SG1005: field `" + release + ".values` must be an object; got a list")),
        arguments(
            "values from nowhere",
            release("{valuesFrom: [{kind: Pod, nam: a}]}"),
            List.of(
                "9: SG1003: field `"
                    + release
                    + ".valuesFrom[0].nam` is not known. Did you mean \"name\"?",
                "9: SG1006: field `" + release + ".valuesFrom[0].name` must be given",
                "9: SG1017: field `"
                    + release
                    + ".valuesFrom[0].kind` must be one of ConfigMap, Secret; got \"Pod\"")),
        arguments(
            "sensitive value that is not there",
            release("{values: {a: {b: abcdefgh}}, sensitiveValues: [a, a.c]}"),
            List.of(
                "9: SG1017: field `"
                    + release
                    + ".sensitiveValues[0]` must name a string in `values`; got \"a\". Write the keys that lead to it with dots between them, such as auth.password.",
                "9: SG1017: field `"
                    + release
                    + ".sensitiveValues[1]` must name a string in `values`; got \"a.c\". Write the keys that lead to it with dots between them, such as auth.password.")),
        arguments(
            "sensitive value that is short",
            release("{values: {a: hunter2}, sensitiveValues: [a]}"),
            List.of(
                "9: SG1017: field `"
                    + release
                    + ".sensitiveValues[0]` must name a string of at least 8 characters; the one at \"a\" is shorter. Choose a longer secret: a short text cannot be masked reliably.")),
        arguments(
            "install is no object",
            release("{install: true}"),
            List.of(
                "9: SG1005: field `"
                    + release
                    + ".install` must be an object; got \"true\", which is true or false")),
        arguments(
            "upstream's field of a HelmRelease that is ours to set",
            release("{dependsOn: []}"),
            List.of(
                "9: SG1003: field `"
                    + release
                    + ".dependsOn` is not known. Known here: commonMetadata, driftDetection, healthCheckExprs, install, interval, maxHistory, persistentClient, postRenderers, rollback, sensitiveValues, serviceAccountName, targetNamespace, test, timeout, uninstall, upgrade, values, valuesFrom, waitStrategy.")),
        arguments(
            "unknown executor",
            spec("chart: {path: c}\nworkflow: [{name: a, type: keptnn, dependencies: [b]}]"),
            List.of(
                "9: SG1004: field `"
                    + app
                    + ".spec.workflow[0].dependencies[0]` must name an executor in this list; got \"b\"",
                "9: SG1017: field `"
                    + app
                    + ".spec.workflow[0].type` must be one of helmrelease, keptn, custom; got \"keptnn\". Did you mean \"keptn\"?")),
        arguments(
            "custom executor without an image",
            spec("chart: {path: c}\nworkflow: [{name: a, type: custom}]"),
            List.of(
                "9: SG1006: field `"
                    + app
                    + ".spec.workflow[0].image` must be given. Name the container image of the executor.")),
        arguments(
            "cycle of executors",
            spec(
                "chart: {path: c}\nworkflow: [{name: a, dependencies: [b]}, {name: b, dependencies: [a]}]"),
            List.of(
                "9: SG1013: field `"
                    + app
                    + ".spec.workflow[0].dependencies[0]` must not close a cycle; got a → b → a. Remove one of these dependencies.")),
        arguments(
            "cycle of sub-charts",
            spec(
                "chart: {path: c}\nsubcharts: [{name: a, dependencies: [b]}, {name: b, dependencies: [a]}, {name: b}]"),
            List.of(
                "9: SG1013: field `"
                    + app
                    + ".spec.subcharts[0].dependencies[0]` must not close a cycle; got a → b → a. Remove one of these dependencies.",
                "9: SG1017: field `"
                    + app
                    + ".spec.subcharts[2].name` must be unique in this list; \"b\" is already on line 9. Rename or remove one of them.")),
        arguments(
            "sub-chart that waits for one that is released last",
            spec(
                "chart: {path: c}\nsubcharts: [{name: a, staging: false}, {name: b, dependencies: [a]}]"),
            List.of(
                "9: SG1017: field `"
                    + app
                    + ".spec.subcharts[1].dependencies[0]` must be a sub-chart that is released by itself; \"a\" has `staging: false`, so it is released last, with its parent")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void saysWhatIsWrongAndHowToMendIt(String name, String text, List<String> expected) {
    assertThat(problemsOf(text))
        .isEqualTo(expected.stream().map(line -> "a.yaml:" + line).toList());
  }

  @Test
  @DisplayName("orkestraDefect13: names that Helm does not take are refused, not shortened")
  void orkestraDefect13RefusesNamesThatAreTooLong() {
    String fits = "a".repeat(53);
    String tooLong = "a".repeat(54);
    assertThat(problemsOf(applications(fits, tooLong, "b: " + tooLong)))
        .containsExactly(
            "a.yaml:7: SG1007: field `spec.applications[1].name` must be a DNS label of at most 53 characters"
                + " (a-z, 0-9 and `-`, beginning and ending with a letter or digit); got \""
                + tooLong
                + "\". Choose a shorter name.");
  }

  @Test
  @DisplayName("orkestraDefect13: a dependency is compared as it is written, as the name is")
  void orkestraDefect13ConvertsNeitherNamesNorDependencies() {
    assertThat(problemsOf(applications("my_db", "web: my-db")))
        .containsExactly(
            "a.yaml:6: SG1007: field `spec.applications[0].name` must be a DNS label of at most 53 characters"
                + " (a-z, 0-9 and `-`, beginning and ending with a letter or digit); got \"my_db\". Write"
                + " \"my-db\".",
            "a.yaml:7: SG1004: field `spec.applications[1].dependencies[0]` must name an application in this"
                + " group; got \"my-db\". Did you mean \"my_db\"?");
  }

  @Test
  @DisplayName("orkestraDefect14: every unknown dependency is reported, hard and soft")
  void orkestraDefect14ReportsEveryUnknownDependency() {
    assertThat(problemsOf(applications("database", "web: databse, zzz / dtabase")))
        .containsExactly(
            "a.yaml:7: SG1004: field `spec.applications[1].dependencies[0]` must name an application in this"
                + " group; got \"databse\". Did you mean \"database\"?",
            "a.yaml:7: SG1004: field `spec.applications[1].dependencies[1]` must name an application in this"
                + " group; got \"zzz\"",
            "a.yaml:7: SG1004: field `spec.applications[1].softDependencies[0]` must name an application in"
                + " this group; got \"dtabase\". Did you mean \"database\"?");
  }

  @Test
  @DisplayName("orkestraDefect14: duplicate applications are refused")
  void orkestraDefect14RefusesDuplicateApplications() {
    assertThat(problemsOf(applications("web", "db", "web")))
        .containsExactly(
            "a.yaml:8: SG1011: field `spec.applications[2].name` must be unique in this list; \"web\" is already"
                + " on line 6. Rename or remove one of them.");
  }

  @Test
  @DisplayName("orkestraDefect14: an application that depends on itself is refused")
  void orkestraDefect14RefusesSelfDependencies() {
    assertThat(problemsOf(applications("a: a", "b: / b")))
        .containsExactly(
            "a.yaml:6: SG1012: field `spec.applications[0].dependencies[0]` must not name its own node; got"
                + " \"a\". Remove it.",
            "a.yaml:7: SG1012: field `spec.applications[1].softDependencies[0]` must not name its own node; got"
                + " \"b\". Remove it.");
  }

  @Test
  @DisplayName("orkestraDefect14: cycles over hard and soft dependencies are printed as a path")
  void orkestraDefect14PrintsEveryCycleAsAPath() {
    assertThat(problemsOf(applications("a: b", "b: / c", "c: a", "d: e", "e: d")))
        .containsExactly(
            "a.yaml:6: SG1013: field `spec.applications[0].dependencies[0]` must not close a cycle; got a → b →"
                + " c → a. Remove one of these dependencies.",
            "a.yaml:9: SG1013: field `spec.applications[3].dependencies[0]` must not close a cycle; got d → e →"
                + " d. Remove one of these dependencies.");
  }

  @Test
  void refusesADependencyThatIsHardAndSoftOrStandsTwice() {
    assertThat(problemsOf(applications("a", "b", "web: a, b, b / a")))
        .containsExactly(
            "a.yaml:8: SG1017: field `spec.applications[2].dependencies[2]` must stand once; got \"b\". Remove"
                + " one of them.",
            "a.yaml:8: SG1017: field `spec.applications[2].softDependencies[0]` must be either hard or soft;"
                + " both lists have \"a\". Remove one of them.");
  }

  @Test
  void showsNoSecretAndOneLineForEachProblem() {
    String secret = "hunter2hunter2";
    for (String text :
        List.of(
            chart("{url: 'https://u:" + secret + "@h.example.com', name: a}"),
            chart("{url: '" + secret + "@h', name: a}"),
            chart("{url: 'https://h.example.com/#" + secret + "', name: a}"),
            release("{values: {p: {q: " + secret + "}}, sensitiveValues: [p]}"),
            applications("\"a\\nb\""))) {
      assertThat(problemsOf(text))
          .allSatisfy(line -> assertThat(line).doesNotContain(secret, "\n"));
    }
  }

  @Test
  @org.junit.jupiter.api.Timeout(10)
  void readsAThousandApplicationsInAChain() {
    String[] names =
        IntStream.range(0, 1000)
            .mapToObj(i -> i == 0 ? "app-0: app-999" : "app-" + i + ": app-" + (i - 1))
            .toArray(String[]::new);
    assertThat(problemsOf(applications(names))).hasSize(1);
  }
}
