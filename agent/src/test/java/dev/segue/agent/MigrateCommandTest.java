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

/** {@code segue migrate} on files as people have them. */
class MigrateCommandTest {
  private static final Path FILES = Path.of("src/test/resources/migrate");

  @TempDir Path folder;

  private CommandLineRun migrate(String... arguments) {
    return CommandLineRun.here(
        Map.of("HOME", folder.toString()),
        Stream.concat(Stream.of("migrate"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void writesAFileOfOrkestraAndTellsWhatIsLeftOut() throws IOException {
    CommandLineRun run = migrate(FILES.resolve("orkestra-bookinfo.yaml").toString());

    assertThat(run.code()).isZero();
    GoldenText.check("migrate/orkestra-bookinfo.yaml", run.out());
    GoldenText.check("migrate/orkestra-bookinfo.txt", run.err());
  }

  @Test
  void writesAHelmfileAndTellsWhatIsLeftOut() throws IOException {
    CommandLineRun run =
        migrate(
            "--repository",
            FILES.resolve("shop").toString(),
            FILES.resolve("shop/helmfile.yaml").toString());

    assertThat(run.code()).isZero();
    GoldenText.check("migrate/helmfile-shop.yaml", run.out());
    GoldenText.check("migrate/helmfile-shop.txt", run.err());
    assertThat(run.out() + run.err()).doesNotContain("not-shown-anywhere");
  }

  @Test
  void whatItWritesIsValid() throws IOException {
    Path written = folder.resolve("shop.yaml");
    CommandLineRun run =
        migrate(
            "--name=other",
            "-f",
            written.toString(),
            "--repository",
            FILES.resolve("shop").toString(),
            FILES.resolve("shop/helmfile.yaml").toString());

    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
    CommandLineRun checked =
        CommandLineRun.here(
            Map.of("HOME", folder.toString()), "validate", "--no-charts", written.toString());
    assertThat(checked.code()).as(checked.out()).isZero();
    assertThat(Files.readString(written)).contains("\n  name: other\n");
  }

  @Test
  void replacesNoFile() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.yaml"), "mine");

    CommandLineRun run =
        migrate("-f", mine.toString(), FILES.resolve("orkestra-bookinfo.yaml").toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("SG1418: `--file` must name a new file");
    assertThat(mine).hasContent("mine");
  }

  @Test
  void writesNothingWhenOneFileCannotBeMigrated() throws IOException {
    Path template =
        Files.writeString(
            folder.resolve("helmfile.yaml"),
            """
            releases:
            {{ range .Values.shops }}
            - name: {{ . }}
            {{ end }}
            """);
    Path other = Files.writeString(folder.resolve("other.yaml"), "kind: Deployment\n");

    CommandLineRun run =
        migrate(
            FILES.resolve("orkestra-bookinfo.yaml").toString(),
            template.toString(),
            other.toString(),
            folder.resolve("gone.yaml").toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(
            template
                + ":2: SG1412: must not have a template ({{ … }}): what it becomes depends on an"
                + " environment. Give the output of `helmfile build --embed-values` instead.",
            other + ": SG1411: must be a file of Orkestra",
            folder.resolve("gone.yaml") + ": SG1408: must be a file");
  }
}
