// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside the same files in a repository that JGit makes: there must be no difference. */
final class UncommittedRepoTest {
  private static final GitAuthor AUTHOR = new GitAuthor("Segue", "segue@localhost");
  private static final String URL = "https://git.example.org/a.git";

  /** Git puts {@code a.b} before the folder {@code a} and {@code a0} after it. */
  private static final List<String> NAMES = List.of("a", "a.b", "a0", "a-", "A", "é", "😀", "z");

  @TempDir Path temp;

  private static SortedMap<RepoPath, byte[]> files(String... paths) {
    SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    for (String path : paths) {
      files.put(RepoPath.parse(path), ("content of " + path).getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }

  private static UncommittedRepo uncommitted(SortedMap<RepoPath, byte[]> files) {
    return UncommittedRepo.of(files, AUTHOR, URL, "main");
  }

  private interface Comparison {
    void of(RepoTree ours, RepoTree git) throws Exception;
  }

  private void compare(SortedMap<RepoPath, byte[]> files, String name, Comparison comparison)
      throws Exception {
    UncommittedRepo ours = uncommitted(files);
    Path bare = temp.resolve(name + ".git");
    try (FolderRepository repository = FolderRepository.create(bare, "main", AUTHOR)) {
      CommitId commit = repository.commit(files, "Files of the work tree", Instant.EPOCH);
      assertThat(ours.commit()).isEqualTo(commit);
      try (GitClone clone = GitClone.find(bare, temp.resolve(name + "-objects")).orElseThrow();
          SourceRepo source = clone.at(commit, URL, "main")) {
        comparison.of(ours.tree(commit), source.poll());
      }
    }
  }

  @Test
  void hasTheIdsThatGitGives() throws Exception {
    Random random = new Random(6);
    for (int round = 0; round < 10; round++) {
      SortedMap<RepoPath, byte[]> files = new TreeMap<>();
      for (int i = 0; i < 30; i++) {
        byte[] content = new byte[random.nextInt(2000)];
        random.nextBytes(content);
        RepoPath path = RepoPath.ROOT;
        for (int depth = random.nextInt(4); depth >= 0; depth--) {
          path = path.resolve(NAMES.get(random.nextInt(NAMES.size())) + (depth > 0 ? "d" : ""));
        }
        files.put(path, content);
      }
      compare(
          files,
          "round-" + round,
          (ours, git) -> {
            assertThat(ours.objectId(RepoPath.ROOT)).isEqualTo(git.objectId(RepoPath.ROOT));
            for (RepoPath file : files.keySet()) {
              for (RepoPath path = file; !path.value().isEmpty(); ) {
                assertThat(ours.objectId(path)).as("%s", path).isEqualTo(git.objectId(path));
                path = path.parent().orElseThrow();
              }
            }
          });
    }
  }

  @Test
  void listsFindsAndReadsAsARepositoryDoes() throws Exception {
    SortedMap<RepoPath, byte[]> files =
        files("a.b", "a/x.yaml", "a/b/c.yaml", "ab/x.yaml", "products/shop.yml");
    compare(
        files,
        "files",
        (ours, git) -> {
          for (String path : List.of("", "a", "a/b", "a/b/c.yaml", "a.b", "no", "a.b/no")) {
            RepoPath folder = RepoPath.parse(path);
            assertThat(ours.list(folder)).as(path).isEqualTo(git.list(folder));
            assertThat(ours.objectId(folder)).as(path).isEqualTo(git.objectId(folder));
          }
          for (List<String> globs :
              List.of(
                  List.of("**"),
                  List.of("*/*.yaml", "a"),
                  List.of("a/b"),
                  List.of("{a,ab}/x.yaml"),
                  List.of("."),
                  List.of("no"))) {
            assertThat(ours.find(globs)).as("%s", globs).isEqualTo(git.find(globs));
          }
          for (RepoPath file : files.keySet()) {
            assertThat(ours.read(file, 100)).isEqualTo(git.read(file, 100));
          }
        });
  }

  @Test
  void refusesWhatARepositoryRefuses() throws Exception {
    SortedMap<RepoPath, byte[]> files = files("a/x.yaml");
    files.put(
        RepoPath.parse("lfs.yaml"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
            .getBytes(StandardCharsets.US_ASCII));
    compare(
        files,
        "refused",
        (ours, git) -> {
          for (String path : List.of("a", "no", "a/x.yaml/no", "a/x.yaml", "lfs.yaml")) {
            RepoPath file = RepoPath.parse(path);
            int most = path.equals("lfs.yaml") ? 200 : 5;
            RepoException expected = (RepoException) catchThrowable(() -> git.read(file, most));
            assertThatExceptionOfType(RepoException.class)
                .as(path)
                .isThrownBy(() -> ours.read(file, most))
                .withMessage(expected.getMessage())
                .matches(e -> e.code() == expected.code());
          }
          assertThatExceptionOfType(RepoException.class).isThrownBy(() -> ours.find(List.of("/a")));
        });
  }

  @Test
  void isOneCommitWithoutHistory() throws Exception {
    UncommittedRepo repo = uncommitted(files("a.yaml"));
    CommitId other = CommitId.parse("1".repeat(40));

    assertThat(repo.poll().commit()).isEqualTo(repo.commit());
    assertThat(repo.descends(repo.commit(), repo.commit())).isTrue();
    assertThat(repo.descends(repo.commit(), other)).isFalse();
    assertThat(repo.descends(other, other)).isFalse();
    assertThatExceptionOfType(RepoException.class)
        .isThrownBy(() -> repo.tree(other))
        .matches(e -> e.code() == ProblemCode.REPOSITORY_REF_NOT_FOUND);
    assertThat(uncommitted(files()).poll().list(RepoPath.ROOT)).isEmpty();
  }
}
