// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.GroupCharts;
import dev.segue.agent.reconcile.GroupCharts.ChartProblems;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.Resolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Validates and renders files of a work tree, before anything is committed. */
final class LocalRender {
  private static final String KUBE_VERSION = "v1.34.0";
  private static final GitAuthor AUTHOR = new GitAuthor("Segue", "segue@localhost");

  private final Console console;

  LocalRender(Console console) {
    this.console = console;
  }

  /** Prints every problem to standard output. Returns 0 when there is none. */
  int validate(List<Path> paths) {
    List<SourceFile> files = new ArrayList<>();
    for (Path path : paths) {
      try {
        for (Path file : LocalFiles.declarations(path)) {
          files.add(new SourceFile(RepoPath.parse(shown(file)), Files.readString(file)));
        }
      } catch (IOException | IllegalArgumentException e) {
        console.err().println("cannot read \"" + path + "\": " + e.getMessage());
        return 1;
      }
    }
    Reading reading = GroupReader.read(files);
    List<Problem> problems = new ArrayList<>(reading.problems());
    reading.valid().forEach(group -> problems.addAll(Resolver.unsupported(group)));
    problems.stream().sorted().forEach(problem -> console.out().println(problem));
    console
        .err()
        .println(
            files.size()
                + " files, "
                + reading.groups().size()
                + " groups, "
                + problems.size()
                + " problems");
    return problems.isEmpty() ? 0 : 1;
  }

  /** As it was named, but relative: a problem's path is one of a repository. */
  private static String shown(Path file) {
    Path normal = file.normalize();
    Path here = Path.of("").toAbsolutePath();
    Path relative =
        normal.isAbsolute() && normal.startsWith(here) ? here.relativize(normal) : normal;
    String text = relative.toString().replace(file.getFileSystem().getSeparator(), "/");
    return text.replaceFirst("^(\\.\\./|/)+", "");
  }

  /**
   * Writes the bundle of a first release of each group in {@code path}. Returns 0 when there was no
   * problem.
   */
  int render(Path path, Path root, Path output, AgentConfig config) {
    Path scratch = null;
    try {
      requireEmpty(output);
      scratch = Files.createTempDirectory("segue-render-");
      return render(path, root, output, config, scratch);
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (IOException e) {
      console.err().println("cannot render \"" + path + "\": " + e.getMessage());
      return 1;
    } finally {
      TemporaryFolders.delete(scratch);
    }
  }

  private static void requireEmpty(Path output) throws IOException {
    if (Files.exists(output)) {
      try (Stream<Path> content = Files.list(output)) {
        if (content.findAny().isPresent()) {
          throw new IOException(
              "\"" + output + "\" must be empty or new, so that nothing of yours is replaced");
        }
      }
    }
  }

  private int render(Path path, Path root, Path output, AgentConfig config, Path scratch)
      throws IOException, PortException {
    CommitId commit;
    Path bare = scratch.resolve("repository.git");
    try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR)) {
      commit =
          repository.commit(LocalFiles.snapshot(root), "Files of the work tree", Instant.EPOCH);
    }
    RepositoryAddress address =
        new RepositoryAddress(
            bare.toUri().toString(),
            new RepositoryAddress.Branch("main"),
            config.source().fluxUrl(),
            RepositoryAddress.Auth.NONE);
    List<SourceFile> files = new ArrayList<>();
    for (Path file : LocalFiles.declarations(path)) {
      String name = LocalFiles.relative(root.toAbsolutePath(), file.toAbsolutePath());
      files.add(new SourceFile(RepoPath.parse(name), Files.readString(file)));
    }
    CredentialSource credentials = name -> Optional.empty();
    try (SourceRepo source =
            JGitSourceRepo.open(address, scratch.resolve("git"), GitLimits.defaults());
        ChartStore charts =
            Wiring.charts(config.charts(), source, credentials, Clock.systemUTC())) {
      source.poll();
      List<Problem> problems = new ArrayList<>();
      Reading reading = GroupReader.read(files);
      problems.addAll(reading.problems());
      RenderSettings settings = Wiring.renderSettings(config, source);
      GroupCharts groupCharts = new GroupCharts(charts, source);
      for (ApplicationGroup group : reading.valid()) {
        problems.addAll(render(group, commit, groupCharts, settings, kubeVersion(config), output));
      }
      problems.stream().sorted().forEach(problem -> console.out().println(problem));
      return problems.isEmpty() ? 0 : 1;
    }
  }

  private static String kubeVersion(AgentConfig config) {
    String version = config.cluster().kubeVersion();
    return version == null ? KUBE_VERSION : version;
  }

  private List<Problem> render(
      ApplicationGroup group,
      CommitId commit,
      GroupCharts charts,
      RenderSettings settings,
      String kubeVersion,
      Path output)
      throws IOException {
    List<Problem> unsupported = Resolver.unsupported(group);
    if (!unsupported.isEmpty()) {
      return unsupported;
    }
    try {
      Inventory nothing =
          Inventory.empty(
              group.name(), group.namespace() == null ? settings.namespace() : group.namespace());
      DesiredGroup desired = charts.resolve(group, commit, nothing);
      Plan plan = Planner.plan(desired, nothing, Map.of(), release -> Optional.empty());
      Map<ReleaseName, HelmOutput> outputs = charts.render(desired, kubeVersion);
      RenderedBundle bundle = BundleRenderer.render(plan, 1, settings, outputs);
      for (Map.Entry<RepoPath, String> file : bundle.files().entrySet()) {
        Path target = output.resolve(group.name().value()).resolve(file.getKey().value());
        Files.createDirectories(target.getParent());
        Files.write(target, file.getValue().getBytes(StandardCharsets.UTF_8));
      }
      console.err().println(group.name() + ": " + bundle.files().size() + " files");
      return bundle.problems();
    } catch (ChartProblems e) {
      return e.problems();
    }
  }
}
