// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBranchTest {
  private static final GitAuthor TEAM = new GitAuthor("Team", "team@example.com");

  @TempDir private Path folder;
  private CommitId begin;
  private JGitSourceRepo repo;
  private StatusBranch real;
  private RehearsedSource source;

  @BeforeEach
  void begin() throws Exception {
    Path bare = folder.resolve("site.git");
    try (FolderRepository repository = FolderRepository.create(bare, "segue/a", TEAM)) {
      begin =
          repository.commit(
              Map.of(
                  path("groups/a/status.yaml"), bytes("old"),
                  path("groups/a/next/plan.yaml"), bytes("plan"),
                  path("charts/a/one/Chart.yaml"), bytes("one")),
              "begin",
              Instant.EPOCH);
    }
    RepositoryAddress address =
        new RepositoryAddress(
            bare.toUri().toString(),
            new RepositoryAddress.Branch("segue/a"),
            "",
            RepositoryAddress.Auth.NONE);
    repo = JGitSourceRepo.open(address, folder.resolve("a"), GitLimits.defaults());
    repo.poll();
    real =
        JGitStatusBranch.open(
            address, folder.resolve("b"), GitLimits.defaults(), "segue/a", TEAM, Clock.systemUTC());
    source = new RehearsedSource(repo);
  }

  @AfterEach
  void close() {
    real.close();
    repo.close();
  }

  private static RepoPath path(String path) {
    return RepoPath.parse(path);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Edit edit(List<RepoPath> replaced, String file, String text, String... blobs) {
    SortedMap<RepoPath, byte[]> kept = new TreeMap<>();
    for (String blob : blobs) {
      kept.put(path(blob), bytes(blob));
    }
    return new Edit(replaced, new TreeMap<>(Map.of(path(file), text)), kept, "s", Map.of());
  }

  @Test
  void goesOnWhereTheRealBranchStandsAndLeavesThatAlone() throws Exception {
    MemoryBranch branch = new MemoryBranch(real.read(), source);
    Edit edit =
        edit(
            List.of(path("groups/a/next")), "groups/b/status.yaml", "new", "charts/b/x/Chart.yaml");

    CommitId commit = branch.commit(newest -> edit).orElseThrow();

    assertThat(branch.read().commit()).contains(commit);
    assertThat(branch.read().read(path("groups/a/status.yaml"))).contains("old");
    assertThat(branch.read().read(path("groups/a/next/plan.yaml"))).isEmpty();
    assertThat(branch.read().read(path("groups/b/status.yaml"))).contains("new");
    assertThat(branch.read().folders(path("groups"))).containsExactly("a", "b");
    assertThat(branch.read().folders(path("groups/a"))).isEmpty();
    assertThat(branch.read().folders(path("charts"))).containsExactly("a", "b");
    real.refresh();
    assertThat(real.read().commit()).contains(begin);
  }

  @Test
  void hasTheChartsOfItsCommitsReadFromTheSource() throws Exception {
    MemoryBranch branch = new MemoryBranch(real.read(), source);
    branch.commit(newest -> edit(List.of(), "f", "1", "charts/a/two/Chart.yaml"));
    CommitId last = branch.commit(newest -> edit(List.of(), "f", "2")).orElseThrow();

    RepoTree tree = source.tree(last);

    assertThat(tree.read(path("charts/a/two/Chart.yaml"), 99))
        .isEqualTo(bytes("charts/a/two/Chart.yaml"));
    assertThat(tree.list(path("charts/a/two"))).hasSize(1);
    assertThat(tree.read(path("charts/a/one/Chart.yaml"), 99)).isEqualTo(bytes("one"));
    assertThat(tree.objectId(path("charts/a/one")))
        .isEqualTo(repo.tree(begin).objectId(path("charts/a/one")));
    assertThat(tree.objectId(path("charts/a/two"))).isPresent();
    assertThat(tree.objectId(path("charts/a/three"))).isEmpty();
  }

  @Test
  void makesEqualCommitsOfEqualEditsAndNoneOfNone() throws Exception {
    MemoryBranch one = new MemoryBranch(real.read(), source);
    MemoryBranch other = new MemoryBranch(real.read(), source);

    assertThat(one.commit(newest -> edit(List.of(), "f", "1")))
        .isEqualTo(other.commit(newest -> edit(List.of(), "f", "1")))
        .isPresent();
    assertThat(one.commit(newest -> edit(List.of(), "f", "1"))).isEmpty();
  }
}
