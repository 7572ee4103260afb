// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.cli.Actions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue validate} with charts, rendered by Helm's own engine. */
final class ValidateIT {
  private static final String HEAD =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: shop}
      spec:
        applications:
      """;
  private static final String CHART = "apiVersion: v2\nname: %s\nversion: 1.0.0\n";
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: {{ .Release.Name }}}
      spec:
        containers:
        - {name: web, image: {{ .Values.image | quote }}}
      """;

  @TempDir static Path cache;
  @TempDir Path folder;

  private final StringBuilder group = new StringBuilder(HEAD);

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void chart(String name) throws IOException {
    write("charts/" + name + "/Chart.yaml", CHART.formatted(name));
    write("charts/" + name + "/values.yaml", "image: nginx:1.27\n");
    write("charts/" + name + "/templates/pod.yaml", POD);
  }

  /** Declared on the next line: the first is 6. */
  private void application(String name, String chart, String values) {
    group.append(
        "  - {name: %s, spec: {chart: %s, release: {targetNamespace: shop, values: %s}}}\n"
            .formatted(name, chart, values));
  }

  private CommandLineRun validate(String... options) throws IOException {
    write("products/shop.yaml", group.toString());
    return CommandLineRun.here(
        Map.of("HOME", folder.toString()),
        Stream.of(
                Stream.of("validate", "--set=charts.cache=" + cache),
                Stream.of(options),
                Stream.of(folder.resolve("products").toString()))
            .flatMap(all -> all)
            .toArray(String[]::new));
  }

  private String file() {
    return folder.resolve("products/shop.yaml").toString();
  }

  @Test
  void findsNothingWrongWithTheExample() {
    CommandLineRun run =
        CommandLineRun.here(
            Map.of("HOME", folder.toString()),
            "validate",
            "--set=charts.cache=" + cache,
            "--images=tag",
            "../example-repo");

    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("3 files, 3 groups, 27 releases rendered, 0 problems\n");
    assertThat(run.code()).isZero();
  }

  /** What lies there after {@code helm dependency build} is in no commit, so no agent has it. */
  @Test
  void looksAtChartsAsGitWouldCommitThem() throws IOException {
    chart("web");
    write(
        "charts/web/Chart.yaml",
        CHART.formatted("web")
            + "dependencies: [{name: db, version: 1.0.0, repository: 'http://localhost:1'}]\n");
    write("charts/web/charts/db/Chart.yaml", CHART.formatted("db"));
    application("web", "{path: charts/web}", "{}");
    CommandLineRun vendored = validate();
    write(".gitignore", "charts/*/charts/\n");

    CommandLineRun ignored = validate();

    assertThat(vendored.code()).as(vendored.out()).isZero();
    assertThat(ignored.code()).isEqualTo(1);
    assertThat(ignored.out()).contains("cannot reach \"http://localhost:1/index.yaml\"");
    assertThat(ignored.err())
        .contains(
            "Git ignores charts/web/charts/db/Chart.yaml: left out here, as no commit would have"
                + " it\n");
  }

  @Test
  void tellsWhatTheTenantMustNotRelease() throws IOException {
    chart("good");
    chart("wide");
    write(
        "charts/wide/templates/role.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\n");
    application("a", "{path: charts/good}", "{}");
    application("b", "{path: charts/wide}", "{}");
    group.append("  - {name: c, spec: {chart: {path: charts/good},");
    group.append(" release: {targetNamespace: kube-system}}}\n");
    write(
        "segue.yaml",
        """
        charts: {cache: %s}
        tenancy: {tenants: [{name: shop, paths: [products], namespaces: [shop]}]}
        """
            .formatted(cache));

    CommandLineRun run = validate("--config=" + folder.resolve("segue.yaml"));

    assertThat(run.out().lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).startsWith(file() + ":7: SG1704: field `spec.chart`"))
        .anySatisfy(line -> assertThat(line).startsWith(file() + ":8: SG1702: "));
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void saysWhichChartsItDidNotLookAtBecauseOfTheFile() throws IOException {
    chart("good");
    application("a", "{path: charts/good}", "{}");
    group.append("  - {name: b, dependencies: [c], spec: {chart: {path: charts/good},");
    group.append(" release: {targetNamespace: shop}}}\n");

    CommandLineRun run = validate();

    assertThat(run.out()).contains(":7: SG1004: ");
    assertThat(run.err())
        .isEqualTo(
            """
            1 file, 1 group, 1 problem
            the charts of shop were not looked at, because of what is wrong with the file
            """);
  }

  @Test
  void tellsWhatIsWrongWithEveryChartAtOnce() throws IOException {
    chart("good");
    chart("strict");
    write(
        "charts/strict/values.schema.json",
        "{\"properties\": {\"replicas\": {\"type\": \"integer\"}}}");
    chart("broken");
    write("charts/broken/templates/pod.yaml", "{{ fail \"no\" }}");
    application("a", "{path: charts/good}", "{image: 'nginx:latest'}");
    application("b", "{path: charts/strict}", "{replicas: two}");
    application("c", "{path: charts/none}", "{}");
    application("d", "{path: charts/broken}", "{}");
    application("e", "{path: charts/good}", "{}");

    CommandLineRun run = validate();

    assertThat(run.out().lines())
        .hasSize(4)
        .anyMatch(l -> l.startsWith(file() + ":6: SG1601: warning: ") && l.contains("latest"))
        .anyMatch(l -> l.startsWith(file() + ":7: SG1205: ") && l.contains("'/replicas'"))
        .anyMatch(l -> l.startsWith(file() + ":8: SG1201: ") && l.contains("charts/none"))
        .anyMatch(l -> l.startsWith(file() + ":9: SG1205: ") && l.contains("no"));
    assertThat(run.err())
        .isEqualTo(
            "1 file, 1 group, 2 releases rendered, 3 problems, 1 warning\n"
                + "chart paths are relative to "
                + folder
                + "\n");
    assertThat(validate("-o", "json").out())
        .contains("\"release\": \"b\"", "\"release\": \"c\"", "\"release\": \"d\"");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void saysWhichChartsItDidNotLookAt() throws IOException {
    chart("good");
    application("a", "{path: charts/good}", "{}");
    application("b", "{url: 'http://127.0.0.1:1', name: b, version: 1.0.0}", "{}");

    CommandLineRun local = validate();
    assertThat(local.out()).isEmpty();
    assertThat(local.err())
        .isEqualTo(
            """
            1 file, 1 group, 1 release rendered, 0 problems
            1 chart is on the network and was not looked at; `--remote-charts` does: shop/b
            """);
    assertThat(local.code()).isZero();

    CommandLineRun remote = validate("--remote-charts");
    assertThat(remote.out()).startsWith(file() + ":7: SG2101: ");
    assertThat(remote.code()).isEqualTo(1);

    CommandLineRun none = validate("--no-charts");
    assertThat(none.err()).isEqualTo("1 file, 1 group, 0 problems\ncharts were not looked at\n");
    assertThat(none.code()).isZero();
  }

  @Test
  void warnsOfAnImageThatMayChangeAndRefusesItWhenAsked() throws IOException {
    chart("good");
    application("a", "{path: charts/good}", "{image: nginx}");

    CommandLineRun warned = validate();
    assertThat(warned.out()).startsWith(file() + ":6: SG1601: warning: ");
    assertThat(warned.code()).isZero();
    assertThat(validate("--images", "tag").code()).isEqualTo(1);
  }

  @Test
  void holdsRenderedObjectsAgainstSchemas() throws IOException {
    chart("good");
    application("a", "{path: charts/good}", "{}");
    write(
        "schemas/pod-v1.json",
        "{\"properties\": {\"spec\": {\"properties\": {\"containers\": {\"items\":"
            + " {\"properties\": {\"name\": {\"type\": \"string\"}}}}}}}}");

    CommandLineRun run = validate("--schemas", folder.resolve("schemas").toString());

    assertThat(run.out())
        .isEqualTo(
            file()
                + ":6: SG1603: field `spec.chart` of \"a\": object \"v1 Pod a\": field"
                + " `spec.containers[0].image` must not be there; no such field is known\n");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void writesReportsWhoseFilesAreRelativeToTheWorkTree() throws IOException {
    write(".git", "gitdir: elsewhere\n");
    chart("good");
    application("a", "{path: charts/good}", "{image: nginx}");

    assertThat(validate("-o", "sarif", "--images", "tag").out())
        .contains("\"uri\": \"products/shop.yaml\"", "\"startLine\": 6", "\"level\": \"error\"")
        .doesNotContain(folder.toString());
    assertThat(validate("-o", "junit").out())
        .contains("name=\"group shop: images\"", "<system-out>");
    assertThat(validate("-o", "json").out()).contains("\"severity\": \"warning\"");
  }

  /** A copy of the example with three mistakes. */
  private void copyExampleWithMistakes() throws IOException {
    Path example = Path.of("../example-repo");
    try (Stream<Path> files = Files.walk(example)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve(example.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    mistake("podtato-head.yaml", "dependencies: [ingress]", "dependencies: [ingres]");
    mistake("core5g.yaml", "replicaCount: 2", "replicaCount: two");
    mistake(
        "core5g.yaml",
        "            dataSource:",
        "            image: {tag: latest}\n            dataSource:");
  }

  private void mistake(String product, String right, String wrong) throws IOException {
    Path file = folder.resolve("products").resolve(product);
    String text = Files.readString(file);
    int at = text.indexOf(right);
    Files.writeString(file, text.substring(0, at) + wrong + text.substring(at + right.length()));
  }

  @Test
  void printsWhatTheDocumentationShows() throws Exception {
    copyExampleWithMistakes();
    String documentation = Files.readString(Path.of("../docs/cli.md"));

    CommandLineRun text = process("products");
    assertThat(documentation)
        .contains("$ segue validate products\n" + text.out() + text.err() + "$ echo $?\n1\n");
    CommandLineRun junit = process("-o", "junit", "products");
    assertThat(documentation)
        .contains(
            "$ segue validate -o junit products\n"
                + junit.out().lines().limit(9).collect(Collectors.joining("\n"))
                + "\n…\n");
    assertThat(text.code()).isEqualTo(1);
    assertThat(junit.code()).isEqualTo(1);
  }

  private CommandLineRun process(String... arguments) throws Exception {
    return CommandLineRun.process(
        folder,
        Map.of(),
        Stream.concat(Stream.of("validate", "--set=charts.cache=" + cache), Stream.of(arguments))
            .toArray(String[]::new));
  }

  @Test
  void refusesAnUnknownRepository() throws IOException {
    application("a", "{path: charts/good}", "{}");

    CommandLineRun run = validate("--repository", folder.resolve("none").toString());

    assertThat(run.err()).startsWith("SG1501: `--repository` must be a folder; got ");
    assertThat(run.code()).isEqualTo(Actions.USAGE);
  }
}
