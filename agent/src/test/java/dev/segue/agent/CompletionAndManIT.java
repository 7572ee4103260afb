// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code segue completion} in a real shell, {@code segue man} through the real formatter. */
class CompletionAndManIT {
  @TempDir Path folder;

  private static CommandLineRun segue(String... arguments) {
    return CommandLineRun.here(Map.of("HOME", "/nowhere"), arguments);
  }

  private String run(String... command) throws Exception {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + List.of(command));
    }
    return Files.readString(out);
  }

  private static boolean isThere(String program) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  @ParameterizedTest(name = "segue {0} gives {1}")
  @CsvSource({
    "gr, graph",
    "mig, migrate",
    "completion f, fish",
    "graph --fa, --fail",
    "graph -o mer, mermaid",
    "status -o y, yaml",
    "plan -o mark, markdown",
    "plan --detail ch, changes",
    "rehearse -o js, json",
    "validate -o sar, sarif",
    "validate --images dig, digest",
    "man reh, rehearse",
    "rollback --t, --to"
  })
  void bashCompletes(String typed, String completed) throws Exception {
    assumeTrue(isThere("bash"), "bash is not there");
    CommandLineRun script = segue("completion", "bash");
    assertThat(script.code()).isZero();
    Files.writeString(folder.resolve("segue"), script.out());
    List<String> words = new ArrayList<>(List.of("segue"));
    words.addAll(List.of(typed.split(" ", -1)));

    String completions =
        run(
            "bash",
            "--norc",
            "-c",
            "source ./segue; COMP_WORDS=("
                + String.join(" ", words)
                + "); COMP_CWORD="
                + (words.size() - 1)
                + "; "
                + "$(complete -p segue | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
                + "; printf '%s\\n' \"${COMPREPLY[@]}\"");

    assertThat(completions.lines().map(String::strip)).contains(completed);
  }

  @ParameterizedTest(name = "segue {0} gives {1}")
  @CsvSource({
    "gr, graph",
    "completion f, fish",
    "help reh, rehearse",
    "man reh, rehearse",
    "plan --deta, --detail",
    "plan --detail ch, changes",
    "validate -o sar, sarif"
  })
  void fishCompletes(String typed, String completed) throws Exception {
    assumeTrue(isThere("fish"), "fish is not there");
    Files.writeString(folder.resolve("segue.fish"), segue("completion", "fish").out());

    String completions =
        run("fish", "--no-config", "-c", "source segue.fish; complete -C 'segue " + typed + "'");

    assertThat(completions.lines().map(line -> line.split("\t", -1)[0])).containsExactly(completed);
  }

  @Test
  void zshTakesTheScript() throws Exception {
    assumeTrue(isThere("zsh"), "zsh is not there");
    Files.writeString(folder.resolve("segue"), segue("completion", "zsh").out());

    String registered = run("zsh", "-f", "-c", "source ./segue; print -r -- $_comps[segue]");

    assertThat(registered).startsWith("_bash_complete -F _complete_segue");
  }

  @Test
  void zshReadsTheSameAndFishItsOwn() {
    assertThat(segue("completion", "zsh").out())
        .isEqualTo(segue("completion", "bash").out())
        .contains("bashcompinit");
    assertThat(segue("completion", "fish").out().lines())
        .allMatch(line -> line.startsWith("complete -c segue -n '"))
        .contains(
            "complete -c segue -n '__fish_use_subcommand' -f -a 'approve' -d 'Lets the plan begin that waits for approval.'",
            "complete -c segue -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'")
        .anyMatch(
            line ->
                line.startsWith(
                    "complete -c segue -n '__fish_seen_subcommand_from graph' -s o -l output -x -a 'text mermaid dot json yaml' -d 'text, mermaid"));
    CommandLineRun wrong = segue("completion", "tcsh");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("must be \"bash\", \"zsh\" or \"fish\"; got \"tcsh\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "agent",
        "approve",
        "completion",
        "config",
        "demo",
        "graph",
        "history",
        "init",
        "man",
        "migrate",
        "render",
        "rollback",
        "schema",
        "status",
        "sync",
        "validate",
        "verify-split"
      })
  void theManualPageIsFormattedWithoutAWarning(String command) throws Exception {
    CommandLineRun run = command.isEmpty() ? segue("man") : segue("man", command);
    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("[\\n -~]*").contains(".SH \"NAME\"", ".SH \"OPTIONS\"");
    assumeTrue(isThere("groff"), "groff is not there");
    Files.write(folder.resolve("page.1"), run.out().getBytes(StandardCharsets.US_ASCII));

    String shown = run("groff", "-man", "-Tutf8", "-ww", "-P-cbu", "page.1");

    assertThat(shown).doesNotContain("warning:", "error:").contains("NAME", "SYNOPSIS", "SEE ALSO");
  }

  @Test
  void theManualPageSaysWhatHelpSays() throws IOException {
    GoldenText.check("man/graph.1", segue("man", "graph").out());
    assertThat(segue("man").out()).contains("\\fBverify\\-split\\fR");
    CommandLineRun wrong = segue("man", "grahp");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("there is no command \"grahp\"");
  }
}
