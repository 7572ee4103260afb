// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitClone;
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

  /** What the store of charts is opened at, which reads the commits that it is asked for. */
  private final Path scratch;

  private final GitClone clone;
  private final CommitId commit;
  private final SourceRepo source;
  private final ChartStore charts;

  private LocalStore(
      Path scratch, GitClone clone, CommitId commit, SourceRepo source, ChartStore charts) {
    this.scratch = scratch;
    this.clone = clone;
    this.commit = commit;
    this.source = source;
    this.charts = charts;
  }

  /** Opens what these groups need of {@code root}. */
  static LocalStore open(
      Path root, LocalDeclarations declarations, List<ApplicationGroup> groups, AgentConfig config)
      throws PortException {
    Path scratch = null;
    GitClone clone = null;
    HelmChartStore charts = null;
    try {
      scratch = Files.createTempDirectory("segue-render-");
      Path bare = scratch.resolve("repository.git");
      try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR)) {
        clone = GitClone.find(bare, scratch.resolve("objects.git")).orElseThrow();
        String url = config.source().fluxUrl();
        charts =
            Wiring.localCharts(
                config.charts(), clone.at(CommitId.ZERO, url, "main"), Clock.systemUTC());
        charts.prepare();
        // The time is always the same, so equal files are an equal commit.
        CommitId commit =
            repository.commit(
                LocalRepository.snapshot(root, declarations.files(), groups),
                "Files of the work tree",
                Instant.EPOCH);
        return new LocalStore(scratch, clone, commit, clone.at(commit, url, "main"), charts);
      }
    } catch (PortException | RuntimeException e) {
      discard(charts, clone, scratch);
      throw e;
    } catch (IOException e) {
      discard(charts, clone, scratch);
      String message = "cannot make a repository of \"" + root + "\": " + EmptyFolders.reason(e);
      throw new RepoException(ProblemCode.CONFIG_INVALID, false, message, e);
    }
  }

  private static void discard(
      @Nullable ChartStore charts, @Nullable GitClone clone, @Nullable Path scratch) {
    if (charts != null) {
      charts.close();
    }
    if (clone != null) {
      clone.close();
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
    discard(charts, clone, scratch);
  }
}
