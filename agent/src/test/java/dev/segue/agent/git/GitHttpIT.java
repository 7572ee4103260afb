// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static dev.segue.agent.git.JGitSourceRepoTest.assertFailure;
import static dev.segue.agent.git.JGitSourceRepoTest.text;
import static dev.segue.agent.git.JGitStatusBranchTest.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.agent.git.RepositoryAddress.Auth;
import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.git.RepositoryAddress.Commit;
import dev.segue.agent.git.RepositoryAddress.Ref;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitHttpIT {
  private static final Ref MAIN = new Branch("main");
  private static final String STATUS = "segue/site-a";
  private static final String ADVERTISEMENT = "/team/repo.git/info/refs?service=git-upload-pack";
  private static final GitLimits QUICK =
      new GitLimits(Duration.ofSeconds(1), Duration.ofSeconds(3), 100);

  @TempDir private Path temp;
  private RemoteRepository remote;
  private GitHttpServer server;
  private CommitId first;

  @BeforeEach
  void start() throws Exception {
    remote = RemoteRepository.create(temp.resolve("remote.git"));
    first = remote.commit("main", "products/web.yaml", "one");
    server = GitHttpServer.start(remote.repository());
  }

  @AfterEach
  void stop() {
    server.close();
    remote.close();
  }

  @Test
  void aPollThatFindsNothingNewIsOneRequest() throws Exception {
    try (JGitSourceRepo repo = open(Auth.NONE);
        JGitStatusBranch status = statusOf(repo)) {
      RepoTree before = repo.poll();
      assertThat(server.takeRequests()).as("the first clone").hasSize(2);
      for (int i = 0; i < 3; i++) {
        assertThat(repo.poll()).isSameAs(before);
        assertThat(status.read().commit()).isEmpty();
        assertThat(server.takeRequests()).containsExactly("GET " + ADVERTISEMENT);
      }
      remote.commit("main", "products/web.yaml", "two");
      assertThat(text(repo.poll())).isEqualTo("two");
      assertThat(server.takeRequests())
          .containsExactly("GET " + ADVERTISEMENT, "POST /team/repo.git/git-upload-pack");
    }
  }

  @Test
  void anIdlePollWithCredentialsIsOneRequestToo() throws Exception {
    server.credentials = "git:s3cr3t";
    try (JGitSourceRepo repo = open(token("s3cr3t"))) {
      repo.poll();
      server.takeRequests();
      repo.poll();
      assertThat(server.takeRequests()).containsExactly("GET " + ADVERTISEMENT);
    }
  }

  @Test
  void aCommitToTheStatusBranchIsTwoRequests() throws Exception {
    try (JGitSourceRepo repo = open(Auth.NONE);
        JGitStatusBranch status = statusOf(repo)) {
      repo.poll();
      server.takeRequests();
      status.commit(s -> edit(List.of(), "a", "1"));
      status.commit(s -> edit(List.of(), "a", "1"));
      status.read();
      assertThat(server.takeRequests())
          .containsExactly(
              "GET /team/repo.git/info/refs?service=git-receive-pack",
              "POST /team/repo.git/git-receive-pack");
      repo.poll();
      assertThat(server.takeRequests()).containsExactly("GET " + ADVERTISEMENT);
    }
  }

  @Test
  void aRefreshAfterAPollIsNoRequestAndOneOfItsOwnIsOne() throws Exception {
    try (JGitSourceRepo repo = open(Auth.NONE);
        JGitStatusBranch status = statusOf(repo)) {
      repo.poll();
      status.commit(s -> edit(List.of(), "a", "1"));
      repo.poll();
      server.takeRequests();
      status.refresh();
      assertThat(server.takeRequests()).isEmpty();
      status.refresh();
      assertThat(server.takeRequests()).containsExactly("GET " + ADVERTISEMENT);
      remote.commit("segue/site-a", "b", "2");
      status.refresh();
      assertThat(server.takeRequests())
          .containsExactly("GET " + ADVERTISEMENT, "POST /team/repo.git/git-upload-pack");
      assertThat(status.read().read(new RepoPath("b"))).contains("2");
      assertThat(status.find(written -> true)).isPresent();
      assertThat(server.takeRequests()).isEmpty();
    }
  }

  @Test
  void aPollOfACommitThatIsHereNeedsNoServer() throws Exception {
    remote.commit("main", "products/web.yaml", "two");
    try (JGitSourceRepo repo =
        JGitSourceRepo.open(
            new RepositoryAddress(server.url(), new Commit(first), "", Auth.NONE),
            temp.resolve("cache"),
            GitLimits.defaults())) {
      assertThat(text(repo.poll())).isEqualTo("one");
      server.takeRequests();
      repo.poll();
      assertThat(server.takeRequests()).isEmpty();
    }
  }

  @Test
  void readsARotatedTokenAndKeepsItToItself() throws Exception {
    server.credentials = "git:first-t0ken";
    Path file = Files.writeString(temp.resolve("token"), "first-t0ken\n");
    try (JGitSourceRepo repo = open(token(file))) {
      repo.poll();
      server.credentials = "git:second-t0ken";
      RepoException refused = catchThrowableOfType(RepoException.class, repo::poll);
      assertThat(refused.code()).isEqualTo(ProblemCode.GIT_UNAUTHORIZED);
      assertThat(refused.retryable()).isFalse();
      for (Throwable each = refused; each != null; each = each.getCause()) {
        assertThat(each.toString()).doesNotContain("t0ken");
      }
      Files.writeString(file, "second-t0ken");
      assertThat(repo.poll().commit()).isEqualTo(first);
    }
    assertThat(textsBelow(temp.resolve("cache"))).noneMatch(each -> each.contains("t0ken"));
  }

  @Test
  void takesUserAndPassword() throws Exception {
    server.credentials = "segue:päss word+%";
    Path file = Files.writeString(temp.resolve("password"), "päss word+%");
    Auth auth = new Auth("segue", file, null, null, null, null);
    try (JGitSourceRepo repo = open(auth)) {
      assertThat(repo.poll().commit()).isEqualTo(first);
    }
  }

  @Test
  void namesACredentialFileThatIsNotThere() throws Exception {
    try (JGitSourceRepo repo = open(token(temp.resolve("nothing")))) {
      assertFailure(repo::poll, ProblemCode.CONFIG_FILE_NOT_FOUND, "`tokenFile`", "nothing");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, GIT_UNAUTHORIZED, false, the server refused the credentials (401)",
    "403, GIT_UNAUTHORIZED, false, the server refused the credentials (403)",
    "404, GIT_NOT_FOUND, false, there is no such repository",
    "410, GIT_NOT_FOUND, false, there is no such repository",
    "429, GIT_FAILED, true, the server answered 429",
    "500, GIT_FAILED, true, the server answered 500",
    "503, GIT_FAILED, true, the server answered 503",
    "302, GIT_FAILED, true, cannot fetch",
  })
  void reportsWhatTheServerAnswers(int status, ProblemCode code, boolean retryable, String part)
      throws Exception {
    try (JGitSourceRepo repo = open(Auth.NONE)) {
      repo.poll();
      server.status = status;
      RepoException failure = catchThrowableOfType(RepoException.class, repo::poll);
      assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
      assertThat(failure.retryable()).isEqualTo(retryable);
      assertThat(failure.getMessage())
          .startsWith("cannot fetch from \"" + server.url() + "\": ")
          .contains(part)
          .doesNotContain("\n");
      server.status = 0;
      assertThat(repo.poll().commit()).isEqualTo(first);
    }
  }

  @Test
  void asksForCredentialsWhereThereAreNone() throws Exception {
    server.credentials = "a:b";
    try (JGitSourceRepo repo = open(Auth.NONE)) {
      assertFailure(repo::poll, ProblemCode.GIT_UNAUTHORIZED, "401", "`tokenFile`");
    }
  }

  @Test
  void reportsAWebPageInsteadOfGit() throws Exception {
    server.htmlInstead = true;
    try (JGitSourceRepo repo = open(Auth.NONE)) {
      assertFailure(repo::poll, ProblemCode.GIT_FAILED, "does not answer as a Git server");
    }
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    server.hang = true;
    try (JGitSourceRepo repo = open(Auth.NONE, QUICK)) {
      long start = System.nanoTime();
      assertFailure(repo::poll, ProblemCode.GIT_UNREACHABLE, "cannot be reached");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void reportsAServerThatIsNotThere() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    for (String host : List.of("localhost:" + port, "no-such-host.invalid")) {
      RepositoryAddress address =
          new RepositoryAddress("http://" + host + "/repo.git", MAIN, "", Auth.NONE);
      try (JGitSourceRepo repo =
          JGitSourceRepo.open(address, temp.resolve("cache"), GitLimits.defaults())) {
        RepoException failure = catchThrowableOfType(RepoException.class, repo::poll);
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(ProblemCode.GIT_UNREACHABLE);
        assertThat(failure.retryable()).isTrue();
      }
    }
  }

  @Test
  void reportsARefusedPushOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    server.hook =
        (pack, commands) -> {
          asked.incrementAndGet();
          pack.sendMessage("You are not allowed to push to protected branches");
          commands.forEach(
              each ->
                  each.setResult(
                      ReceiveCommand.Result.REJECTED_OTHER_REASON,
                      "protected branch hook declined"));
        };
    try (JGitSourceRepo repo = open(Auth.NONE);
        JGitStatusBranch status = statusOf(repo)) {
      repo.poll();
      assertFailure(
          () -> status.commit(s -> edit(List.of(), "a", "1")),
          ProblemCode.GIT_PUSH_REFUSED,
          "cannot push to \"segue/site-a\"",
          "protected branch hook declined",
          "not allowed to push");
      assertThat(asked).hasValue(1);
      server.hook = org.eclipse.jgit.transport.PreReceiveHook.NULL;
      assertThat(status.commit(s -> edit(List.of(), "a", "1"))).isPresent();
    }
  }

  @Test
  void reportsCredentialsThatMayOnlyRead() throws Exception {
    server.pushStatus = 403;
    try (JGitSourceRepo repo = open(Auth.NONE);
        JGitStatusBranch status = statusOf(repo)) {
      repo.poll();
      assertFailure(
          () -> status.commit(s -> edit(List.of(), "a", "1")),
          ProblemCode.GIT_PUSH_REFUSED,
          "these credentials may not push");
    }
  }

  @Test
  void startsAgainWhenTheServerFailsInTheMiddleOfAPush() throws Exception {
    try (JGitSourceRepo repo = open(Auth.NONE);
        JGitStatusBranch status = statusOf(repo)) {
      status.commit(s -> edit(List.of(), "a", "1"));
      server.pushStatus = 500;
      RepoException failure =
          catchThrowableOfType(
              RepoException.class, () -> status.commit(s -> edit(List.of(), "a", "2")));
      assertThat(failure.retryable()).isTrue();
      server.pushStatus = 0;
      assertThat(status.read().read(new RepoPath("a"))).contains("1");
      Optional<CommitId> commit = status.commit(s -> edit(List.of(), "a", "2"));
      assertThat(remote.commit(STATUS).name()).isEqualTo(commit.orElseThrow().hex());
    }
  }

  @Test
  void asksAgainWhenTheBranchMovesDuringThePush() throws Exception {
    AtomicInteger pushes = new AtomicInteger();
    server.hook =
        (pack, commands) -> {
          if (pushes.getAndIncrement() == 0) {
            remote.commit(STATUS, "theirs", "t");
          }
        };
    try (JGitSourceRepo repo = open(Auth.NONE);
        JGitStatusBranch status = statusOf(repo)) {
      repo.poll();
      status.commit(s -> edit(List.of(), "ours", "o"));
      assertThat(remote.texts(STATUS)).isEqualTo(new TreeMap<>(Map.of("theirs", "t", "ours", "o")));
      assertThat(pushes).hasValue(2);
    }
  }

  @Test
  void trustsTheCertificateAuthorityOfTheFileOnly() throws Exception {
    Path store = temp.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "git",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-validity",
        "2",
        "-ext",
        "san=dns:localhost",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString());
    Path ca = temp.resolve("ca.crt");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "git",
        "-file",
        ca.toString(),
        "-keystore",
        store.toString());
    try (GitHttpServer tls = GitHttpServer.startTls(remote.repository(), context(store))) {
      RepositoryAddress trusting =
          new RepositoryAddress(tls.url(), MAIN, "", new Auth(null, null, null, null, null, ca));
      try (JGitSourceRepo repo =
          JGitSourceRepo.open(trusting, temp.resolve("cache"), GitLimits.defaults())) {
        assertThat(text(repo.poll())).isEqualTo("one");
        tls.takeRequests();
        repo.poll();
        assertThat(tls.takeRequests()).hasSize(1);
      }
      RepositoryAddress plain = new RepositoryAddress(tls.url(), MAIN, "", Auth.NONE);
      try (JGitSourceRepo repo =
          JGitSourceRepo.open(plain, temp.resolve("cache"), GitLimits.defaults())) {
        assertFailure(repo::poll, ProblemCode.GIT_HOST_KEY, "certificate", "`caFile`");
      }
      Files.writeString(ca, "no certificate");
      try (JGitSourceRepo repo =
          JGitSourceRepo.open(trusting, temp.resolve("cache"), GitLimits.defaults())) {
        assertFailure(repo::poll, ProblemCode.CONFIG_INVALID, "`caFile`");
      }
    }
  }

  private static SSLContext context(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", "changeit", "-noprompt"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private JGitSourceRepo open(Auth auth) throws RepoException {
    return open(auth, GitLimits.defaults());
  }

  private JGitSourceRepo open(Auth auth, GitLimits limits) throws RepoException {
    RepositoryAddress address = new RepositoryAddress(server.url(), MAIN, "", auth);
    return JGitSourceRepo.open(address, temp.resolve("cache"), limits);
  }

  private static JGitStatusBranch statusOf(JGitSourceRepo repo) throws RepoException {
    return JGitStatusBranch.open(
        repo, STATUS, new GitAuthor("Segue", "segue@example.com"), Clock.systemUTC());
  }

  private Auth token(String token) throws IOException {
    return token(Files.writeString(temp.resolve("token"), token));
  }

  private static Auth token(Path file) {
    return new Auth(null, null, file, null, null, null);
  }

  private static List<String> textsBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(
              each -> {
                try {
                  return Files.readString(each, StandardCharsets.ISO_8859_1);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              })
          .toList();
    }
  }
}
