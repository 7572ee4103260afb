// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.cli.Actions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as people meet it, without a cluster, a server or Helm. */
class SegueCliTest {
  private static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata:
        name: %s
      spec:
        applications:
          - name: %s
            dependencies: [%s]
            spec:
              chart: {path: charts/web}
              release: {targetNamespace: shop}
      """;
  private static final String BROKEN = GROUP.formatted("shop", "web", "databse");
  private static final String PROBLEM =
      ":8: SG1004: field `spec.applications[0].dependencies[0]` must name an application in this"
          + " group; got \"databse\"";

  @TempDir Path folder;

  private static CommandLineRun segue(String... arguments) {
    return CommandLineRun.here(Map.of("HOME", "/nowhere"), arguments);
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  @Test
  void showsItsUsageOnStandardErrorWithoutArguments() {
    CommandLineRun run = segue();

    assertThat(run.code()).isEqualTo(Actions.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: segue").contains("validate", "demo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "agent",
        "sync",
        "status",
        "history",
        "approve",
        "suspend",
        "resume",
        "retry",
        "rollback",
        "config",
        "validate",
        "schema",
        "render",
        "verify-split",
        "demo"
      })
  void helpsOnStandardOutput(String command) {
    CommandLineRun run = command.isEmpty() ? segue("--help") : segue(command, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("Usage: segue " + command).doesNotContain("\u001b");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 120);
    assertThat(command.isEmpty() ? segue("help") : segue("help", command)).isEqualTo(run);
  }

  /** A command is described alone when it is called, and among all by {@code help}. */
  @ParameterizedTest
  @ValueSource(strings = {"graph", "init", "migrate", "plan", "rehearse", "render", "validate"})
  void saysTheSameOfACommandAloneAndAmongAll(String command) {
    CommandLineRun alone = segue(command, "--help");

    assertThat(alone.out()).startsWith("Usage: segue " + command + " ");
    assertThat(segue("help", command)).isEqualTo(alone);
    assertThat(segue(command, "--no-such").err()).contains("See `segue " + command + " --help`");
  }

  @Test
  void coloursHelpOnATerminalThatAllowsIt() {
    String coloured = CommandLineRun.here(Map.of(), true, "--help").out();
    String plain = CommandLineRun.here(Map.of("NO_COLOR", "1"), true, "--help").out();

    assertThat(coloured).contains("\u001b[");
    assertThat(plain).doesNotContain("\u001b[");
  }

  @Test
  void tellsItsVersion() {
    assertThat(segue("--version").out()).startsWith("segue ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          vaildate          | there is no command "vaildate"; did you mean "validate"? See `segue --help`
          --bogus           | unknown option: "--bogus". See `segue --help`
          validate          | missing required parameter: "PATH". See `segue validate --help`
          validate -o xml x | invalid value for option "--output": must be "text", "json", "sarif" or "junit"; got "xml". See `segue validate --help`
          validate --images any x | invalid value for option "--images": must be "tag" or "digest"; got "any". See `segue validate --help`
          validate --no-charts --remote-charts x | --no-charts, --remote-charts are mutually exclusive (specify only one). See `segue validate --help`
          render x          | missing required option: "--output=DIR". See `segue render --help`
          demo x            | there must be no further argument; got "x". See `segue demo --help`
          demo --speed 0    | invalid value for option "--speed": must be a whole number from 1 to 100000; got "0". See `segue demo --help`
          demo --speed -3   | invalid value for option "--speed": must be a whole number from 1 to 100000; got "-3". See `segue demo --help`
          sync --timeout 0  | invalid value for option "--timeout": must be positive and in h, m or s, such as "90s" or "1h30m", or a number of minutes; got "0". See `segue sync --help`
          sync --set x      | value for option "--set" (KEY=VALUE) should be in KEY=VALUE format but was x. See `segue sync --help`
          """)
  void refusesWrongUseInOneLine(String arguments, String message) {
    CommandLineRun run = segue(arguments.split(" "));

    assertThat(run.err()).isEqualTo("SG1501: " + message + "\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(Actions.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sync", "agent", "config", "status"})
  void saysWhatTheConfigurationLacks(String command) throws IOException {
    String empty = write("segue.yaml", "");

    CommandLineRun run = segue(command, "--config", empty);

    assertThat(run.err())
        .isEqualTo(
            "SG1501: `source.url` must be given. Set it in segue.yaml or in SEGUE_SOURCE_URL to the"
                + " URL of the repository.\n");
    assertThat(run.code()).isEqualTo(Actions.USAGE);
  }

  @Test
  void tellsEveryProblemOfTheConfigurationAtOnce() throws IOException {
    String file = write("segue.yaml", "source: {url: 'https://u:secret@x/y', intervall: 1m}\n");

    CommandLineRun run =
        CommandLineRun.here(
            Map.of("SEGUE_CLUSTER_NAM", "a"), "config", "-c", file, "--set", "workflow.ttl=soon");

    assertThat(run.code()).isEqualTo(Actions.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(4).allMatch(line -> line.contains("SG1"));
    assertThat(run.err())
        .contains(file + ":1: ", "SEGUE_CLUSTER_NAM", "workflow.ttl")
        .doesNotContain("secret");
  }

  @Test
  void printsTheConfigurationThatIsInForce() throws IOException {
    String file = write("segue.yaml", "source: {url: 'https://git.example.org/a.git'}\n");

    CommandLineRun run =
        CommandLineRun.here(
            Map.of("HOME", "/nowhere", "SEGUE_CLUSTER_NAME", "site-a"),
            "config",
            "-c",
            file,
            "--set",
            "workflow.parallelism=3");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("url: https://git.example.org/a.git", "name: site-a", "parallelism: 3");
  }

  @Test
  void namesFilesAsTheUserDid() throws IOException {
    String absolute = write("shop.yaml", BROKEN);
    Path here = Path.of("").toAbsolutePath();
    String upwards = here.relativize(Path.of(absolute)).toString();

    assertThat(upwards).startsWith("../");
    assertThat(segue("validate", absolute).out()).isEqualTo(absolute + PROBLEM + "\n");
    assertThat(segue("validate", upwards).out()).isEqualTo(upwards + PROBLEM + "\n");
    assertThat(segue("validate", folder.toString()).out()).isEqualTo(absolute + PROBLEM + "\n");
    assertThat(segue("validate", absolute, upwards).err())
        .isEqualTo("1 file, 1 group, 1 problem\n");
  }

  @Test
  void namesBothPlacesOfADuplicate() throws IOException {
    String one = write("one.yaml", GROUP.formatted("shop", "web", ""));
    String two = write("two.yaml", GROUP.formatted("shop", "api", ""));

    CommandLineRun run = segue("validate", folder.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out().lines())
        .containsExactly(
            one
                + ":4: SG1014: field `metadata.name` must be unique in the repository; \"shop\" is"
                + " also in "
                + two
                + ":4. Rename or remove one of them.",
            two
                + ":4: SG1014: field `metadata.name` must be unique in the repository; \"shop\" is"
                + " also in "
                + one
                + ":4. Rename or remove one of them.");
  }

  @Test
  void goesOnAfterWhatCannotBeRead() throws IOException {
    String good = write("good.yaml", GROUP.formatted("shop", "web", ""));
    String text = write("README.md", "# hello");
    String large = write("large.yaml", "# " + "x".repeat(3 * 1024 * 1024));
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {1, 2, 0, -1});
    Path missing = folder.resolve("missing");
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling.yaml"), missing);

    CommandLineRun run =
        segue(
            "validate",
            "--no-charts",
            good,
            text,
            large,
            binary.toString(),
            missing.toString(),
            dangling.toString(),
            "");

    assertThat(run.out().lines())
        .containsExactly(
            "SG1408: a path must not be empty",
            text + ": SG1019: must end in .yaml, .yml or .json to be read",
            binary + ":1: SG1001: must be YAML: character U+0001 must not stand in YAML",
            dangling + ": SG1408: there is no such file or folder",
            large + ": SG1401: must not be larger than 3145728 bytes; it has 3145730",
            missing + ": SG1408: there is no such file or folder");
    assertThat(run.err()).isEqualTo("2 files, 1 group, 6 problems\ncharts were not looked at\n");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void readsWhatTheAgentWouldRead() throws IOException {
    write("products/shop.yaml", GROUP.formatted("shop", "web", ""));
    write("charts/web/Chart.yaml", "name: web\n");
    write("charts/web/templates/broken.yaml", BROKEN);
    write(".git/broken.yaml", BROKEN);
    Path link =
        Files.createSymbolicLink(
            folder.resolve("products/link.yaml"), folder.resolve("products/shop.yaml"));

    CommandLineRun run = segue("validate", "--no-charts", folder.toString());

    assertThat(run.out())
        .isEqualTo(
            link
                + ": SG1403: must not be a symbolic link; commit what it points to in its place\n");
    assertThat(segue("validate", "--no-charts", link.toString()).code())
        .as("named, it is read")
        .isZero();
  }

  @Test
  void doesNotTakeNothingForGood() {
    CommandLineRun run = segue("validate", folder.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            "SG1019: no ApplicationGroup is declared there. Name a file or folder that declares"
                + " one.\n");
  }

  @Test
  void neverWritesOverWhatIsThere() throws IOException {
    String file = write("out/mine.txt", "mine");
    String out = folder.resolve("out").toString();

    CommandLineRun render = segue("render", "-o", out, folder.toString());
    CommandLineRun demo = segue("demo", "--folder", out);
    CommandLineRun onFile = segue("demo", "--folder", file);

    assertThat(render.err())
        .isEqualTo(
            "SG1501: `--output` must be an empty or new folder, so that nothing of yours is"
                + " replaced; got \""
                + out
                + "\"\n");
    assertThat(demo.err())
        .isEqualTo("SG1501: `--folder` must be an empty or new folder; got \"" + out + "\"\n");
    assertThat(onFile.err()).startsWith("SG1501: `--folder` must be");
    assertThat(render.code()).isEqualTo(Actions.USAGE);
    assertThat(demo.code()).isEqualTo(Actions.USAGE);
    assertThat(Files.readString(Path.of(file), StandardCharsets.UTF_8)).isEqualTo("mine");
  }

  @Test
  void findsTheFolderThatChartPathsAreRelativeTo() throws IOException {
    write("mono/.git", "gitdir: elsewhere\n"); // a linked work tree has a file there
    write("mono/team/charts/web/Chart.yaml", "name: web\n");
    Path file = Path.of(write("mono/team/products/shop.yaml", GROUP.formatted("shop", "web", "")));
    var groups =
        dev.segue.renderer.parse.GroupReader.read(
                LocalDeclarations.read(java.util.List.of(file), null).files())
            .valid();

    assertThat(LocalRepository.find(file, groups)).isEqualTo(folder.resolve("mono/team"));
    assertThat(LocalRepository.find(file, java.util.List.of())).isEqualTo(folder.resolve("mono"));
    assertThat(LocalRepository.find(folder, groups)).isEqualTo(folder);
  }

  @Test
  void renderTellsWhatIsWrongAndWritesNothing() throws IOException {
    String file = write("shop.yaml", BROKEN);
    Path out = folder.resolve("out");

    CommandLineRun run = segue("render", "-o", out.toString(), file);

    assertThat(run.out()).isEqualTo(file + PROBLEM + "\n");
    assertThat(run.code()).isEqualTo(1);
    assertThat(out).doesNotExist();
  }
}
