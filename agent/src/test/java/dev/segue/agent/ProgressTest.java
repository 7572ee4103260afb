// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.agent.cli.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Isolated("it looks at all threads of the process")
final class ProgressTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean terminal, Map<String, String> environment) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        terminal,
        environment);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsOverOneLineAndLeavesNothing() {
    Console console = console(true, Map.of());
    try (Progress progress = Progress.on(console, Duration.ZERO)) {
      progress.say("planning for site-a");
      await().until(() -> said().contains("planning for site-a (0 s)"));
      progress.say("planning for " + "a".repeat(300));
      await().until(() -> said().contains("for aaa"));
    }
    String clear = "\r\u001b[K";
    assertThat(said()).startsWith(clear).endsWith(clear).doesNotContain("\n");
    assertThat(said().split("\r")).allSatisfy(line -> assertThat(line).hasSizeLessThan(300));
    assertThat(out.size()).isZero();
  }

  @Test
  void saysNothingOfWhatIsDoneAtOnce() {
    try (Progress progress = Progress.on(console(true, Map.of()))) {
      progress.say("planning for site-a");
    }
    assertThat(said()).isEmpty();
  }

  @Test
  void saysNothingWhereALineCannotBePrintedOver() {
    for (Console console :
        java.util.List.of(console(false, Map.of()), console(true, Map.of("TERM", "dumb")))) {
      try (Progress progress = Progress.on(console, Duration.ZERO)) {
        progress.say("planning for site-a");
        assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch(thread -> thread.getName().equals("segue-progress"));
      }
    }
    assertThat(said()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true, xterm, '', true, true",
    "true, xterm, 1, false, true",
    "true, dumb, '', false, false",
    "false, xterm, '', false, false",
  })
  void coloursAndRedrawsWhereTheTerminalCan(
      boolean terminal, String term, String noColor, boolean coloured, boolean redraws) {
    Console console = console(terminal, Map.of("TERM", term, "NO_COLOR", noColor));
    assertThat(console.coloured()).isEqualTo(coloured);
    assertThat(console.redraws()).isEqualTo(redraws);
  }
}
