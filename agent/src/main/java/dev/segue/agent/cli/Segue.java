// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GroupName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code segue}, and those of its subcommands that are short to describe. */
@Command(
    name = "segue",
    description = "Releases products of many Helm charts as one, in order, from Git.",
    footer = {
      "",
      "Exit codes: 0 fine; 1 problems, refused, or not everything released; 2 wrong use or configuration.",
      "`segue demo` shows it at work without a cluster."
    },
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Segue.Version.class,
    exitCodeOnInvalidInput = Actions.USAGE,
    addMethodSubcommands = false)
public final class Segue {
  private final Actions actions;
  private final Console console;

  private Segue(Actions actions, Console console) {
    this.actions = actions;
    this.console = console;
  }

  /** What the commands that have a class of their own call. */
  Actions actions() {
    return actions;
  }

  /** Where they print. */
  Console console() {
    return console;
  }

  /** Runs the command that {@code arguments} say and returns its exit code. */
  public static int run(Actions actions, Console console, String... arguments) {
    CommandLine line = Commands.of(new Segue(actions, console), List.of(arguments));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            console.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setOut(
        new java.io.PrintWriter(console.out(), true, java.nio.charset.StandardCharsets.UTF_8));
    line.setErr(
        new java.io.PrintWriter(console.err(), true, java.nio.charset.StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, given) -> Complaints.usage(e));
    line.setExecutionExceptionHandler((e, command, given) -> Complaints.bug(e, console));
    if (arguments.length == 0) {
      line.usage(line.getErr(), line.getColorScheme());
      return Actions.USAGE;
    }
    return line.execute(arguments);
  }

  @Command(
      description = "Runs for ever: polls Git, releases, writes the status branch.",
      footer = {
        "",
        "SIGTERM or Ctrl-C ends it within ten seconds with exit code 0; the next start goes on where it was.",
        "",
        "Example:",
        "  segue agent --config /etc/segue/segue.yaml"
      })
  int agent(@Mixin ConfigOptions config) {
    return actions.agent(config.configured(), console);
  }

  @Command(
      description = "Makes one pass and waits until everything is released, or cannot be.",
      footer = {
        "",
        "What may pass is tried again until the time is up; what cannot ends it at once.",
        "Exit code 0 when everything is released, 1 when not.",
        "",
        "Example:",
        "  segue sync --set source.url=https://git.example.org/products.git --timeout 10m"
      })
  int sync(
      @Mixin ConfigOptions config,
      @Option(
              names = "--timeout",
              defaultValue = "60m",
              paramLabel = "TIME",
              converter = Converters.Timeout.class,
              description =
                  "the longest to wait, such as 90s or 1h30m; a plain number is minutes (default: ${DEFAULT-VALUE})")
          Duration timeout) {
    return actions.sync(config.configured(), timeout, console);
  }

  @Command(
      description =
          "Shows how groups stand: all in a table, or the named ones with their releases.",
      footer = {
        "",
        "Only Git is needed. Exit code 0 when all of them are as they are wanted, 1 when one is not.",
        "",
        "Examples:",
        "  segue status",
        "  segue status shop --why",
        "  segue status shop --at 2026-11-21T03:00:00Z"
      })
  int status(
      @Mixin ConfigOptions config,
      @Option(names = "--why", description = "say what each release and group waits for")
          boolean why,
      @Option(
              names = "--at",
              paramLabel = "TIME|COMMIT",
              converter = Converters.Moment.class,
              description =
                  "how it was then: an RFC 3339 time; a date, for its end in UTC; a commit of the status branch; or a source commit, for the last that was said of it")
          @Nullable String at,
      @Mixin OutputOption output,
      @Parameters(
              arity = "0..*",
              paramLabel = "GROUP",
              converter = Converters.Group.class,
              description = "a group's name")
          @Nullable List<GroupName> groups) {
    List<GroupName> named = groups == null ? List.of() : groups;
    return actions.status(
        config.configured(), new Actions.Question(named, why, at, output.output()), console);
  }

  @Command(
      description = "Shows what was done to a group, attempt by attempt, newest first.",
      footer = {
        "",
        "Only Git is needed.",
        "",
        "Examples:",
        "  segue history shop",
        "  segue history shop --attempt 7"
      })
  int history(
      @Mixin ConfigOptions config,
      @Option(
              names = "-n",
              defaultValue = "20",
              paramLabel = "N",
              converter = Converters.Count.class,
              description = "how many at most (default: ${DEFAULT-VALUE})")
          int most,
      @Option(
              names = "--attempt",
              paramLabel = "N",
              converter = Converters.Count.class,
              description = "one attempt, with its releases, reasons and times")
          @Nullable Integer attempt,
      @Mixin OutputOption output,
      @Parameters(
              paramLabel = "GROUP",
              converter = Converters.Group.class,
              description = "the group's name")
          GroupName group) {
    return attempt == null
        ? actions.history(config.configured(), group, most, output.output(), console)
        : actions.attempt(config.configured(), group, attempt, output.output(), console);
  }

