// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitCloneTest {
  @TempDir private Path temp;
  private RemoteRepository remote;
  private Path folder;

  @BeforeEach
  void open() {
    remote = RemoteRepository.create(temp.resolve("remote.git"));
    folder = temp.resolve("clone");
  }

  @AfterEach
  void close() {
    remote.close();
  }

  @Test
  void resolvesWhatGitTakes() throws Exception {
    CommitId first = remote.commit("main", "a.yaml", "1");
    remote.annotatedTag("v1", first);
    CommitId second = remote.commit("main", "a.yaml", "2");
    try (GitClone clone = cloned(0)) {
      assertThat(clone.resolve("main")).contains(second);
      assertThat(clone.resolve("HEAD~1")).contains(first);
      assertThat(clone.resolve("v1")).contains(first);
      assertThat(clone.resolve("origin/main")).contains(second);
      assertThat(clone.resolve(first.hex().substring(0, 10))).contains(first);
      assertThat(clone.resolve("no-such")).isEmpty();
      assertThat(clone.resolve("main:a.yaml")).isEmpty();
      assertThat(clone.resolve("^{")).isEmpty();
    }
  }

  @Test
  void readsTreesAndHistory() throws Exception {
    CommitId first = remote.commit("main", "a.yaml", "1");
    CommitId second = remote.commit("main", "a.yaml", "2");
    try (GitClone clone = cloned(0);
        SourceRepo source = clone.at(second, "https://git.example.org/a.git", "main")) {
      assertThat(source.poll().commit()).isEqualTo(second);
      assertThat(source.tree(first).read(RepoPath.parse("a.yaml"), 10)).containsExactly('1');
      assertThat(source.descends(second, first)).isTrue();
      assertThat(source.descends(first, second)).isFalse();
    }
  }

  @Test
  void findsBranchesAsTheyWereFetchedOrMade() throws Exception {
    remote.commit("main", "a.yaml", "1");
    remote.commit("segue/lab", "README.md", "lab");
    remote.commit("segue/site-b", "README.md", "b");
    remote.commit("seguex", "README.md", "another");
    try (GitClone clone = cloned(0)) {
      assertThat(clone.branches("segue/")).containsOnlyKeys("segue/lab", "segue/site-b");
      assertThat(
              requireNonNull(clone.branches("segue/").get("segue/lab"))
                  .read(RepoPath.parse("README.md")))
          .contains("lab");
    }
  }

  @Test
  void putsFilesThatAreNotCommittedOnTopOfTheHead() throws Exception {
    CommitId head = remote.commit("main", "a.yaml", "1");
    try (GitClone clone = cloned(0)) {
      Map<String, byte[]> before = contents(folder.resolve(".git"));
      Map<RepoPath, byte[]> files =
          Map.of(RepoPath.parse("a.yaml"), "2".getBytes(StandardCharsets.UTF_8));

      CommitId commit = clone.commit(head, files);

      assertThat(clone.commit(head, files)).isEqualTo(commit);
      SourceRepo source = clone.at(commit, "", "");
      assertThat(source.poll().read(RepoPath.parse("a.yaml"), 10)).containsExactly('2');
      assertThat(source.descends(commit, head)).isTrue();
      assertThat(contents(folder.resolve(".git"))).containsExactlyEntriesOf(before);
    }
  }

  @Test
  void readsAShallowCloneAsFarAsItGoes() throws Exception {
    CommitId first = remote.commit("main", "a.yaml", "1");
    CommitId second = remote.commit("main", "a.yaml", "2");
    try (GitClone clone = cloned(1);
        SourceRepo source = clone.at(second, "", "main")) {
      assertThat(source.poll().commit()).isEqualTo(second);
      assertThat(source.descends(second, first)).isFalse();
      assertThat(source.descends(second, second)).isTrue();
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> source.tree(first)))
          .isInstanceOf(RepoException.class)
          .hasMessageContaining(first.shortHex())
          .hasMessageContaining("fetch it");
    }
  }

  @Test
  void readsALinkedWorkTree() throws Exception {
    assumeTrue(gitIsThere(), "there is no `git` on PATH");
    CommitId head = remote.commit("main", "a.yaml", "1");
    cloned(0).close();
    Path linked = temp.resolve("linked");
    run(folder, "git", "worktree", "add", "-q", "--detach", linked.toString());
    Path below = Files.createDirectory(linked.resolve("below"));

    try (GitClone clone = GitClone.find(below, temp.resolve("o2")).orElseThrow()) {
      assertThat(clone.folder().toRealPath()).isEqualTo(linked.toRealPath());
      assertThat(clone.resolve("HEAD")).contains(head);
      assertThat(clone.at(head, "", "").poll().read(RepoPath.parse("a.yaml"), 10))
          .containsExactly('1');
    }
  }

  @Test
  void knowsABareRepository() throws Exception {
    CommitId head = remote.commit("main", "a.yaml", "1");
    Path bare = temp.resolve("remote.git");

    try (GitClone clone = GitClone.find(bare, temp.resolve("o")).orElseThrow()) {
      assertThat(clone.isBare()).isTrue();
      assertThat(clone.folder()).isEqualTo(bare);
      assertThat(clone.resolve("main")).contains(head);
    }
    try (GitClone clone = cloned(0)) {
      assertThat(clone.isBare()).isFalse();
      assertThat(clone.folder()).isEqualTo(folder);
    }
  }

  @Test
  void findsNoneOutsideOfARepository() throws Exception {
    assertThat(GitClone.find(temp, temp.resolve("objects"))).isEmpty();
  }

  private GitClone cloned(int depth) throws Exception {
    var command =
        Git.cloneRepository().setURI(remote.url()).setDirectory(folder.toFile()).setBranch("main");
    if (depth > 0) {
      command.setDepth(depth);
    }
    command.call().close();
    return GitClone.find(folder, temp.resolve("objects.git")).orElseThrow();
  }

  private static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static boolean gitIsThere() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(path -> Files.isExecutable(Path.of(path, "git")));
  }

  private static void run(Path folder, String... command) throws Exception {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
