// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue graph} on the example, and on what does not fit a terminal. */
class GraphCommandIT {
  private static final Path EXAMPLE = Path.of("../example-repo/products");

  @TempDir Path folder;

  private CommandLineRun graph(String... arguments) {
    return CommandLineRun.here(
        Map.of("HOME", folder.toString()),
        Stream.concat(Stream.of("graph"), Stream.of(arguments)).toArray(String[]::new));
  }

  /** On a terminal that takes all letters and no colours. */
  private CommandLineRun onTerminal(String... arguments) {
    return CommandLineRun.here(
        Map.of("HOME", folder.toString(), "LANG", "C.UTF-8", "NO_COLOR", "1"),
        true,
        Stream.concat(Stream.of("graph"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void drawsTheExample() throws IOException {
    CommandLineRun run = onTerminal(EXAMPLE.resolve("core5g.yaml").toString());

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    GoldenText.check("graph/core5g.txt", run.out());
  }

  @Test
  void drawsPartsOfAChartAndWhatWouldNotRun() throws IOException {
    CommandLineRun run =
        onTerminal(
            "--set=charts.cache=" + folder.resolve("cache"),
            "--fail=bookinfo-ratings",
            EXAMPLE.resolve("bookinfo.yaml").toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    GoldenText.check("graph/bookinfo-fail.txt", run.out());
  }

  @Test
  void coloursWhatWouldNotRunOnATerminalThatTakesColours() {
    CommandLineRun run =
        CommandLineRun.here(
            Map.of("HOME", folder.toString(), "LANG", "C.UTF-8"),
            true,
            "graph",
            "--fail=hat",
            EXAMPLE.resolve("podtato-head.yaml").toString());

    assertThat(run.out())
        .contains("\u001b[31m✖ hat\u001b[0m", "\u001b[33m○ entry\u001b[0m", "\u001b[32m✔ ingress");
    assertThat(graph("--fail=hat", EXAMPLE.resolve("podtato-head.yaml").toString()).out())
        .matches("[\\n -~]*")
        .contains("x hat", "- entry", "+ ingress");
  }

  @Test
  void writesTheSameForMachines() throws IOException {
    String file = EXAMPLE.resolve("podtato-head.yaml").toString();
    GoldenText.check("graph/podtato-head.mmd", graph("-o", "mermaid", "--fail=hat", file).out());
    GoldenText.check("graph/podtato-head.dot", graph("-o", "dot", file).out());
    GoldenText.check("graph/podtato-head.yaml", graph("-o", "yaml", "--fail=hat", file).out());
    JsonNode json = new ObjectMapper().readTree(graph("-o", "json", file).out());
    assertThat(json.at("/groups/0/longestChain/2").asText()).isEqualTo("entry");
    assertThat(json.at("/groups/0/failure").isMissingNode()).isTrue();
  }

  @Test
  void drawsAChartThatCannotBeHadAsOneRelease() throws IOException {
    Files.writeString(
        folder.resolve("shop.yaml"),
        """
        apiVersion: segue.dev/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
          applications:
          - name: web
            spec:
              chart: {path: charts/web}
              subcharts: [{name: db}]
        """);

    CommandLineRun run = graph(folder.resolve("shop.yaml").toString());

    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("shop: 1 release in 1 level\n\nweb\n");
    assertThat(run.err())
        .contains("shop: \"web\" is drawn as one release, since its chart cannot be had: SG1201");
  }

  @Test
  void isAListWhereThePictureDoesNotFit() throws IOException {
    StringBuilder file =
        new StringBuilder(
            """
            apiVersion: segue.dev/v1alpha1
            kind: ApplicationGroup
            metadata: {name: large}
            spec:
              applications:
            """);
    for (int i = 0; i < 100; i++) {
      file.append("  - name: app-").append(i).append('\n');
      if (i >= 20) {
        file.append("    dependencies: [app-" + (i - 20) + ", app-" + (i / 20 * 20 - 20) + "]\n");
      }
      if (i % 20 == 7 && i > 20) {
        file.append("    softDependencies: [app-" + (i / 20 * 20 - 18) + "]\n");
      }
      file.append("    spec: {chart: {path: charts/a}}\n");
    }
    String text = file.toString().replaceAll("\\[(app-[0-9]+), \\1\\]", "[$1]");
    Files.writeString(folder.resolve("large.yaml"), text);

    CommandLineRun run = graph(folder.resolve("large.yaml").toString());

    assertThat(run.code()).isZero();
    assertThat(run.out().lines().filter(line -> line.contains("app-")).count()).isEqualTo(101);
    assertThat(run.out())
        .startsWith("large: 100 releases in 5 levels\n\n  app-0\n")
        .contains("    app-21  ", "after: app-0, app-1\n")
        .contains("after: app-0, app-7; after the end of: app-2\n");
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @Test
  void refusesToFailWhatIsNotThere() {
    CommandLineRun run = graph("--fail=hut", EXAMPLE.resolve("podtato-head.yaml").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo("SG1501: `--fail` must name a release that is drawn; got \"hut\"\n");
  }
}
