// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.operate.Json;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.schema.Crd;
import dev.segue.renderer.schema.JsonSchema;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The commands, wired. */
final class AgentActions implements Actions {
  @Override
  public int agent(Configured configured, Console console) {
    return with(configured, console, config -> new AgentRun(config, console).forEver());
  }

  @Override
  public int sync(Configured configured, Duration timeout, Console console) {
    Logging.quieten(console.environment());
    return with(configured, console, config -> new AgentRun(config, console).once(timeout));
  }

  @Override
  public int status(Configured configured, Question question, Console console) {
    return operate(configured, console, operations -> operations.status(question));
  }

  @Override
  public int history(
      Configured configured, GroupName group, int most, Output output, Console console) {
    return operate(configured, console, operations -> operations.history(group, most, output));
  }

  @Override
  public int attempt(
      Configured configured, GroupName group, int number, Output output, Console console) {
    return operate(configured, console, operations -> operations.attempt(group, number, output));
  }

  @Override
  public int ask(
      Configured configured, GroupName group, Ask ask, @Nullable String by, Console console) {
    return operate(configured, console, operations -> operations.ask(group, ask, by));
  }

  @Override
  public int rehearse(Configured configured, Rehearsal rehearsal, Console console) {
    return review(
        configured,
        rehearsal.repository(),
        console,
        (config, clone) ->
            new Rehearse(config, given(configured), clone, console, Clock.systemUTC())
                .run(rehearsal));
  }

  private static int operate(
      Configured configured, Console console, ToIntFunction<Operations> action) {
    Logging.quieten(console.environment());
    return with(
        configured,
        console,
        config -> {
          if (config.status().url().isEmpty()) {
            console
                .err()
                .println(
                    ProblemCode.CONFIG_INVALID.id()
                        + ": there is no status branch without `source.url`; ask for applied groups"
                        + " by `kubectl get applicationgroups` and by their annotations");
            return USAGE;
          }
          return action.applyAsInt(new Operations(config, console, Clock.systemUTC()));
        });
  }

  @Override
  public int config(Configured configured, Console console) {
    return with(
        configured,
        console,
        config -> {
          console.out().print(config.yaml());
          return 0;
        });
  }

  @Override
  public int validate(List<Path> paths, Checks checks, Configured configured, Console console) {
    Logging.quieten(console.environment());
    return new Validate(console, checks).run(paths, new LocalConfiguration(configured, console));
  }

  @Override
  public int schema(boolean crd, Console console) {
    String text = crd ? YamlWriter.write(Crd.definition()) : Json.write(JsonSchema.ofGroup());
    console.out().print(text);
    return 0;
  }

  @Override
  public int render(Rendering asked, Configured configured, Console console) {
    Logging.quieten(console.environment());
    BundleOutput output = new BundleOutput(console, asked.output());
    if (asked.to() == null) {
      return new LocalRender(console, output)
          .render(asked, new LocalConfiguration(configured, console));
    }
    return review(
        configured,
        asked.repository() == null ? CommitRender.folderOf(asked.path()) : asked.repository(),
        console,
        (config, clone) ->
            new CommitRender(
                    new Review(config, given(configured), clone, Clock.systemUTC()),
                    clone,
                    output,
                    console)
                .run(asked));
  }

  @Override
  public int verifySplit(
      List<Path> paths,
      @Nullable Path repository,
      boolean all,
      Output output,
      Configured configured,
      Console console) {
    Logging.quieten(console.environment());
    return new VerifySplit(console, all, output)
        .run(paths, repository, new LocalConfiguration(configured, console));
  }

  @Override
  public int graph(Order order, Configured configured, Console console) {
    Logging.quieten(console.environment());
    return new LocalGraph(console, order).run(new LocalConfiguration(configured, console));
  }

  @Override
  public int migrate(Migrated migrated, Console console) {
    return new LocalMigration(console).migrate(migrated);
  }

  @Override
  public int init(Path folder, First first, Console console) {
    return new LocalMigration(console).init(first, folder);
  }

  @Override
  public int initFromCluster(
      @Nullable Path kubeconfig, @Nullable String context, First first, Console console) {
    Logging.quieten(console.environment());
    return new LiveDraft(console).init(kubeconfig, context, first);
  }

  @Override
  public int demo(@Nullable Path folder, int speed, Console console) {
    Logging.quieten(console.environment());
    return new Demo(console, speed).run(folder);
  }

  @Override
  public int plan(Configured configured, PlanQuestion question, Console console) {
    return review(
        configured,
        question.repository(),
        console,
        (config, clone) ->
            new Planning(config, given(configured), clone, question, console, Clock.systemUTC())
                .run());
  }

  /** The settings that options gave. */
  private static Set<String> given(Configured configured) {
    return configured.settings().keySet();
  }

  /** What is done with a clone before anything is released. */
  private interface Reviewing {
    int of(AgentConfig config, Checkout clone);
  }

  private static int review(
      Configured configured, @Nullable Path repository, Console console, Reviewing reviewing) {
    Logging.quieten(console.environment());
    Path folder = repository == null ? Path.of("") : repository;
    try {
      Optional<Checkout> checkout = Checkout.find(folder);
      if (checkout.isEmpty()) {
        console
            .err()
            .println(
                ProblemCode.CONFIG_INVALID.id()
                    + ": the working folder or `--repository` must be in a clone of the source; \""
                    + folder.toAbsolutePath().normalize()
                    + "\" is in none");
        return USAGE;
      }
      try (Checkout clone = checkout.get()) {
        return with(
            configured,
            Map.of("source.url", clone.root().toUri().toString()),
            console,
            config -> reviewing.of(config, clone));
      }
    } catch (RepoException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
    } catch (IOException e) {
      console.err().println(ProblemCode.CONFIG_INVALID.id() + ": " + EmptyFolders.reason(e));
    }
    return 1;
  }

  private static int with(
      Configured configured, Console console, ToIntFunction<AgentConfig> action) {
    return with(configured, Map.of(), console, action);
  }

  private static int with(
      Configured configured,
      Map<String, String> fallbacks,
      Console console,
      ToIntFunction<AgentConfig> action) {
    ConfigReading reading = read(configured, fallbacks, console);
    reading.problems().forEach(problem -> console.err().println(problem));
    return reading.config().map(action::applyAsInt).orElse(USAGE);
  }

  private static ConfigReading read(
      Configured configured, Map<String, String> fallbacks, Console console) {
    return ConfigReader.read(
        configured.file(),
        console.environment(),
        configured.settings(),
        fallbacks,
        Path.of("").toAbsolutePath());
  }

  /** For files of a work tree: the source is the folder that they are in unless it is said. */
  private record LocalConfiguration(Configured configured, Console console)
      implements LocalRender.Configuration {
    @Override
    public int with(Path root, ToIntFunction<AgentConfig> action) {
      return AgentActions.with(configured, source(root), console, action);
    }

    @Override
    public Optional<AgentConfig> ahead() {
      return read(configured, source(Path.of("").toAbsolutePath()), console).config();
    }

    private static Map<String, String> source(Path root) {
      return Map.of("source.url", root.toUri().toString());
    }
  }
}
