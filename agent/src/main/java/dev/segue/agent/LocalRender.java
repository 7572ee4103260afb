// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PortException;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.Resolver;
import dev.segue.renderer.tenancy.TenantRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Renders files of a work tree, before anything is committed. */
final class LocalRender {
  private final Console console;

  LocalRender(Console console) {
    this.console = console;
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
      problems.add(
          Problem.of(
              ProblemCode.NOTHING_FOUND,
              "no ApplicationGroup is declared there",
              "Name a file or folder that declares one."));
    }
    return declarations.named(problems);
  }

  /**
   * Writes the bundle of a first release of each group in {@code path}; nothing when there is a
   * problem. Returns 0 when there was none.
   *
   * @param repository the folder that chart paths are relative to; null to find it
   */
  int render(Path path, @Nullable Path repository, Path output, Configuration configuration) {
    Optional<String> wrong = unusable(output, repository);
    if (wrong.isPresent()) {
      return refuse(wrong.get());
    }
    List<Path> paths = List.of(path);
    Path root = root(paths, repository);
    return configuration.with(
        root,
        config -> {
          LocalDeclarations declarations = LocalDeclarations.read(paths, root);
          Reading reading = GroupReader.read(declarations.files());
          List<Problem> problems = problems(declarations, reading);
          return problems.isEmpty()
              ? render(declarations, reading.valid(), root, output, config)
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

  private static Optional<String> unusable(Path output, @Nullable Path repository) {
    Optional<String> noRepository = noRepository(repository);
    if (noRepository.isPresent()) {
      return noRepository;
    }
    if (!EmptyFolders.isEmptyOrNew(output)) {
      return Optional.of(
          "`--output` must be an empty or new folder, so that nothing of yours is replaced; got \""
              + output
              + "\"");
    }
    return Optional.empty();
  }

  private int render(
      LocalDeclarations declarations,
      List<ApplicationGroup> groups,
      Path root,
      Path output,
      AgentConfig config) {
    try (LocalStore store = LocalStore.open(root, declarations, groups, config)) {
      List<Problem> problems = new ArrayList<>();
      SortedMap<GroupName, RenderedBundle> bundles = bundles(groups, store, config, problems);
      if (!problems.isEmpty()) {
        console.err().println("chart paths are relative to " + root);
        return tell(declarations.named(problems));
      }
      write(bundles, output);
      return 0;
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (IOException e) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": cannot write to \""
                  + output
                  + "\": "
                  + EmptyFolders.reason(e));
      return 1;
    }
  }

  private static SortedMap<GroupName, RenderedBundle> bundles(
      List<ApplicationGroup> groups, LocalStore store, AgentConfig config, List<Problem> problems)
      throws PortException {
    SortedMap<GroupName, RenderedBundle> bundles = new TreeMap<>();
    FirstReleases releases = new FirstReleases(store, config);
    for (ApplicationGroup group : groups) {
      problems.addAll(
          TenantRules.declared(
              group,
              config.tenancy(),
              config.cluster().namespace(),
              config.cluster().workflowServiceAccount()));
      try {
        FirstReleases.FirstRelease release = releases.of(group);
        problems.addAll(release.problems());
        bundles.put(group.name(), release.bundle());
      } catch (ChartProblems e) {
        problems.addAll(e.problems());
      }
    }
    return bundles;
  }

  private void write(SortedMap<GroupName, RenderedBundle> bundles, Path output) throws IOException {
    for (Map.Entry<GroupName, RenderedBundle> bundle : bundles.entrySet()) {
      Path folder = output.resolve(bundle.getKey().value());
      for (Map.Entry<RepoPath, String> file : bundle.getValue().files().entrySet()) {
        Path target = folder.resolve(file.getKey().value());
        Files.createDirectories(target.getParent());
        Files.write(target, file.getValue().getBytes(StandardCharsets.UTF_8));
      }
      console
          .err()
          .println(
              bundle.getKey() + ": " + bundle.getValue().files().size() + " files in " + folder);
    }
  }
}
