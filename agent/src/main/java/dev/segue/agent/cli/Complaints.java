// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said when a command cannot be run: one line on standard error. */
final class Complaints {
  private static final Set<String> WORDY = Set.of("DEBUG", "TRACE");

  private Complaints() {}

  /** The arguments are wrong. */
  static int usage(ParameterException e) {
    CommandLine line = e.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    String what = what(e);
    String end = what.endsWith("?") ? " " : ". ";
    line.getErr()
        .println(
            ProblemCode.CONFIG_INVALID.id() + ": " + what + end + "See `" + command + " --help`");
    return Actions.USAGE;
  }

  private static String what(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      boolean isCommand = !e.getCommandLine().getSubcommands().isEmpty();
      List<String> near = isCommand ? unmatched.getSuggestions() : List.of();
      return (isCommand ? "there is no command " : "there must be no further argument; got ")
          + quoted(unmatched.getUnmatched().get(0))
          + (near.isEmpty() ? "" : "; did you mean " + quoted(near.get(0)) + "?");
    }
    String message = e.getMessage() == null ? "wrong arguments" : e.getMessage();
    String line =
        message
            .replaceFirst("^Error: ", "")
            .replace("option option", "option")
            .replaceAll("(?<!\\w)'|'(?!\\w)", "\"") // and no apostrophe
            .replaceAll("\\p{Cntrl}+", " ")
            .strip();
    return line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
  }

  private static String quoted(String text) {
    return '"' + text.replaceAll("\\p{Cntrl}", " ") + '"';
  }

  /** Something was thrown that should not have been; where it was, is told on demand only. */
  static int bug(Exception e, Console console) {
    String level = console.environment().getOrDefault("SEGUE_LOG_LEVEL", "");
    console
        .err()
        .println(
            "internal error: "
                + String.valueOf(e).replaceAll("\\p{Cntrl}+", " ")
                + ". This is a bug of Segue; please report it with what SEGUE_LOG_LEVEL=DEBUG adds");
    if (WORDY.contains(level.toUpperCase(Locale.ROOT))) {
      e.printStackTrace(console.err());
    }
    return 1;
  }
}
