// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue verify-split} on charts of the corpus. */
final class VerifySplitIT {
  private static final Path CORPUS = Path.of("src/test/resources/umbrella");
  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata: {name: product}
      spec:
        applications:
        - name: web
          spec:
            chart: {path: charts/APPLICATION}
            subcharts:
            - {name: db, dependencies: [cache]}
            - {name: cache}
            release: {targetNamespace: shop}
        - name: plain
          spec:
            chart: {path: charts/other}
            release: {targetNamespace: shop}
      """;

  @TempDir Path folder;

  private CommandLineRun verify(String chart, String... arguments) throws IOException {
    copy(CORPUS.resolve(chart).resolve("chart"), folder.resolve("charts").resolve(chart));
    copy(CORPUS.resolve("files").resolve("chart"), folder.resolve("charts/other"));
    Path file = folder.resolve("shop.yaml");
    Files.writeString(file, GROUP.replace("APPLICATION", chart));
    return CommandLineRun.here(
        Map.of("HOME", folder.toString()),
        Stream.of(
                Stream.of("verify-split", "--set=charts.cache=" + folder.resolve("cache")),
                Stream.of(arguments),
                Stream.of(file.toString()))
            .flatMap(all -> all)
            .toArray(String[]::new));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  @Test
  void printsThePartsInOrderAndThatTheUnionIsExact() throws IOException {
    CommandLineRun run = verify("globals");

    assertThat(run.out() + run.err())
        .isEqualTo(
            """
            product/web: chart shop 1.0.0
              1. cache: 1 object
              2. db: 1 object, after cache
              3. what remains of the chart: 1 object
              union: exact, 3 objects
            """);
    assertThat(run.code()).isZero();
  }

  @Test
  void printsEveryDifferenceAndFails() throws IOException {
    CommandLineRun run = verify("a-template-that-writes-what-another-reads");

    assertThat(run.out())
        .contains(
            "  union: not exact; the whole has 4 objects\n"
                + "    shop/templates/shop.yaml: object \"v1 ConfigMap web-shop\": field"
                + " `data.size` must be \"8\" as in the whole chart; what remains of the parent"
                + " alone gives \"1\"\n");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void takesApplicationsWithoutSubchartsTooAndWritesJson() throws IOException {
    CommandLineRun run = verify("globals", "--all", "-o", "json");

    assertThat(run.out())
        .contains("\"application\": \"web\"", "\"application\": \"plain\"", "\"exact\": true");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
  }

  @Test
  void refusesASubchartThatTheChartDoesNotHave() throws IOException {
    verify("tags");
    Files.writeString(
        folder.resolve("shop.yaml"),
        Files.readString(folder.resolve("shop.yaml")).replace("{name: db,", "{name: dbs,"));
    CommandLineRun run =
        CommandLineRun.here(
            Map.of("HOME", folder.toString()),
            "verify-split",
            "--set=charts.cache=" + folder.resolve("cache"),
            folder.resolve("shop.yaml").toString());

    assertThat(run.err())
        .contains("SG1305", "of \"web\" must name sub-charts of its chart; got \"dbs\"")
        .contains("It has cache, db, queue");
    assertThat(run.code()).isEqualTo(1);
  }
}
