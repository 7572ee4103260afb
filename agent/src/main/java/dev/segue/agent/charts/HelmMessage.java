// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.util.stream.Collectors;

/** Helm's messages as one line that keeps the template's file and line. */
final class HelmMessage {
  private static final int MAX_LENGTH = 600;

  private HelmMessage() {}

  static String oneLine(String message) {
    String line =
        message
            .lines()
            .map(String::strip)
            .filter(part -> !part.isEmpty() && !part.startsWith("Use --debug flag"))
            .collect(Collectors.joining(" "))
            .replaceAll("\\p{Cntrl}", "?")
            .replaceFirst("^(Error|INSTALLATION FAILED): ", "");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
  }
}
