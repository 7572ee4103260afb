// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MirrorsTest {
  private static final GitAuthor AUTHOR = new GitAuthor("Test", "test@localhost");

  @TempDir private Path folder;
  private Path bare;

  @BeforeEach
  void commit() throws Exception {
    bare = folder.resolve("shop.git");
    try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR)) {
      TreeMap<RepoPath, byte[]> files = new TreeMap<>();
      files.put(RepoPath.parse("a.yaml"), "a: 1\n".getBytes(StandardCharsets.UTF_8));
      repository.commit(files, "Begin", Instant.EPOCH);
    }
  }

  private RepositoryAddress address(RepositoryAddress.Auth auth) {
    return new RepositoryAddress(bare.toString(), new RepositoryAddress.Branch("main"), "", auth);
  }

  private List<String> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("git"))) {
      return files.filter(Files::isDirectory).map(f -> f.getFileName().toString()).toList();
    }
  }

  private static StatusBranch.Edit edit(String text) {
    TreeMap<RepoPath, String> files = new TreeMap<>();
    files.put(RepoPath.parse("README.md"), text);
    return new StatusBranch.Edit(List.of(), files, text, Map.of());
  }

  @Test
  void clustersOfOneRepositoryHaveOneCopyAndEachItsStatusBranch() throws Exception {
    Mirrors mirrors = new Mirrors(folder.resolve("git"), GitLimits.defaults());
    RepositoryAddress address = address(RepositoryAddress.Auth.NONE);
    try (JGitSourceRepo b = JGitSourceRepo.open(address, mirrors);
        JGitStatusBranch ofB = JGitStatusBranch.open(b, "segue/b", AUTHOR, Clock.systemUTC())) {
      try (JGitSourceRepo a = JGitSourceRepo.open(address, mirrors);
          JGitStatusBranch ofA = JGitStatusBranch.open(a, "segue/a", AUTHOR, Clock.systemUTC())) {
        assertThat(copies()).hasSize(1);
        assertThat(a.poll().commit()).isEqualTo(b.poll().commit());
        assertThat(ofA.commit(newest -> edit("of a"))).isPresent();
      }
      assertThat(b.poll().commit()).as("the other's goes on").isNotNull();
      assertThat(ofB.commit(newest -> edit("of b"))).isPresent();
    }
    try (JGitSourceRepo again =
        JGitSourceRepo.open(address(RepositoryAddress.Auth.NONE), mirrors)) {
      assertThat(again.poll().commit()).as("opened anew after the last left").isNotNull();
      assertThat(copies()).hasSize(1);
    }
  }

  @Test
  void otherCredentialsHaveACopyOfTheirOwn() throws Exception {
    Mirrors mirrors = new Mirrors(folder.resolve("git"), GitLimits.defaults());
    Path token = Files.writeString(folder.resolve("token"), "not-a-secret");
    RepositoryAddress.Auth other = new RepositoryAddress.Auth(null, null, token, null, null, null);
    try (JGitSourceRepo a = JGitSourceRepo.open(address(RepositoryAddress.Auth.NONE), mirrors);
        JGitSourceRepo b = JGitSourceRepo.open(address(other), mirrors)) {
      assertThat(a.poll().commit()).isEqualTo(b.poll().commit());
      assertThat(copies()).hasSize(2);
    }
  }
}
