// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What makes fish complete commands and options. */
final class FishCompletion {
  private final String name;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String name) {
    this.name = name;
  }

  static String script(CommandSpec root) {
    FishCompletion completion = new FishCompletion(root.name());
    completion.add(root);
    return completion.script.toString();
  }

  private void add(CommandSpec root) {
    for (Map.Entry<String, CommandLine> command : root.subcommands().entrySet()) {
      line("__fish_use_subcommand", "-f -a " + quoted(command.getKey()), first(command.getValue()));
    }
    root.options().forEach(option -> option("__fish_use_subcommand", option));
    for (Map.Entry<String, CommandLine> command : root.subcommands().entrySet()) {
      String seen = "__fish_seen_subcommand_from " + command.getKey();
      CommandSpec spec = command.getValue().getCommandSpec();
      spec.options().forEach(option -> option(seen, option));
      spec.positionalParameters().stream()
          .filter(parameter -> parameter.completionCandidates() != null)
          .forEach(
              parameter ->
                  line(
                      seen,
                      "-f -a " + quoted(String.join(" ", parameter.completionCandidates())),
                      ""));
    }
  }

  private void option(String condition, OptionSpec option) {
    StringBuilder names = new StringBuilder();
    for (String one : option.names()) {
      names.append(one.startsWith("--") ? "-l " : "-s ").append(one.replaceAll("^-+", ""));
      names.append(' ');
    }
    boolean takesValue = option.arity().max() > 0;
    String[] description = option.description();
    String what = description.length == 0 ? "" : description[0];
    if (takesValue && option.completionCandidates() != null) {
      names.append("-x -a ").append(quoted(String.join(" ", option.completionCandidates())));
    } else if (takesValue) {
      names.append("-r");
    }
    line(condition, names.toString().strip(), what);
  }

  /** Its header where it has one, as picocli's own {@code help} does. */
  private static String first(CommandLine command) {
    String[] header = command.getCommandSpec().usageMessage().header();
    String[] description = command.getCommandSpec().usageMessage().description();
    String[] lines = header.length > 0 ? header : description;
    return lines.length == 0 ? "" : lines[0];
  }

  private void line(String condition, String what, String description) {
    script.append("complete -c ").append(name).append(" -n ").append(quoted(condition));
    script.append(' ').append(what);
    if (!description.isEmpty()) {
      script.append(" -d ").append(quoted(description));
    }
    script.append('\n');
  }

  /** In single quotes fish knows two escapes. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("%n", " ") + "'";
  }
}
