// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.charts.FileCredentials;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.agent.rehearse.RehearsedSource;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.parse.GroupReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The source repository at a commit, and the status branch of a site: to read, both. Nothing of
 * them is written.
 */
final class ReadSite implements AutoCloseable {
  /** The files of the working folder as they are. */
  static final String WORK_TREE = ".";

  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final AgentConfig config;
  private final RehearsedSource source;
  private final StatusBranch.Snapshot status;
  private final ChartStore charts;

  /**
   * Opens both.
   *
   * @param to a branch, a tag, a whole commit id or {@link #WORK_TREE}; "" for what is watched
   */
  ReadSite(AgentConfig config, String to, Clock clock) throws PortException, IOException {
    this.config = config;
    try {
      SourceRepo watched = open(Wiring.sourceAddress(config.source()));
      RepoTree newest = watched.poll();
      SourceRepo recorded = open(Wiring.statusAddress(config.status()));
      this.source =
          to.equals(WORK_TREE)
              ? new RehearsedSource(watched, workTree(), newest.commit(), recorded)
              : new RehearsedSource(watched, at(to, watched, newest), null, recorded);
      closing.push(source::close);
      AgentConfig.Status settings = config.status();
      StatusBranch branch =
          Wiring.statusAlone(
              config, new GitAuthor(settings.authorName(), settings.authorEmail()), clock);
      closing.push(branch::close);
      branch.refresh();
      this.status = branch.read();
      Path folder = config.charts().credentials();
      CredentialSource credentials =
          folder == null ? name -> Optional.empty() : new FileCredentials(folder);
      this.charts = Wiring.charts(config.charts(), source, credentials, clock);
      closing.push(charts::close);
    } catch (PortException | IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private SourceRepo open(RepositoryAddress address) throws RepoException {
    SourceRepo repo =
        JGitSourceRepo.open(address, config.charts().cache().resolve("git"), GitLimits.defaults());
    closing.push(repo::close);
    return repo;
  }

  private RepoTree at(String to, SourceRepo watched, RepoTree newest) throws RepoException {
    if (to.isEmpty()) {
      return newest;
    }
    if (to.matches("[0-9a-f]{40}")) {
      return watched.tree(CommitId.parse(to));
    }
    try {
      for (RepositoryAddress.Ref ref :
          List.of(new RepositoryAddress.Branch(to), new RepositoryAddress.Tag(to))) {
        try {
          return open(Wiring.sourceAddress(config.source(), ref)).poll();
        } catch (RepoException e) {
          if (e.code() != ProblemCode.REPOSITORY_REF_NOT_FOUND) {
            throw e;
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw noSuch(to, e);
    }
    throw noSuch(to, null);
  }

  private RepoException noSuch(String to, @Nullable Exception cause) {
    return new RepoException(
        ProblemCode.REPOSITORY_REF_NOT_FOUND,
        false,
        "`--to` must be a branch, a tag or a commit (40 digits) of \""
            + config.source().url()
            + "\", or \".\" for the files of the working folder; got \""
            + to
            + "\"",
        cause);
  }

  /** The files that declare groups, and their charts, as the commit that they would be. */
  private RepoTree workTree() throws PortException, IOException {
    Path root = LocalRender.root(List.of(Path.of("").toAbsolutePath()), null);
    LocalDeclarations declarations = LocalDeclarations.read(List.of(root), root);
    LocalStore store =
        LocalStore.open(root, declarations, GroupReader.read(declarations.files()).valid(), config);
    closing.push(store::close);
    return store.source().tree(store.commit());
  }

  RehearsedSource source() {
    return source;
  }

  /** Empty when the branch does not exist. */
  StatusBranch.Snapshot status() {
    return status;
  }

  ChartStore charts() {
    return charts;
  }

  ReconcilerSettings settings() {
    return Wiring.reconcilerSettings(config, source);
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
    closing.clear();
  }
}
