// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusStoreTest {
  private static final GroupName SHOP = GroupName.parse("shop");

  @TempDir Path folder;

  private JGitStatusBranch branch(String cache) throws RepoException {
    return JGitStatusBranch.open(
        new RepositoryAddress(
            folder.resolve("products.git").toUri().toString(),
            new RepositoryAddress.Branch("main"),
            "",
            new RepositoryAddress.Auth(null, null, null, null, null, null)),
        folder.resolve(cache),
        GitLimits.defaults(),
        "segue/lab",
        new GitAuthor(cache, cache + "@localhost"),
        Clock.systemUTC());
  }

  private static StatusReport report(String group, String message) {
    return new StatusReport(
        GroupName.parse(group),
        Phase.RELEASED,
        "1".repeat(40),
        "a.yaml:1",
        Attempt.NONE,
        null,
        List.of(new Condition("Ready", Condition.Status.TRUE, "Succeeded", message, "t")),
        List.of(),
        List.of());
  }

  private static void ask(StatusBranch people, String request) throws RepoException {
    RepoPath file = StatusPaths.of(SHOP, StatusPaths.REQUESTS);
    var unused =
        people.commit(
            newest ->
                new StatusBranch.Edit(
                    List.of(), new TreeMap<>(Map.of(file, request)), "Ask", Map.of()));
  }

  @Test
  void hearsOfARequestUponWhichItWroteItself() throws Exception {
    GitAuthor team = new GitAuthor("Team", "team@localhost");
    FolderRepository.create(folder.resolve("products.git"), "main", team).close();
    try (JGitStatusBranch own = branch("agent");
        JGitStatusBranch people = branch("people")) {
      StatusStore store = new StatusStore(own, "lab", Optional::empty);
      assertThat(store.asked()).isEmpty();
      store.update(report("shop", "1"), new TreeMap<>(), "one");
      store.update(report("mail", "1"), new TreeMap<>(), "one");
      assertThat(store.asked()).isEmpty();

      ask(people, "retry: 1");
      store.update(report("mail", "2"), new TreeMap<>(), "two");
      store.update(report("mail", "3"), new TreeMap<>(), "three");
      assertThat(store.asked()).containsExactly(SHOP);
      assertThat(store.asked()).isEmpty();

      store.update(report("mail", "4"), new TreeMap<>(), "four");
      assertThat(store.asked()).isEmpty();
      ask(people, "retry: 2");
      assertThat(store.asked()).containsExactly(SHOP);
    }
  }
}
