// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Makes the command line of {@code segue}: with the one command alone that is called where that is
 * certain, since to describe all of them takes longer than most commands do.
 */
final class Commands {
  /** Those with a class of their own, which have no need to know the others. */
  private static final Map<String, Supplier<Object>> ALONE =
      new TreeMap<>(
          Map.of(
              "graph", GraphCommand::new,
              "init", InitCommand::new,
              "migrate", MigrateCommand::new,
              "plan", PlanCommand::new,
              "rehearse", RehearseCommand::new,
              "render", RenderCommand::new,
              "validate", ValidateCommand::new));

  private Commands() {}

  /** Returns what understands {@code arguments} as the line with all commands would. */
  static CommandLine of(Segue segue, List<String> arguments) {
    CommandLine line = new CommandLine(segue);
    String called = arguments.isEmpty() ? "" : arguments.get(0);
    Supplier<Object> alone = ALONE.get(called);
    if (alone != null) {
      return line.addSubcommand(called, alone.get());
    }
    return all(line);
  }

  /** With every command. */
  static CommandLine all(CommandLine line) {
    Map<String, Object> own = new TreeMap<>();
    ALONE.forEach((name, command) -> own.put(name, command.get()));
    own.put("completion", new CompletionCommand());
    own.put("man", new ManCommand());
    line.addSubcommand("help", new CommandLine.HelpCommand());
    own.forEach(line::addSubcommand);
    line.getCommandSpec().addMethodSubcommands(line.getFactory());
    completeCommands(line, "man");
    completeCommands(line, "help");
    return line;
  }

  /** Has shells complete the names of commands as what {@code command} is given. */
  private static void completeCommands(CommandLine line, String command) {
    CommandSpec spec = Objects.requireNonNull(line.getSubcommands().get(command)).getCommandSpec();
    PositionalParamSpec named = spec.positionalParameters().get(0);
    spec.remove(named);
    spec.addPositional(
        named.toBuilder().completionCandidates(line.getSubcommands().keySet()).build());
  }
}