  @Command(
      description = "Lets the plan begin that waits for approval.",
      footer = {
        "",
        "`segue status GROUP` tells the digest. Any plan but the one that waits now is refused.",
        "",
        "Example:",
        "  segue approve shop 3f9c0d5e1a72"
      })
  int approve(
      @Mixin AskOptions options,
      @Parameters(
              index = "1",
              paramLabel = "DIGEST",
              converter = Converters.PlanDigest.class,
              description = "the plan's digest, or at least its first 12 digits")
          String digest) {
    return options.ask(actions, new Actions.Ask.Approve(digest), console);
  }

  @Command(
      description = "Lets nothing begin for a group; what runs goes on.",
      footer = {"", "Example:", "  segue suspend shop --by jane"})
  int suspend(@Mixin AskOptions options) {
    return options.ask(actions, new Actions.Ask.Suspend(), console);
  }

  @Command(
      description = "Takes back `segue suspend`.",
      footer = {"", "Example:", "  segue resume shop"})
  int resume(@Mixin AskOptions options) {
    return options.ask(actions, new Actions.Ask.Resume(), console);
  }

  @Command(
      description = "Has a group's failed commit tried again, and takes back `segue rollback`.",
      footer = {"", "Example:", "  segue retry shop"})
  int retry(@Mixin AskOptions options) {
    return options.ask(actions, new Actions.Ask.Retry(), console);
  }

  @Command(
      description = "Has a group go back to a commit at which it was released.",
      footer = {
        "",
        "It stays there until its file changes, or `segue retry`.",
        "",
        "Example:",
        "  segue rollback shop --to fde7c83b9ac5"
      })
  int rollback(
      @Mixin AskOptions options,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "COMMIT",
              converter = Converters.Commit.class,
              description = "the source commit, or at least its first 7 digits")
          String to) {
    return options.ask(actions, new Actions.Ask.Rollback(to), console);
  }

  @Command(
      description = "Prints the effective configuration with the origin of each value.",
      footer = {
        "",
        "Options win over SEGUE_… variables, those over the file, that over defaults. Secrets are never shown.",
        "",
        "Example:",
        "  segue config --config segue.yaml --set cluster.name=site-a"
      })
  int config(@Mixin ConfigOptions config) {
    return actions.config(config.configured(), console);
  }

  @Command(
      description = "Prints the JSON Schema of an ApplicationGroup's file, for editors.",
      footer = {
        "",
        "An editor that speaks yaml-language-server completes and checks a file that begins with",
        "  # yaml-language-server: $schema=PATH-OR-URL",
        "",
        "Examples:",
        "  segue schema > applicationgroup.schema.json",
        "  segue schema --crd | kubectl apply -f -"
      })
  int schema(
      @Option(
              names = "--crd",
              description = "print the CustomResourceDefinition as YAML instead, for a cluster")
          boolean crd) {
    return actions.schema(crd, console);
  }

  @Command(
      name = "verify-split",
      description =
          "Proves that the releases of a chart's sub-charts together are the chart, object by object.",
      footer = {
        "",
        "For each application with `subcharts`: the parts in order with their objects, and what differs.",
        "No cluster is touched. Exit code 0 when every union is exact, 1 when one is not.",
        "",
        "Examples:",
        "  segue verify-split products/shop.yaml",
        "  segue verify-split --all -o json products"
      })
  int verifySplit(
      @Mixin ConfigOptions config,
      @Option(
              names = "--all",
              description = "also applications without `subcharts`, as if they had them")
          boolean all,
      @Option(
              names = "--repository",
              paramLabel = "DIR",
              description =
                  "what chart paths are relative to (default: the nearest folder at or above the first PATH that has the charts, else the Git work tree)")
          @Nullable Path repository,
      @Mixin OutputOption output,
      @Parameters(arity = "1..*", paramLabel = "PATH", description = "a file or folder")
          List<Path> paths) {
    return actions.verifySplit(
        paths, repository, all, output.output(), config.configured(), console);
  }

  @Command(
      description =
          "Shows a product's life on the embedded (simulated) cluster: install, upgrade, rollback, drift, removal.",
      footer = {
        "",
        "Example:",
        "  segue demo --speed 10",
      })
  int demo(
      @Option(
              names = "--folder",
              paramLabel = "DIR",
              description =
                  "where to make it; must be empty or new (default: a new temporary folder)")
          @Nullable Path folder,
      @Option(
              names = "--speed",
              defaultValue = "30",
              paramLabel = "N",
              converter = Converters.Speed.class,
              description = "simulated seconds for each real one (default: ${DEFAULT-VALUE})")
          int speed) {
    return actions.demo(folder, speed, console);
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
