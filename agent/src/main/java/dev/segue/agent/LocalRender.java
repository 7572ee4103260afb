// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.PortException;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.resolve.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Renders files of a work tree, before anything is committed. */
final class LocalRender {
  private final Console console;
  private final BundleOutput output;

  LocalRender(Console console, BundleOutput output) {
    this.console = console;
    this.output = output;
  }

  /** What is wrong with the files, and what this version cannot do of what they ask. */
  static List<Problem> problems(LocalDeclarations declarations, Reading reading) {
    List<Problem> unsupported = new ArrayList<>();
    reading.valid().forEach(group -> unsupported.addAll(Resolver.unsupported(group)));
    return problems(declarations, reading, unsupported);
  }

  /**
   * What is wrong with the files.
   *
   * @param more what is wrong with their groups
   */
  static List<Problem> problems(
      LocalDeclarations declarations, Reading reading, List<Problem> more) {
    List<Problem> problems = new ArrayList<>(reading.problems());
    problems.addAll(more);
    problems.addAll(declarations.problems());
    if (problems.isEmpty() && reading.groups().isEmpty()) {
      problems.add(nothingFound());
    }
    return declarations.named(problems);
  }

  static Problem nothingFound() {
    return Problem.of(
        ProblemCode.NOTHING_FOUND,
        "no ApplicationGroup is declared there",
        "Name a file or folder that declares one.");
  }

  /**
   * Writes the bundle of a first release of each group in the path; nothing when there is a
   * problem. Returns 0 when there was none.
   */
  int render(Actions.Rendering asked, Configuration configuration) {
    Optional<String> wrong = noRepository(asked.repository()).or(output::unusable);
    if (wrong.isPresent()) {
      return refuse(wrong.get());
    }
    List<Path> paths = List.of(asked.path());
    Path root = root(paths, asked.repository());
    return configuration.with(
        root,
        config -> {
          LocalDeclarations declarations = LocalDeclarations.read(paths, root);
          Reading reading = GroupReader.read(declarations.files());
          List<Problem> problems = problems(declarations, reading);
          return problems.isEmpty()
              ? render(declarations, reading.valid(), root, config)
              : tell(problems);
        });
  }

  /** How the configuration is had. */
  interface Configuration {
    /** Does something with it once the repository's folder is known, or says what is wrong. */
    int with(Path root, ToIntFunction<AgentConfig> action);

    /**
     * What it is but for that folder; empty when something is wrong, of which nothing is said yet.
     */
    Optional<AgentConfig> ahead();
  }

  /** The folder that chart paths are relative to: the one that is named, or the one that fits. */
  static Path root(List<Path> paths, @Nullable Path repository) {
    return repository == null
        ? LocalRepository.find(
            paths.get(0), GroupReader.read(LocalDeclarations.read(paths, null).files()).valid())
        : repository.toAbsolutePath().normalize();
  }

  /** Why that cannot be such a folder; empty when it can. */
  static Optional<String> noRepository(@Nullable Path repository) {
    return repository == null || Files.isDirectory(repository)
        ? Optional.empty()
        : Optional.of("`--repository` must be a folder; got \"" + repository + "\"");
  }

  private int refuse(String message) {
    console.err().println(ProblemCode.CONFIG_INVALID.id() + ": " + message);
    return Actions.USAGE;
  }

  private int tell(Collection<Problem> problems) {
    problems.forEach(problem -> console.out().println(problem));
    return 1;
  }

  private int render(
      LocalDeclarations declarations,
      List<ApplicationGroup> groups,
      Path root,
      AgentConfig config) {
    try (LocalStore store = LocalStore.open(root, declarations, groups, config)) {
      store.notice().lines().forEach(console.err()::println);
      Bundles bundles =
          Bundles.of(
              groups, store.firstReleases(config), Wiring.renderSettings(config, store.source()));
      if (!bundles.problems().isEmpty()) {
        console.err().println("chart paths are relative to " + root);
        return tell(declarations.named(bundles.problems()));
      }
      output.write(bundles.groups());
      return 0;
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (IOException e) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": cannot write to "
                  + output
                  + ": "
                  + EmptyFolders.reason(e));
      return 1;
    }
  }
}
