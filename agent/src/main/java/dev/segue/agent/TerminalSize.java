// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How much the terminal shows. */
final class TerminalSize {
  /** As few as any has today. */
  private static final int FEWEST = 24;

  private static final int NARROWEST = 80;

  private TerminalSize() {}

  /** Asks {@code stty}, which every Unix has; 24 where nothing is told. */
  static int rows(Console console) {
    return console.terminal() ? parse(ask(), 0, FEWEST) : FEWEST;
  }

  /** As {@link #rows}, of columns; 80 where nothing is told. */
  static int columns(Console console) {
    return console.terminal() ? parse(ask(), 1, NARROWEST) : NARROWEST;
  }

  private static String ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
      try {
        return stty.waitFor(1, TimeUnit.SECONDS)
            ? new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII)
            : "";
      } finally {
        stty.destroyForcibly();
      }
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static int parse(String size, int index, int otherwise) {
    String[] numbers = size.strip().split(" ", 2);
    return numbers.length == 2 && numbers[index].matches("[1-9][0-9]{1,3}")
        ? Integer.parseInt(numbers[index])
        : otherwise;
  }
}
