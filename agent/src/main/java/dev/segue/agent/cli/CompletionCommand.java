// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code segue completion}. */
@Command(
    name = "completion",
    description = "Prints what makes a shell complete commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(segue completion bash)",
      "  segue completion zsh > ~/.segue-completion && echo 'source ~/.segue-completion' >> ~/.zshrc",
      "  segue completion fish > ~/.config/fish/completions/segue.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Segue parent;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Shells.class,
      converter = Shell.class,
      description = "bash, zsh or fish")
  private String shell = "";

  /** What SHELL may be. */
  static final class Shells implements Iterable<String> {
    static final List<String> ALL = List.of("bash", "zsh", "fish");

    @Override
    public java.util.Iterator<String> iterator() {
      return ALL.iterator();
    }
  }

  /** Reads SHELL. */
  static final class Shell implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!Shells.ALL.contains(text)) {
        throw new TypeConversionException(
            "must be \"bash\", \"zsh\" or \"fish\"; got \"" + text + "\"");
      }
      return text;
    }
  }

  @Override
  public Integer call() {
    CommandSpec root = Objects.requireNonNull(spec).root();
    String script =
        shell.equals("fish")
            ? FishCompletion.script(root)
            : AutoComplete.bash(root.name(), root.commandLine()); // zsh reads it as it is
    Objects.requireNonNull(parent).console().out().print(script);
    return 0;
  }
}
