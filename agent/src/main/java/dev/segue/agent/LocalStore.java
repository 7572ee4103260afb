// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of a work tree as the commit that they would be, with a chart store on it. Closing it
 * removes both.
 */
final class LocalStore implements AutoCloseable {
  private static final String KUBE_VERSION = "v1.34.0";
  private static final GitAuthor AUTHOR = new GitAuthor("Segue", "segue@localhost");

  private final Path scratch;
  private final CommitId commit;
  private final SourceRepo source;
  private final ChartStore charts;

  private LocalStore(Path scratch, CommitId commit, SourceRepo source, ChartStore charts) {
    this.scratch = scratch;
    this.commit = commit;
    this.source = source;
    this.charts = charts;
  }

  /** Opens what these groups need of {@code root}. */
  static LocalStore open(
      Path root, LocalDeclarations declarations, List<ApplicationGroup> groups, AgentConfig config)
      throws PortException {
    Path scratch = null;
    SourceRepo source = null;
    try {
      scratch = Files.createTempDirectory("segue-render-");
      Path bare = scratch.resolve("repository.git");
      CommitId commit;
      try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR)) {
        // The time is always the same, so equal files are an equal commit.
        commit =
            repository.commit(
                LocalRepository.snapshot(root, declarations.files(), groups),
                "Files of the work tree",
                Instant.EPOCH);
      }
      RepositoryAddress address =
          new RepositoryAddress(
              bare.toUri().toString(),
              new RepositoryAddress.Branch("main"),
              config.source().fluxUrl(),
              RepositoryAddress.Auth.NONE);
      source = JGitSourceRepo.open(address, scratch.resolve("git"), GitLimits.defaults());
      ChartStore charts = Wiring.localCharts(config.charts(), source, Clock.systemUTC());
      source.poll();
      return new LocalStore(scratch, commit, source, charts);
    } catch (PortException | RuntimeException e) {
      discard(source, scratch);
      throw e;
    } catch (IOException e) {
      discard(source, scratch);
      String message = "cannot make a repository of \"" + root + "\": " + EmptyFolders.reason(e);
      throw new RepoException(ProblemCode.CONFIG_INVALID, false, message, e);
    }
  }

  private static void discard(@Nullable SourceRepo source, @Nullable Path scratch) {
    if (source != null) {
      source.close();
    }
    TemporaryFolders.delete(scratch);
  }

  CommitId commit() {
    return commit;
  }

  SourceRepo source() {
    return source;
  }

  ChartStore charts() {
    return charts;
  }

  /** The cluster's version when nothing says another one. */
  static String kubeVersion(AgentConfig config) {
    String version = config.cluster().kubeVersion();
    return version == null ? KUBE_VERSION : version;
  }

  @Override
  public void close() {
    charts.close();
    source.close();
    TemporaryFolders.delete(scratch);
  }
}
