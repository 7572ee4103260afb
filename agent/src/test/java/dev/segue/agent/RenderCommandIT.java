// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.testing.SiteLab;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue render} of a commit against what the agent commits of it. */
final class RenderCommandIT {
  private static final Map<String, String> NOBODY = Map.of("HOME", "/nowhere");

  /** What only an attempt can tell; docs/cli.md names each. */
  private static final List<String> OF_ATTEMPTS =
      List.of("status.yaml", "inventory.yaml", "good.yaml", "history/");

  /** The agent's configuration, as far as nothing else says it before the first release. */
  private static final List<String> AGENTS =
      List.of("--set", "cluster.name=site-a", "--set", "workflow.parallelism=10");

  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: %s}
      spec:
        applications:
        - name: %s
          spec:
            chart: {path: charts/%s}
            release: {targetNamespace: shop, values: {colour: red}}%s
      """;

  private static final String SUBCHARTS = "\n      subcharts: [{name: page, dependencies: [api]}]";

  private static final String MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}
      data: {colour: "{{ .Values.colour }}"}
      """;

  @TempDir private static Path cache;
  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // set before each
  private SiteLab lab;

  @SuppressWarnings("NullAway.Init") // set before each
  private CommitId commit;

  @BeforeEach
  void commit() throws Exception {
    lab = new SiteLab(folder, cache);
    chart("charts/plain", "plain", "");
    chart(
        "charts/books",
        "books",
        "dependencies: [{name: api, version: 1.0.0}, {name: page, version: 1.0.0}]\n");
    chart("charts/books/charts/api", "api", "");
    chart("charts/books/charts/page", "page", "");
    lab.file("charts/books/charts/page/files/logo.svg", "<svg/>\n");
    lab.file("products/books.yaml", GROUP.formatted("books", "books", "books", SUBCHARTS));
    lab.file("products/plain.yaml", GROUP.formatted("plain", "plain", "plain", ""));
    commit = lab.commit();
  }

  private void chart(String path, String name, String more) {
    lab.file(path + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n" + more);
    lab.file(path + "/values.yaml", "colour: blue\n");
    lab.file(path + "/templates/map.yaml", MAP);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private CommandLineRun render(String output, Path path, List<String> more) {
    List<String> command = Stream.of("render", "-o", output, "--to", commit.hex()).toList();
    return CommandLineRun.here(
        NOBODY,
        lab.arguments(
            Stream.of(command, more, List.of(path.toString()))
                .flatMap(List::stream)
                .toArray(String[]::new)));
  }

  private Path everything() {
    return folder.resolve("product.git");
  }

  /** What the agent committed of the groups, at the paths at which it is rendered. */
  private SortedMap<String, String> committed() throws Exception {
    SortedMap<String, String> committed = new TreeMap<>();
    lab.statusFiles()
        .forEach(
            (path, content) -> {
              String[] parts = path.split("/", 3);
              String text = new String(content, StandardCharsets.ISO_8859_1);
              if (parts[0].equals("charts")) {
                committed.put(parts[1] + "/charts/" + parts[2], text);
              } else if (parts[0].equals("groups")
                  && OF_ATTEMPTS.stream().noneMatch(parts[2]::startsWith)) {
                committed.put(parts[1] + "/" + parts[2], text);
              }
            });
    return committed;
  }

  private static SortedMap<String, String> written(Path root) throws IOException {
    SortedMap<String, String> written = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        written.put(
            root.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return written;
  }

  @Test
  void writesWhatTheAgentCommitsToTheByte() throws Exception {
    lab.release();

    CommandLineRun run = render(folder.resolve("out").toString(), everything(), List.of());

    assertThat(run.code()).as(run.err() + run.out()).isZero();
    SortedMap<String, String> written = written(folder.resolve("out"));
    assertThat(written).isEqualTo(committed());
    assertThat(written.keySet())
        .anyMatch(path -> path.matches("books/charts/page-[0-9a-f]{12}/charts/page/files/logo.svg"))
        .contains("books/plan.md", "books/workflow.yaml", "plain/planned.yaml");
    long ofBooks = written.keySet().stream().filter(path -> path.startsWith("books/")).count();
    assertThat(run.err())
        .contains("books: " + ofBooks + " files in " + folder.resolve("out/books") + "\n")
        .doesNotContain("is not made yet");
  }

  @Test
  void foreseesWhatTheAgentCommitsButForACommitThatIsNotMadeYet() throws Exception {
    CommandLineRun run = render(folder.resolve("out").toString(), everything(), AGENTS);
    lab.release();

    assertThat(run.code()).as(run.err() + run.out()).isZero();
    SortedMap<String, String> written = written(folder.resolve("out"));
    SortedMap<String, String> committed = committed();
    assertThat(of("plain/", written)).isEqualTo(of("plain/", committed)).isNotEmpty();
    for (String same : List.of("charts/", "manifests/", "values/")) {
      assertThat(of("books/" + same, written)).isEqualTo(of("books/" + same, committed));
      assertThat(of("books/" + same, written)).isNotEmpty();
    }
    assertThat(run.err())
        .startsWith("No status branch is in this clone")
        .contains("books: the commit of the status branch that will have the charts")
        .doesNotContain("plain: the commit");
  }

  @Test
  void ofALaterCommitEverythingIsTheAgentsButWhatTheChangeItselfComesTo() throws Exception {
    lab.release();
    lab.replace("products/plain.yaml", "red", "green");
    lab.replace("products/books.yaml", "red", "green");
    commit = lab.commit();
    lab.release();

    CommandLineRun run = render(folder.resolve("out").toString(), everything(), List.of());

    assertThat(run.code()).as(run.err() + run.out()).isZero();
    assertThat(unlessOfTheChange(written(folder.resolve("out"))))
        .isEqualTo(unlessOfTheChange(committed()))
        .containsKeys("plain/values/plain.yaml", "books/helmreleases/books-page.yaml");
    assertThat(run.err()).doesNotContain("is not made yet");
  }

  private static SortedMap<String, String> unlessOfTheChange(SortedMap<String, String> files) {
    SortedMap<String, String> some = new TreeMap<>(files);
    some.keySet().removeIf(path -> path.matches("[a-z]+/(workflow\\.yaml|plan\\.md)"));
    return some;
  }

  private static SortedMap<String, String> of(String prefix, SortedMap<String, String> files) {
    SortedMap<String, String> some = new TreeMap<>(files);
    some.keySet().removeIf(path -> !path.startsWith(prefix));
    return some;
  }

  @Test
  void writesTheFilesOfAWorkTreeWithTheChartsOfTheirSubCharts() throws Exception {
    Path tree = lab.cloned(folder.resolve("clone"));
    Path out = folder.resolve("out");

    CommandLineRun run =
        CommandLineRun.here(
            NOBODY,
            "render",
            "-o",
            out.toString(),
            "--set",
            "charts.cache=" + cache.resolve("commands"),
            tree.resolve("products").toString());
    lab.release();

    assertThat(run.code()).as(run.err() + run.out()).isZero();
    assertThat(of("books/charts/", written(out)))
        .isEqualTo(of("books/charts/", committed()))
        .isNotEmpty();
    assertThat(run.err()).contains("books: the commit of the status branch that will have");
  }

  @Test
  void printsOneStreamOfYamlAndNamesWhatItLeavesOut() throws Exception {
    lab.release();

    CommandLineRun run = render("-", everything(), List.of());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(YamlReader.read(run.out()).faults()).isEmpty();
    committed()
        .forEach(
            (path, text) -> {
              String shown = text.startsWith("---\n") ? text.substring(4) : text;
              if (path.endsWith(".yaml") && !path.contains("/charts/")) {
                assertThat(run.out()).contains("---\n# File: " + path + "\n" + shown);
              }
            });
    assertThat(run.out())
        .containsPattern("# Left out: books/plan.md, a text of \\d+ bytes, sha256:[0-9a-f]{64}\n")
        .containsPattern(
            "# Left out: books/charts/page-([0-9a-f]{12}), a chart of \\d+ files,"
                + " sha256:\\1[0-9a-f]{52}\n")
        .doesNotContain("<svg/>");
    assertThat(run.err())
        .containsPattern("books: \\d+ files; left out, since no YAML: 1 text, 3 charts\\.");
  }

  @Test
  void rendersOnlyWhatLiesInThePath() throws Exception {
    lab.release();
    Path clone = lab.cloned(folder.resolve("clone"));
    Path out = folder.resolve("out");

    CommandLineRun run =
        CommandLineRun.here(
            NOBODY,
            "render",
            "-o",
            out.toString(),
            "--to",
            "HEAD",
            "--set",
            "charts.cache=" + cache.resolve("commands"),
            clone.resolve("products/plain.yaml").toString());

    assertThat(run.code()).as(run.err() + run.out()).isZero();
    assertThat(written(out).keySet()).allMatch(path -> path.startsWith("plain/")).isNotEmpty();
  }

  @Test
  void refusesAnotherRevisionPathOrSiteThanThereIs() throws Exception {
    lab.release();
    String out = folder.resolve("out").toString();

    CommandLineRun path = render(out, folder, List.of());
    CommandLineRun site = render(out, everything(), List.of("--cluster", "site-b"));
    CommandLineRun alone =
        CommandLineRun.here(NOBODY, "render", "-o", out, "--cluster", "site-a", "x");

    assertThat(List.of(path.code(), site.code(), alone.code())).containsOnly(Actions.USAGE);
    assertThat(path.err()).contains("PATH must lie in the clone");
    assertThat(site.err()).contains("`--cluster` must be one whose status branch is in this clone");
    assertThat(alone.err()).contains("--cluster needs --to");
    assertThat(Path.of(out)).doesNotExist();
  }

  @Test
  void documentsWhatOnlyAnAttemptCanTell() throws Exception {
    assertThat(Files.readString(Path.of("../docs/cli.md")))
        .contains(OF_ATTEMPTS.stream().map(name -> "`" + name + "`").toList());
  }
}
