// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.GitService;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A team's repository in a folder, and the agent's mirror of it with a status branch. */
final class ServedRepository implements AutoCloseable {
  static final String STATUS = "segue/lab";
  private static final GitAuthor AUTHOR = new GitAuthor("Team", "team@example.com");
  private static final RepoPath FILE = RepoPath.parse("products/web.yaml");

  final Path folder;
  final CommitId first;
  final CommitId second;

  /** On a branch that nobody watches, though its objects are in the mirror. */
  final CommitId hidden;

  private final JGitSourceRepo source;
  private final JGitStatusBranch status;

  private ServedRepository(Path temp) throws PortException {
    folder = temp.resolve("remote.git");
    try (FolderRepository main = FolderRepository.create(folder, "main", AUTHOR)) {
      first = commit(main, "one");
      second = commit(main, "two");
    }
    Path other = temp.resolve("other.git");
    try (FolderRepository elsewhere = FolderRepository.create(other, "hidden", AUTHOR)) {
      hidden = commit(elsewhere, "nobody's business");
    }
    ClientGit.push(other, "refs/heads/hidden", folder);
    source = open(new RepositoryAddress.Branch("main"), temp);
    source.poll();
    source.tree(hidden);
    status = JGitStatusBranch.open(source, STATUS, AUTHOR, Clock.systemUTC());
    writeStatus("planned");
  }

  static ServedRepository make(Path temp) throws PortException {
    return new ServedRepository(temp);
  }

  private static CommitId commit(FolderRepository repository, String text) throws PortException {
    return repository.commit(
        Map.of(FILE, text.getBytes(StandardCharsets.UTF_8)),
        text,
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** Another mirror of the same repository. */
  JGitSourceRepo open(RepositoryAddress.Ref ref, Path temp) throws PortException {
    return JGitSourceRepo.open(
        new RepositoryAddress(folder.toString(), ref, "", RepositoryAddress.Auth.NONE),
        temp.resolve("cache"),
        GitLimits.defaults());
  }

  CommitId writeStatus(String text) throws PortException {
    TreeMap<RepoPath, String> files = new TreeMap<>(Map.of(RepoPath.parse("README.md"), text));
    return status
        .commit(before -> new StatusBranch.Edit(List.of(), files, text, Map.of()))
        .orElseThrow();
  }

  Map<String, GitService> services() {
    return Map.of("/git/source", source.service(), "/git/status", status.service());
  }

  @Override
  public void close() {
    status.close();
    source.close();
  }
}
