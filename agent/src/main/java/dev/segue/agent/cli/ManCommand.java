// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code segue man}. */
@Command(
    name = "man",
    description = "Prints the manual page of segue, or of one of its commands.",
    footer = {
      "",
      "Examples:",
      "  segue man graph | man -l -",
      "  segue man > /usr/local/share/man/man1/segue.1"
    })
final class ManCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Segue parent;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "a command's name (default: segue itself)")
  private @Nullable String command;

  @Override
  public Integer call() {
    CommandSpec own = Objects.requireNonNull(spec);
    CommandSpec page = own.root();
    if (command != null) {
      CommandLine named = page.subcommands().get(command);
      if (named == null) {
        throw new CommandLine.ParameterException(
            own.commandLine(), "there is no command \"" + command + "\"");
      }
      page = named.getCommandSpec();
    }
    Objects.requireNonNull(parent).console().out().print(ManPage.of(page));
    return 0;
  }
}
