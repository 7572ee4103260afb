// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code segue} and its subcommands. */
@Command(
    name = "segue",
    description = "Releases products of many Helm charts as one, in order, from Git.",
    mixinStandardHelpOptions = true,
    versionProvider = Segue.Version.class,
    exitCodeOnInvalidInput = Actions.USAGE,
    subcommandsRepeatable = false)
public final class Segue {
  private final Actions actions;
  private final Console console;

  private Segue(Actions actions, Console console) {
    this.actions = actions;
    this.console = console;
  }

  /** Runs the command that {@code arguments} say and returns its exit code. */
  public static int run(Actions actions, Console console, String... arguments) {
    CommandLine line = new CommandLine(new Segue(actions, console));
    line.setOut(
        new java.io.PrintWriter(console.out(), true, java.nio.charset.StandardCharsets.UTF_8));
    line.setErr(
        new java.io.PrintWriter(console.err(), true, java.nio.charset.StandardCharsets.UTF_8));
    if (arguments.length == 0) {
      line.usage(console.err());
      return Actions.USAGE;
    }
    return line.execute(arguments);
  }

  @Command(
      description =
          "Runs for ever: polls Git, releases, writes the status branch. Ends on SIGTERM.")
  int agent(@Mixin ConfigOptions config) {
    return actions.agent(config.configured(), console);
  }

  @Command(
      description =
          "Makes one pass and waits for it. Exit code 0 when everything is released, 1 when not.")
  int sync(
      @Mixin ConfigOptions config,
      @Option(
              names = "--timeout",
              defaultValue = "60",
              paramLabel = "MINUTES",
              description = "the longest to wait (default: ${DEFAULT-VALUE})")
          int minutes) {
    return actions.sync(config.configured(), Duration.ofMinutes(minutes), console);
  }

  @Command(description = "Prints the effective configuration with the origin of each value.")
  int config(@Mixin ConfigOptions config) {
    return actions.config(config.configured(), console);
  }

  @Command(
      description =
          "Prints every problem of the files, and of the YAML files in the folders but for charts, as FILE:LINE: CODE: MESSAGE."
              + " Exit code 1 when there is one.")
  int validate(
      @Parameters(arity = "1..*", paramLabel = "PATH", description = "a file or folder")
          List<Path> paths) {
    return actions.validate(paths, console);
  }

  @Command(
      description =
          "Writes what a first release of the groups in PATH comes to: Workflow, HelmReleases, sources, manifests.")
  int render(
      @Mixin ConfigOptions config,
      @Option(
              names = {"-o", "--output"},
              required = true,
              paramLabel = "DIR",
              description = "the folder to write to; must be empty or new")
          Path output,
      @Option(
              names = "--repository",
              paramLabel = "DIR",
              description =
                  "what chart paths are relative to (default: the Git work tree around PATH)")
          @Nullable Path repository,
      @Parameters(paramLabel = "PATH", description = "a file or folder") Path path) {
    return actions.render(path, repository, output, config.configured(), console);
  }

  @Command(
      description =
          "Makes a Git repository from the example, releases it on the embedded (simulated) cluster, then an upgrade.")
  int demo(
      @Option(
              names = "--folder",
              paramLabel = "DIR",
              description = "where to make it (default: a new temporary folder)")
          @Nullable Path folder,
      @Option(
              names = "--speed",
              defaultValue = "30",
              paramLabel = "N",
              description = "simulated seconds for each real one (default: ${DEFAULT-VALUE})")
          int speed) {
    return actions.demo(folder, speed, console);
  }

  /** Where the configuration comes from. */
  static final class ConfigOptions {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = "default: SEGUE_CONFIG, or segue.yaml in the working folder")
    private @Nullable Path file;

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description = "a setting by its dotted key, such as source.url=https://…")
    private Map<String, String> settings = new LinkedHashMap<>();

    Actions.Configured configured() {
      return new Actions.Configured(file, settings);
    }
  }

  /** The version that the jar carries. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Segue.class.getPackage().getImplementationVersion();
      return new String[] {"segue " + Objects.requireNonNullElse(version, "(not packaged)")};
    }
  }
}
