// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.agent.git.RepositoryAddress.Auth;
import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.git.RepositoryAddress.Commit;
import dev.segue.agent.git.RepositoryAddress.Ref;
import dev.segue.agent.git.RepositoryAddress.Tag;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it sets the system property user.home")
class JGitSourceRepoTest {
  private static final Ref MAIN = new Branch("main");
  private static final RepoPath FILE = new RepoPath("products/web.yaml");

  @TempDir private Path temp;
  private RemoteRepository remote;
  private CommitId first;

  @BeforeEach
  void makeRemote() {
    remote = RemoteRepository.create(temp.resolve("remote.git"));
    first = remote.commit("main", FILE.value(), "one");
  }

  @AfterEach
  void closeRemote() {
    remote.close();
  }

  @Test
  void followsABranch() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      assertThat(repo.poll().commit()).isEqualTo(first);
      CommitId second = remote.commit("main", FILE.value(), "two");
      assertThat(text(repo.poll())).isEqualTo("two");
      assertThat(repo.poll().commit()).isEqualTo(second);
      assertThat(text(repo.tree(first))).isEqualTo("one");
      assertThat(repo.descends(second, first)).isTrue();
      assertThat(repo.descends(first, first)).isTrue();
      assertThat(repo.descends(first, second)).isFalse();
      assertThat(repo.branch()).isEqualTo("main");
      assertThat(repo.url()).isEqualTo(remote.url());
    }
  }

  @Test
  void followsTagsOfBothKinds() throws Exception {
    remote.tag("light", first);
    remote.annotatedTag("v1.0", first);
    remote.commit("main", FILE.value(), "two");
    for (String tag : List.of("light", "v1.0")) {
      try (JGitSourceRepo repo = open(new Tag(tag))) {
        assertThat(repo.poll().commit()).as(tag).isEqualTo(first);
        assertThat(repo.branch()).isEmpty();
      }
    }
  }

  @Test
  void reportsATagThatNamesNoCommit() throws Exception {
    remote.tag("blob", CommitId.parse(remote.file("text").id().name()));
    try (JGitSourceRepo repo = open(new Tag("blob"))) {
      assertFailure(
          repo::poll, ProblemCode.REPOSITORY_REF_NOT_FOUND, "tag \"blob\"", "must name a commit");
    }
  }

  @Test
  void staysAtACommit() throws Exception {
    remote.commit("main", FILE.value(), "two");
    try (JGitSourceRepo repo = open(new Commit(first))) {
      assertThat(text(repo.poll())).isEqualTo("one");
      Files.move(temp.resolve("remote.git"), temp.resolve("gone.git"));
      assertThat(text(repo.poll())).isEqualTo("one");
    }
  }

  @Test
  void reportsACommitThatNobodyHas() throws Exception {
    CommitId nowhere = CommitId.parse("00112233445566778899aabbccddeeff00112233");
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
      assertFailure(
          () -> repo.tree(nowhere), ProblemCode.REPOSITORY_SHALLOW, nowhere.hex(), "force-push");
      assertThat(repo.descends(first, nowhere)).isFalse();
      assertThat(repo.descends(nowhere, first)).isFalse();
      CommitId sha256 = CommitId.parse("0".repeat(63) + "1");
      assertFailure(() -> repo.tree(sha256), ProblemCode.REPOSITORY_SHALLOW, sha256.hex());
      assertThat(repo.descends(first, sha256)).isFalse();
    }
  }

  @Test
  void followsAForcePushAndSaysThatItIsOne() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
      CommitId other = remote.forcePush("main", FILE.value(), "other");
      assertThat(repo.poll().commit()).isEqualTo(other);
      assertThat(repo.descends(other, first)).isFalse();
      assertThat(text(repo.tree(first))).isEqualTo("one");
    }
  }

  @Test
  void neverTakesAVanishedBranchForAnEmptyOne() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
      remote.delete("main");
      assertFailure(repo::poll, ProblemCode.REPOSITORY_REF_NOT_FOUND, "branch \"main\" must exist");
      CommitId again = remote.commit("main", FILE.value(), "again");
      assertThat(repo.poll().commit()).isEqualTo(again);
    }
  }

  @Test
  void takesABranchNamedLikeAFormerFolderOfBranches() throws Exception {
    remote.commit("release/x", FILE.value(), "x");
    try (JGitSourceRepo repo = open(new Branch("release/x"))) {
      repo.poll();
    }
    remote.delete("release/x");
    CommitId plain = remote.commit("release", FILE.value(), "plain");
    try (JGitSourceRepo repo = open(new Branch("release"))) {
      assertThat(repo.poll().commit()).isEqualTo(plain);
    }
  }

  @Test
  void reportsARepositoryThatIsNotThere() throws Exception {
    RepositoryAddress nowhere = address(temp.resolve("nowhere.git").toString(), MAIN);
    try (JGitSourceRepo repo = JGitSourceRepo.open(nowhere, cache(), GitLimits.defaults())) {
      assertFailure(repo::poll, ProblemCode.GIT_NOT_FOUND, "nowhere.git", "check `url`");
    }
  }

  @Test
  void reportsAnEmptyRepository() throws Exception {
    try (RemoteRepository empty = RemoteRepository.create(temp.resolve("empty.git"));
        JGitSourceRepo repo =
            JGitSourceRepo.open(address(empty.url(), MAIN), cache(), GitLimits.defaults())) {
      assertFailure(repo::poll, ProblemCode.REPOSITORY_REF_NOT_FOUND, "branch \"main\"");
    }
  }

  @Test
  void usesTheMirrorOfAnEarlierRun() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
    }
    Files.move(temp.resolve("remote.git"), temp.resolve("gone.git"));
    try (JGitSourceRepo repo = open(MAIN)) {
      assertThat(text(repo.tree(first))).isEqualTo("one");
    }
  }

  @Test
  void clearsWhatAKilledRunLeft() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
    }
    Path mirror = mirror();
    Files.writeString(mirror.resolve("refs/heads/main.lock"), "");
    Files.writeString(mirror.resolve("packed-refs.lock"), "");
    Files.writeString(mirror.resolve("config.lock"), "");
    Files.writeString(mirror.resolve("objects/incoming_123.pack"), "PACK");
    Files.createDirectories(mirror.resolveSibling(mirror.getFileName() + ".new/objects"));
    CommitId second = remote.commit("main", FILE.value(), "two");
    try (JGitSourceRepo repo = open(MAIN)) {
      assertThat(repo.poll().commit()).isEqualTo(second);
    }
    assertThat(mirror.resolve("objects/incoming_123.pack")).doesNotExist();
  }

  @Test
  void startsAnewAfterAKillInTheMiddleOfTheFirstClone() throws Exception {
    open(MAIN).close();
    Path mirror = mirror();
    Files.delete(mirror.resolve("HEAD"));
    Files.writeString(mirror.resolve("config"), "[core");
    try (JGitSourceRepo repo = open(MAIN)) {
      assertThat(text(repo.poll())).isEqualTo("one");
    }
  }

  @Test
  void clonesAgainWhenThePackIsDamaged() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
    }
    for (Path pack : files(mirror().resolve("objects/pack"), ".pack")) {
      byte[] bytes = Files.readAllBytes(pack);
      assertThat(pack.toFile().setWritable(true)).isTrue();
      for (int i = 12; i < bytes.length - 20; i++) {
        bytes[i] ^= 0x55;
      }
      Files.write(pack, bytes);
    }
    try (JGitSourceRepo repo = open(MAIN)) {
      RepoException damage = catchThrowableOfType(RepoException.class, () -> text(repo.poll()));
      if (damage != null) {
        assertThat(damage.retryable()).isTrue();
        assertThat(damage).hasMessageContaining("cloned again at the next poll");
      }
      assertThat(text(repo.poll())).isEqualTo("one");
    }
  }

  @Test
  void clonesAgainWhenThePackIsGone() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
    }
    for (Path file : files(mirror().resolve("objects/pack"), "")) {
      Files.delete(file);
    }
    remote.commit("main", FILE.value(), "two");
    try (JGitSourceRepo repo = open(MAIN)) {
      assertThat(text(repo.poll())).isEqualTo("two");
    }
  }

  @Test
  void clonesAgainWhenTheCacheIsSweptAwayUnderneath() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
      Path mirror = mirror();
      Files.move(mirror, temp.resolve("swept"));
      remote.commit("main", FILE.value(), "two");
      assertThat(text(repo.poll())).isEqualTo("two");
    }
  }

  @Test
  void givesEveryUserAtTheSameTimeAMirrorOfItsOwn() throws Exception {
    try (JGitSourceRepo one = open(MAIN);
        JGitSourceRepo two = open(MAIN)) {
      assertThat(text(one.poll())).isEqualTo("one");
      assertThat(text(two.poll())).isEqualTo("one");
      assertThat(one.mirror().repository().getDirectory())
          .isNotEqualTo(two.mirror().repository().getDirectory());
    }
  }

  @Test
  void isNotConfusedByAShallowSource() throws Exception {
    remote.commit("main", FILE.value(), "two");
    Path shallow = temp.resolve("shallow.git");
    org.eclipse.jgit.api.Git.cloneRepository()
        .setURI(remote.url())
        .setBare(true)
        .setDepth(1)
        .setBranch("refs/heads/main")
        .setGitDir(shallow.toFile())
        .call()
        .close();
    RepositoryAddress address = address(shallow.toString(), MAIN);
    try (JGitSourceRepo repo = JGitSourceRepo.open(address, cache(), GitLimits.defaults())) {
      RepoTree tree = repo.poll();
      assertThat(text(tree)).isEqualTo("two");
      assertThat(repo.descends(tree.commit(), first)).isFalse();
      assertFailure(() -> repo.tree(first), ProblemCode.REPOSITORY_SHALLOW, first.hex());
      assertThat(repo.poll()).isSameAs(tree);
    }
  }

  @Test
  void packsTheMirrorAnewNowAndThen() throws Exception {
    GitLimits limits =
        new GitLimits(
            GitLimits.defaults().idle(), GitLimits.defaults().operation(), /* changes */ 3);
    try (JGitSourceRepo repo = JGitSourceRepo.open(address(remote.url(), MAIN), cache(), limits)) {
      for (int i = 0; i < 6; i++) {
        remote.commit("main", FILE.value(), "text " + i);
        repo.poll();
      }
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(files(mirror().resolve("objects/pack"), ".bitmap"))
                      .as("packed")
                      .isNotEmpty());
      assertThat(text(repo.poll())).isEqualTo("text 5");
      assertThat(text(repo.tree(first))).isEqualTo("one");
    }
  }

  @Test
  void reportsACacheFolderThatCannotBe() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertFailure(
        () -> JGitSourceRepo.open(address(remote.url(), MAIN), file, GitLimits.defaults()),
        ProblemCode.GIT_FAILED,
        "cache folder");
  }

  @Test
  void ignoresTheMachinesGitConfiguration() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Files.writeString(
        home.resolve(".gitconfig"), "[url \"/nowhere\"]\n\tinsteadOf = " + remote.url() + "\n");
    String before = System.getProperty("user.home");
    System.setProperty("user.home", home.toString());
    try (JGitSourceRepo repo = open(MAIN)) {
      assertThat(repo.poll().commit()).isEqualTo(first);
    } finally {
      System.setProperty("user.home", before);
    }
    assertThat(home).isDirectoryContaining(p -> p.endsWith(".gitconfig"));
    assertThat(files(home, "")).hasSize(1);
  }

  @Test
  void theMirrorHasNoSecretAndNoRemote() throws Exception {
    try (JGitSourceRepo repo = open(MAIN)) {
      repo.poll();
    }
    assertThat(mirror().resolve("config")).content().doesNotContain("url");
    assertThat(remote.tip("main")).isEqualTo(ObjectId.fromString(first.hex()));
  }

  private JGitSourceRepo open(Ref ref) throws RepoException {
    return JGitSourceRepo.open(address(remote.url(), ref), cache(), GitLimits.defaults());
  }

  private Path cache() {
    return temp.resolve("cache");
  }

  private Path mirror() throws IOException {
    try (Stream<Path> files = Files.list(cache())) {
      return files.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(each -> each.toString().endsWith(ending)).toList();
    }
  }

  static RepositoryAddress address(String url, Ref ref) {
    return new RepositoryAddress(url, ref, "", Auth.NONE);
  }

  static String text(RepoTree tree) throws RepoException {
    return new String(tree.read(FILE, 1000), StandardCharsets.UTF_8);
  }

  static void assertFailure(ThrowingCallable call, ProblemCode code, String... parts) {
    RepoException failure = catchThrowableOfType(RepoException.class, call);
    assertThat(failure).as("failure").isNotNull();
    assertThat(failure.getMessage()).contains(parts).doesNotContain("\n");
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
  }
}
