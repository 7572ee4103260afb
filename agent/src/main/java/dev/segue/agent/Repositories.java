// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.Mirrors;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.RepoException;
import java.time.Clock;

/** The source, and the branch that is written, as the configuration says. */
record Repositories(JGitSourceRepo source, JGitStatusBranch status) implements AutoCloseable {
  /** Opens both; without the network. */
  static Repositories open(AgentConfig config, Sharing sharing, Clock clock) throws RepoException {
    Mirrors mirrors = sharing.mirrors(config.charts());
    JGitSourceRepo source = JGitSourceRepo.open(sourceAddress(config.source()), mirrors);
    try {
      return new Repositories(source, status(config, source, mirrors, clock));
    } catch (PortException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static JGitStatusBranch status(
      AgentConfig config, JGitSourceRepo source, Mirrors mirrors, Clock clock)
      throws RepoException {
    AgentConfig.Status status = config.status();
    GitAuthor author = new GitAuthor(status.authorName(), status.authorEmail());
    if (inOne(config) && status.auth().equals(config.source().auth())) {
      return JGitStatusBranch.open(source, status.branch(), author, clock);
    }
    return statusAlone(config, mirrors, author, clock);
  }

  /** Opens the status branch without the source, even when both are in one repository. */
  static JGitStatusBranch statusAlone(AgentConfig config, GitAuthor author, Clock clock)
      throws RepoException {
    return statusAlone(config, Sharing.alone().mirrors(config.charts()), author, clock);
  }

  private static JGitStatusBranch statusAlone(
      AgentConfig config, Mirrors mirrors, GitAuthor author, Clock clock) throws RepoException {
    AgentConfig.Status status = config.status();
    RepositoryAddress address =
        new RepositoryAddress(
            status.url(), new RepositoryAddress.Branch(status.branch()), "", auth(status.auth()));
    return JGitStatusBranch.open(address, mirrors, status.branch(), author, clock);
  }

  private static RepositoryAddress sourceAddress(AgentConfig.Source source) {
    AgentConfig.Revision revision = source.revision();
    RepositoryAddress.Ref ref;
    if (revision instanceof AgentConfig.Revision.Branch branch) {
      ref = new RepositoryAddress.Branch(branch.name());
    } else if (revision instanceof AgentConfig.Revision.Tag tag) {
      ref = new RepositoryAddress.Tag(tag.name());
    } else {
      ref = new RepositoryAddress.Commit(((AgentConfig.Revision.Commit) revision).id());
    }
    return new RepositoryAddress(source.url(), ref, source.fluxUrl(), auth(source.auth()));
  }

  private static RepositoryAddress.Auth auth(AgentConfig.Auth auth) {
    return new RepositoryAddress.Auth(
        auth.username(),
        auth.passwordFile(),
        auth.tokenFile(),
        auth.sshKeyFile(),
        auth.knownHostsFile(),
        auth.caFile());
  }

  /** Whether status is written to the repository that is watched. */
  static boolean inOne(AgentConfig config) {
    return config.status().url().equals(config.source().url());
  }

  @Override
  public void close() {
    status.close();
    source.close();
  }
}
