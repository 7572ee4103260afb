// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static dev.segue.agent.git.JGitSourceRepoTest.address;
import static dev.segue.agent.git.JGitSourceRepoTest.assertFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch.Change;
import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.agent.reconcile.StatusBranch.Written;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JGitStatusBranchTest {
  private static final String STATUS = "segue/site-a";
  private static final GitAuthor AUTHOR = new GitAuthor("Segue", "segue@example.com");
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path temp;
  private RemoteRepository remote;
  private JGitSourceRepo source;
  private JGitStatusBranch status;

  @BeforeEach
  void open() throws Exception {
    remote = RemoteRepository.create(temp.resolve("remote.git"));
    remote.commit("main", "products/web.yaml", "one");
    source = openSource("cache");
    status = JGitStatusBranch.open(source, STATUS, AUTHOR, NOON);
  }

  @AfterEach
  void close() {
    status.close();
    source.close();
    remote.close();
  }

  @Test
  void beginsWithARootCommitOfItsOwn() throws Exception {
    Snapshot nothing = status.read();
    assertThat(nothing.commit()).isEmpty();
    assertThat(nothing.read(path("README.md"))).isEmpty();
    assertThat(nothing.folders(RepoPath.ROOT)).isEmpty();

    Map<String, String> trailers = new LinkedHashMap<>();
    trailers.put("Source-Commit", "abc");
    trailers.put("Group", "web\nForged: yes");
    trailers.put("Phase", "Planned");
    trailers.put("Workflow", "web-1");
    CommitId id =
        status
            .commit(s -> new Edit(List.of(), files("README.md", "hello é"), "Plan web", trailers))
            .orElseThrow();

    RevCommit commit = remote.commit(STATUS);
    assertThat(commit.name()).isEqualTo(id.hex());
    assertThat(commit.getParentCount()).isZero();
    assertThat(commit.getFullMessage())
        .isEqualTo(
            """
            Plan web

            Source-Commit: abc
            Group: web Forged: yes
            Phase: Planned
            Workflow: web-1
            """);
    assertThat(commit.getAuthorIdent().toExternalString())
        .isEqualTo("Segue <segue@example.com> 1795176000 +0000");
    assertThat(commit.getCommitterIdent()).isEqualTo(commit.getAuthorIdent());
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("README.md", "hello é"));
    assertThat(status.read().commit()).contains(id);
    assertThat(status.read().read(path("README.md"))).contains("hello é");
  }

  @Test
  void appends() throws Exception {
    CommitId first = commit(List.of(), "a/x", "1", "b/y", "2").orElseThrow();
    CommitId second = commit(List.of(), "a/x", "3").orElseThrow();
    assertThat(remote.commit(STATUS).name()).isEqualTo(second.hex());
    assertThat(remote.commit(STATUS).getParent(0).name()).isEqualTo(first.hex());
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("a/x", "3", "b/y", "2"));
    assertThat(status.read().folders(RepoPath.ROOT)).containsExactly("a", "b");
    assertThat(status.read().folders(path("a"))).isEmpty();
    assertThat(status.read().folders(path("none"))).isEmpty();
  }

  @Test
  void makesNoCommitWhenNothingChanges() throws Exception {
    assertThat(commit(List.of())).isEmpty();
    assertThat(remote.tip(STATUS)).isNull();
    CommitId first = commit(List.of(), "a/x", "1").orElseThrow();
    assertThat(commit(List.of(), "a/x", "1")).isEmpty();
    assertThat(commit(List.of("a"), "a/x", "1")).isEmpty();
    assertThat(commit(List.of("none/here"))).isEmpty();
    assertThat(remote.commit(STATUS).name()).isEqualTo(first.hex());
  }

  @Test
  void replacesFolders() throws Exception {
    commit(List.of(), "g/web/a", "1", "g/web/old/b", "2", "g/db/c", "3", "README.md", "r");
    commit(List.of("g/web"), "g/web/a", "1", "g/web/new/d", "4");
    assertThat(remote.texts(STATUS))
        .isEqualTo(Map.of("g/web/a", "1", "g/web/new/d", "4", "g/db/c", "3", "README.md", "r"));
    commit(List.of("g/web", "g/db"));
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("README.md", "r"));
    commit(List.of(""), "only", "x");
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("only", "x"));
    commit(List.of(""));
    assertThat(remote.texts(STATUS)).isEmpty();
    assertThat(commit(List.of(""))).isEmpty();
  }

  @Test
  void leavesWhatOthersPutThereAndSurvivesIt() throws Exception {
    remote.commit(
        STATUS,
        Map.of(
            "g/link", remote.link("/etc/passwd"),
            "g/file", remote.file("file"),
            "lib", remote.submodule(),
            "g-x/a", remote.file("sorts between g and g/"),
            "run.sh", remote.executable("#!")));
    assertThat(status.read().read(path("g/link"))).isEmpty();
    assertThat(status.read().read(path("g"))).isEmpty();
    assertThat(status.read().folders(RepoPath.ROOT)).containsExactly("g", "g-x");
    // A file and a link stand where folders are wanted.
    commit(List.of("g/link"), "g/link/a", "1", "g/file/b", "2", "lib2/c", "3");
    assertThat(remote.texts(STATUS))
        .isEqualTo(
            Map.of(
                "g/link/a", "1",
                "g/file/b", "2",
                "lib", "submodule",
                "lib2/c", "3",
                "g-x/a", "sorts between g and g/",
                "run.sh", "#!"));
    try (org.eclipse.jgit.lib.ObjectReader reader = remote.repository().newObjectReader()) {
      byte[] tree = reader.open(remote.commit(STATUS).getTree()).getBytes();
      new org.eclipse.jgit.lib.ObjectChecker().checkTree(tree);
    }
  }

  @Test
  void isNotWhatTheSourceFollows() throws Exception {
    CommitId before = source.poll().commit();
    commit(List.of(), "a", "1");
    assertThat(source.poll().commit()).isEqualTo(before);
    assertFailure(
        () -> JGitStatusBranch.open(source, "main", AUTHOR, NOON),
        ProblemCode.CONFIG_INVALID,
        "must not be the watched branch");
    assertFailure(
        () -> JGitStatusBranch.open(source, "a..b", AUTHOR, NOON),
        ProblemCode.CONFIG_INVALID,
        "\"a..b\"");
  }

  @Test
  void seesAfterAPollWhatOthersPushed() throws Exception {
    commit(List.of(), "a", "1");
    remote.commit(STATUS, "b", "2");
    assertThat(status.read().read(path("b"))).isEmpty();
    source.poll();
    assertThat(status.read().read(path("b"))).contains("2");
  }

  @Test
  void refreshesWithoutAPollOfTheSource() throws Exception {
    commit(List.of(), "a", "1");
    remote.commit(STATUS, "b", "2");
    status.refresh();
    assertThat(status.read().read(path("b"))).contains("2");
    remote.commit(STATUS, "b", "3");
    status.refresh();
    assertThat(status.read().read(path("b"))).as("not the telling of before").contains("3");
    remote.delete(STATUS);
    status.refresh();
    assertThat(status.read().commit()).isEmpty();
  }

  @Test
  void makesUseOfAPollOnce() throws Exception {
    commit(List.of(), "a", "1");
    source.poll();
    long tellings = source.mirror().tellings();
    status.refresh();
    assertThat(source.mirror().tellings()).as("the poll told it").isEqualTo(tellings);
    status.refresh();
    assertThat(source.mirror().tellings()).isEqualTo(tellings + 1);
    source.poll();
    status.refresh();
    assertThat(source.mirror().tellings()).isEqualTo(tellings + 2);
  }

  @Test
  void aRefreshSaysThatTheServerIsGoneAndTheNextFindsItAgain() throws Exception {
    commit(List.of(), "a", "1");
    Files.move(temp.resolve("remote.git"), temp.resolve("away.git"));
    assertFailure(() -> status.refresh(), ProblemCode.GIT_NOT_FOUND, "remote.git");
    assertThat(status.read().read(path("a"))).contains("1");
    Files.move(temp.resolve("away.git"), temp.resolve("remote.git"));
    remote.commit(STATUS, "b", "2");
    status.refresh();
    assertThat(status.read().read(path("b"))).contains("2");
  }

  @Test
  void findsWhatWasWrittenBefore() throws Exception {
    CommitId first = told("1", "Source-Commit", "aaa", "Group", "web").orElseThrow();
    CommitId second = told("2", "Source-Commit", "bbb", "Group", "web").orElseThrow();
    CommitId third = told("3", "Source-Commit", "aaa", "Group", "db\nGroup: forged").orElseThrow();
    List<Written> seen = new ArrayList<>();
    assertThat(status.find(written -> !seen.add(written))).isEmpty();
    assertThat(seen).extracting(Written::commit).containsExactly(third, second, first);
    assertThat(seen).extracting(Written::subject).containsExactly("Say 3", "Say 2", "Say 1");
    assertThat(seen).extracting(Written::at).containsOnly(NOON.instant());
    assertThat(seen.get(0).trailers())
        .isEqualTo(Map.of("Source-Commit", "aaa", "Group", "db Group: forged"));

    Snapshot then = status.find(w -> "bbb".equals(w.trailers().get("Source-Commit"))).orElseThrow();
    assertThat(then.commit()).contains(second);
    assertThat(then.read(path("said"))).contains("2");
    assertThat(status.find(w -> w.commit().equals(first)).orElseThrow().read(path("said")))
        .contains("1");
  }

  @Test
  void findsNothingWhereThereIsNoBranch() throws Exception {
    assertThat(status.find(written -> true)).isEmpty();
  }

  @Test
  void hasTheWholeHistoryInANewMirror() throws Exception {
    for (int i = 1; i <= 5; i++) {
      told(Integer.toString(i), "Group", "web");
    }
    CommitId merged = merge("said by a pull request");
    try (JGitSourceRepo other = openSource("other");
        JGitStatusBranch copy = JGitStatusBranch.open(other, STATUS, AUTHOR, NOON)) {
      List<String> subjects = new ArrayList<>();
      assertThat(copy.find(written -> !subjects.add(written.subject()))).isEmpty();
      assertThat(subjects)
          .hasSize(7)
          .startsWith("Merge")
          .endsWith("Say 5", "Say 4", "Say 3", "Say 2", "Say 1");
      assertThat(copy.read().commit()).contains(merged);
    }
  }

  /** Merges a commit of its own into the branch, as a server does with a pull request. */
  private CommitId merge(String text) throws Exception {
    org.eclipse.jgit.lib.ObjectId tip = remote.commit(STATUS).getId();
    try (org.eclipse.jgit.lib.ObjectInserter inserter = remote.repository().newObjectInserter()) {
      org.eclipse.jgit.lib.PersonIdent later =
          new org.eclipse.jgit.lib.PersonIdent(
              "Jane", "jane@example.com", NOON.instant().plusSeconds(60), ZoneOffset.UTC);
      org.eclipse.jgit.lib.CommitBuilder side = new org.eclipse.jgit.lib.CommitBuilder();
      side.setTreeId(remote.tree(Map.of("said", remote.file(text))));
      side.setParentId(tip);
      side.setAuthor(later);
      side.setCommitter(later);
      side.setMessage("Ask");
      org.eclipse.jgit.lib.CommitBuilder merge = new org.eclipse.jgit.lib.CommitBuilder();
      merge.setTreeId(side.getTreeId());
      merge.setParentIds(tip, inserter.insert(side));
      merge.setAuthor(later);
      merge.setCommitter(later);
      merge.setMessage("Merge");
      org.eclipse.jgit.lib.ObjectId id = inserter.insert(merge);
      inserter.flush();
      org.eclipse.jgit.lib.RefUpdate update = remote.repository().updateRef("refs/heads/" + STATUS);
      update.setNewObjectId(id);
      update.update();
      return CommitId.parse(id.name());
    }
  }

  private Optional<CommitId> told(String text, String... trailers) throws RepoException {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < trailers.length; i += 2) {
      map.put(trailers[i], trailers[i + 1]);
    }
    return status.commit(s -> new Edit(List.of(), files("said", text), "Say " + text, map));
  }

  @Test
  void asksAgainWhenSomebodyElseWasFirst() throws Exception {
    commit(List.of(), "count", "1");
    remote.commit(STATUS, Map.of("count", remote.file("5"), "theirs", remote.file("t")));
    List<String> seen = new ArrayList<>();
    status.commit(
        snapshot -> {
          String count = text(snapshot, "count");
          seen.add(count);
          return edit(List.of(), "count", Integer.toString(Integer.parseInt(count) + 1));
        });
    assertThat(seen).containsExactly("1", "5");
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("count", "6", "theirs", "t"));
  }

  @Test
  void beginsAnewWhenTheBranchWasDeleted() throws Exception {
    commit(List.of(), "a", "1");
    remote.delete(STATUS);
    commit(List.of(), "b", "2");
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("b", "2"));
    assertThat(remote.commit(STATUS).getParentCount()).isZero();
  }

  @Test
  void losesNoCommitOfManyWriters() throws Exception {
    int writers = 3;
    int each = 5;
    List<AutoCloseable> opened = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(2 * writers);
    try {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        JGitSourceRepo own = openSource("cache-" + w);
        // Equal commits on equal parents would be one and the same commit.
        GitAuthor author = new GitAuthor("Segue " + w, "segue@example.com");
        JGitStatusBranch branch = JGitStatusBranch.open(own, STATUS, author, NOON);
        opened.add(branch);
        opened.add(own);
        // Two threads on each.
        tasks.add(() -> increment(branch, each));
        tasks.add(() -> increment(branch, each));
      }
      for (Future<Integer> future : pool.invokeAll(tasks)) {
        assertThat(future.get()).isEqualTo(each);
      }
    } finally {
      pool.shutdown();
      for (AutoCloseable one : opened) {
        one.close();
      }
    }
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("count", "30"));
    try (RevWalk walk = new RevWalk(remote.repository())) {
      walk.markStart(walk.parseCommit(remote.commit(STATUS)));
      assertThat(walk).hasSize(2 * writers * each);
    }
  }

  private static int increment(JGitStatusBranch branch, int times) throws RepoException {
    int done = 0;
    while (done < times) {
      try {
        branch.commit(
            snapshot -> {
              String count = text(snapshot, "count");
              int next = count.isEmpty() ? 1 : Integer.parseInt(count) + 1;
              return edit(List.of(), "count", Integer.toString(next));
            });
        done++;
      } catch (RepoException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
    }
    return done;
  }

  /** Has the branch write one change while the others wait; returns what became of these. */
  private List<Future<Optional<CommitId>>> whileOneIsWritten(List<Change> others) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    ThreadGroup group = new ThreadGroup("writers");
    ExecutorService pool = Executors.newCachedThreadPool(task -> new Thread(group, task));
    try {
      Future<Optional<CommitId>> first =
          pool.submit(
              () ->
                  status.commit(
                      newest -> {
                        begun.countDown();
                        await(waiting);
                        return edit(List.of(), "first", "1");
                      }));
      begun.await();
      List<Future<Optional<CommitId>>> found = new ArrayList<>();
      for (Change other : others) {
        found.add(pool.submit(() -> status.commit(other)));
      }
      Thread[] threads = new Thread[others.size() + 1];
      Awaitility.await()
          .until(
              () ->
                  group.enumerate(threads) == threads.length
                      && Stream.of(threads)
                          .allMatch(thread -> thread.getState() == Thread.State.WAITING));
      waiting.countDown();
      assertThat(first.get()).isPresent();
      for (Future<Optional<CommitId>> each : found) {
        try {
          var unused = each.get();
        } catch (ExecutionException e) {
          // the test looks at it
        }
      }
      return found;
    } finally {
      pool.shutdown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Change file(String name) {
    return newest -> edit(List.of(), name, "1");
  }

  @Test
  void pushesTogetherWhatWaitsEachWithACommitOfItsOwn() throws Exception {
    remote.logUpdates();
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    Change telling =
        new Change() {
          @Override
          public Edit of(Snapshot newest) {
            return edit(List.of(), "told", text(newest, "first"));
          }

          @Override
          public void made(CommitId commit) {
            told.add(commit.hex());
          }
        };
    List<Future<Optional<CommitId>>> others =
        whileOneIsWritten(
            List.of(file("a"), file("b"), telling, newest -> edit(List.of()), file("c")));

    assertThat(remote.texts(STATUS).keySet()).containsExactly("a", "b", "c", "first", "told");
    assertThat(remote.updates(STATUS)).isEqualTo(2);
    List<String> history = new ArrayList<>();
    try (RevWalk walk = new RevWalk(remote.repository())) {
      walk.markStart(walk.parseCommit(remote.commit(STATUS)));
      walk.forEach(commit -> history.add(commit.name()));
    }
    assertThat(history).hasSize(5);
    for (int i : new int[] {0, 1, 2, 4}) {
      assertThat(history).contains(others.get(i).get().orElseThrow().hex());
    }
    assertThat(told).containsExactly(others.get(2).get().orElseThrow().hex());
    assertThat(others.get(3).get()).isEmpty();
  }

  @Test
  void whatIsWrongWithOneChangeHoldsUpNoOther() throws Exception {
    remote.checkObjects();
    List<Future<Optional<CommitId>>> others =
        whileOneIsWritten(
            List.of(
                file("a"),
                newest -> {
                  throw new IllegalStateException("no edit");
                },
                file("folder/.GIT"),
                file("b"),
                newest -> edit(List.of(), "both", "1", "both/folder", "1")));

    assertThat(remote.texts(STATUS).keySet()).containsExactly("a", "b", "first");
    assertThat(others.get(0).get()).isPresent();
    assertThat(others.get(3).get()).isPresent();
    assertThatThrownBy(() -> others.get(1).get()).hasRootCauseMessage("no edit");
    assertThatThrownBy(() -> others.get(2).get()).hasCauseInstanceOf(RepoException.class);
    assertThatThrownBy(() -> others.get(4).get())
        .hasRootCauseMessage("\"both\" must not be both file and folder");
    assertThat(commit(List.of(), "after", "1")).isPresent();
  }

  @Test
  void startsAgainFromTheRemoteWhenAPushFailed() throws Exception {
    commit(List.of(), "a", "1");
    Files.move(temp.resolve("remote.git"), temp.resolve("away.git"));
    assertFailure(() -> commit(List.of(), "a", "lost"), ProblemCode.GIT_PUSH_REFUSED, STATUS);
    Files.move(temp.resolve("away.git"), temp.resolve("remote.git"));
    assertThat(status.read().read(path("a"))).contains("1");
    assertThat(commit(List.of(), "a", "2")).isPresent();
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("a", "2"));
  }

  @Test
  void closingTwiceLeavesTheSourceOpen() throws Exception {
    status.close();
    status.close();
    assertThat(source.poll().read(path("products/web.yaml"), 10)).hasSize(3);
  }

  @Test
  void findsTheBranchAgainAfterARestart() throws Exception {
    CommitId id = commit(List.of(), "a", "1").orElseThrow();
    status.close();
    source.close();
    source = openSource("cache");
    status = JGitStatusBranch.open(source, STATUS, AUTHOR, NOON);
    assertThat(status.read().commit()).contains(id);
    assertThat(commit(List.of(), "a", "1")).isEmpty();
  }

  @Test
  void canBeInAnotherRepositoryWhichMayBeEmpty() throws Exception {
    try (RemoteRepository other = RemoteRepository.create(temp.resolve("status.git"));
        JGitStatusBranch branch =
            JGitStatusBranch.open(
                address(other.url(), new Branch("main")),
                temp.resolve("cache"),
                GitLimits.defaults(),
                STATUS,
                AUTHOR,
                NOON)) {
      assertThat(branch.read().commit()).isEmpty();
      branch.commit(s -> edit(List.of(), "a", "1"));
      assertThat(other.texts(STATUS)).isEqualTo(Map.of("a", "1"));
      assertThat(remote.tip(STATUS)).isNull();
    }
  }

  @Test
  void survivesALostMirror() throws Exception {
    commit(List.of(), "a", "1");
    for (Path each : List.of(source.mirror().repository().getDirectory().toPath())) {
      Files.move(each, temp.resolve("swept"));
    }
    int attempts = 0;
    Optional<CommitId> done = Optional.empty();
    while (done.isEmpty() && ++attempts < 4) {
      try {
        done = commit(List.of(), "a", "2");
      } catch (RepoException e) {
        assertThat(e.retryable()).as(e.getMessage()).isTrue();
      }
    }
    assertThat(remote.texts(STATUS)).isEqualTo(Map.of("a", "2"));
  }

  private JGitSourceRepo openSource(String cache) throws RepoException {
    return JGitSourceRepo.open(
        address(remote.url(), new Branch("main")), temp.resolve(cache), GitLimits.defaults());
  }

  private Optional<CommitId> commit(List<String> replaced, String... pathsAndTexts)
      throws RepoException {
    Change change = snapshot -> edit(replaced, pathsAndTexts);
    return status.commit(change);
  }

  static Edit edit(List<String> replaced, String... pathsAndTexts) {
    return new Edit(
        replaced.stream().map(RepoPath::new).toList(), files(pathsAndTexts), "Change", Map.of());
  }

  private static SortedMap<RepoPath, String> files(String... pathsAndTexts) {
    TreeMap<RepoPath, String> files = new TreeMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(path(pathsAndTexts[i]), pathsAndTexts[i + 1]);
    }
    return files;
  }

  private static String text(Snapshot snapshot, String file) {
    try {
      return snapshot.read(path(file)).orElse("");
    } catch (RepoException e) {
      throw new AssertionError(e);
    }
  }

  private static RepoPath path(String path) {
    return new RepoPath(path);
  }
}
