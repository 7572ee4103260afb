// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitSourceRepo;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.GitService;
import dev.segue.renderer.model.CommitId;
import java.io.File;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real repositories, read by real clients. */
class WebServerIT {
  private static final String FILE = "products/web.yaml";

  @TempDir private Path temp;
  private ServedRepository served;
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    served = ServedRepository.make(temp);
    server = Web.start(Web.plain(null), served.services());
  }

  @AfterEach
  void stop() {
    server.close();
    served.close();
  }

  private String url(String repository) {
    return "http://localhost:" + server.port() + repository;
  }

  @Test
  void isClonedByJGit() throws Exception {
    try (Git source = ClientGit.clone(url("/git/source"), temp.resolve("a"), null);
        Git status = ClientGit.clone(url("/git/status"), temp.resolve("b"), null)) {
      assertThat(source.getRepository().getFullBranch()).isEqualTo("refs/heads/main");
      assertThat(ClientGit.text(source, served.second.hex(), FILE)).isEqualTo("two");
      assertThat(status.getRepository().getFullBranch()).isEqualTo("refs/heads/segue/lab");
      String tip = served.writeStatus("released").hex();
      status.fetch().call();
      assertThat(ClientGit.text(status, tip, "README.md")).isEqualTo("released");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void isClonedOverTls(String algorithm) throws Exception {
    WebSettings.Protection.Tls tls = Certificates.make(temp, algorithm);
    Path token = Files.writeString(temp.resolve("token"), "s3cr3t\n");
    try (WebServer encrypted = Web.start(Web.tls(tls, token), served.services());
        JGitSourceRepo client =
            JGitSourceRepo.open(
                new RepositoryAddress(
                    "https://localhost:" + encrypted.port() + "/git/source",
                    new RepositoryAddress.Branch("main"),
                    "",
                    new RepositoryAddress.Auth(null, null, token, null, null, tls.certificate())),
                temp.resolve("client"),
                GitLimits.defaults())) {
      assertThat(client.poll().commit()).isEqualTo(served.second);
      assertThat(client.tree(served.first).commit()).isEqualTo(served.first);
    }
  }

  @Test
  void givesACommitThatIsNoLongerTheTip() throws Exception {
    try (Git git = Git.init().setDirectory(temp.resolve("empty").toFile()).call()) {
      git.remoteAdd().setName("origin").setUri(new URIish(url("/git/source"))).call();
      ClientGit.fetch(git, served.first.hex());
      assertThat(ClientGit.text(git, served.first.hex(), FILE)).isEqualTo("one");
      ObjectId later = ObjectId.fromString(served.second.hex());
      assertThat(git.getRepository().getObjectDatabase().has(later))
          .as("nothing but what was asked for")
          .isFalse();
    }
  }

  @Test
  void keepsToItselfWhatNoConfiguredRefReaches() throws Exception {
    try (Git git = ClientGit.clone(url("/git/source"), temp.resolve("a"), null)) {
      assertThatThrownBy(() -> ClientGit.fetch(git, served.hidden.hex()))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("not valid");
      String status = ClientGit.refs(url("/git/status")).get("refs/heads/segue/lab");
      assertThatThrownBy(() -> ClientGit.fetch(git, String.valueOf(status)))
          .isInstanceOf(TransportException.class);
    }
  }

  @Test
  void tellsConfiguredRefsOnly() throws Exception {
    assertThat(ClientGit.refs(url("/git/source")))
        .isEqualTo(Map.of("HEAD", served.second.hex(), "refs/heads/main", served.second.hex()));
    assertThat(ClientGit.refs(url("/git/status"))).containsOnlyKeys("HEAD", "refs/heads/segue/lab");
  }

  @Test
  void showsACommitThatIsWatchedAsABranch() throws Exception {
    try (JGitSourceRepo fixed = served.open(new RepositoryAddress.Commit(served.first), temp)) {
      fixed.poll();
      assertClones(fixed.service(), served.first);
    }
  }

  @Test
  void showsATagThatIsWatchedAsABranchToo() throws Exception {
    try (Git git = Git.open(served.folder.toFile())) {
      git.tag().setName("v1").setMessage("one").call();
    }
    try (JGitSourceRepo tagged = served.open(new RepositoryAddress.Tag("v1"), temp)) {
      tagged.poll();
      assertClones(tagged.service(), served.second);
    }
  }

  private void assertClones(GitService service, CommitId commit) throws Exception {
    try (WebServer other = Web.start(Web.plain(null), Map.of("/r", service))) {
      String address = "http://localhost:" + other.port() + "/r";
      assertThat(ClientGit.refs(address)).containsEntry("refs/heads/source", commit.hex());
      try (Git git = ClientGit.clone(address, temp.resolve("clone"), null)) {
        assertThat(git.getRepository().resolve("HEAD").name()).isEqualTo(commit.hex());
      }
    }
  }

  /** What it has is told in a body of several kilobytes, which clients pack. */
  @Test
  void isFetchedFromByWhoHasMuchHistoryOfItsOwn() throws Exception {
    try (Git git = Git.init().setDirectory(temp.resolve("own").toFile()).call()) {
      for (int i = 0; i < 200; i++) {
        git.commit()
            .setMessage("own " + i)
            .setAuthor("Team", "team@example.com")
            .setCommitter("Team", "team@example.com")
            .setSign(false)
            .call();
      }
      git.fetch()
          .setRemote(url("/git/source"))
          .setRefSpecs(new RefSpec("refs/heads/main:refs/heads/theirs"))
          .call();
      assertThat(git.getRepository().resolve("refs/heads/theirs").name())
          .isEqualTo(served.second.hex());
      if (gitIsThere()) {
        String folder = temp.resolve("own").toString();
        git("-C", folder, "fetch", "-q", url("/git/status"), "segue/lab:refs/heads/status");
        assertThat(git("-C", folder, "show", "status:README.md")).isEqualTo("planned");
      }
    }
  }

  @Test
  void refusesAPush() throws Exception {
    try (Git git = ClientGit.clone(url("/git/source"), temp.resolve("a"), null)) {
      assertThatThrownBy(
              () ->
                  git.push()
                      .setRemote("origin")
                      .setRefSpecs(new RefSpec("refs/heads/main:refs/heads/mine"))
                      .call())
          .isInstanceOf(TransportException.class);
    }
    assertThat(get("/git/source/info/refs?service=git-receive-pack").statusCode()).isEqualTo(403);
    HttpResponse<String> push =
        Web.send(
            HttpRequest.newBuilder(URI.create(url("/git/source/git-receive-pack")))
                .POST(HttpRequest.BodyPublishers.ofString("0000")));
    assertThat(push.statusCode()).isEqualTo(403);
    assertThat(push.body()).isEqualTo("this repository can only be read\n");
    assertThat(ClientGit.refs(served.folder.toString())).doesNotContainKey("refs/heads/mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/git",
        "/git/source",
        "/git/source/",
        "/git/source/HEAD",
        "/git/source/config",
        "/git/source/objects/info/packs",
        "/git/source/../../../../etc/passwd",
        "/git/source/%2e%2e/%2e%2e/etc/passwd",
        "/git/source%2finfo/refs",
        "/git/sourceother/info/refs?service=git-upload-pack",
        "/git/source//info/refs?service=git-upload-pack",
        "/remote.git/info/refs?service=git-upload-pack",
      })
  void knowsNoOtherPath(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void speaksNoDumbProtocol() throws Exception {
    assertThat(get("/git/source/info/refs").statusCode()).isEqualTo(403);
    assertThat(get("/git/source/git-upload-pack").statusCode()).isEqualTo(405);
  }

  @Test
  void saysThatNothingWasFetchedYet() throws Exception {
    try (JGitSourceRepo fresh =
            JGitSourceRepo.open(
                new RepositoryAddress(
                    served.folder + "/",
                    new RepositoryAddress.Branch("main"),
                    "",
                    RepositoryAddress.Auth.NONE),
                temp.resolve("fresh"),
                GitLimits.defaults());
        WebServer early = Web.start(Web.plain(null), Map.of("/r", fresh.service()))) {
      String path = "http://localhost:" + early.port() + "/r/info/refs?service=git-upload-pack";
      HttpResponse<String> answer = Web.send(HttpRequest.newBuilder(URI.create(path)));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("10");
      fresh.poll();
      assertThat(Web.send(HttpRequest.newBuilder(URI.create(path))).statusCode()).isEqualTo(200);
    }
  }

  /** Git's own client, where there is one. */
  @Test
  void isClonedAndFetchedFromByGit() throws Exception {
    assumeTrue(gitIsThere(), "there is no `git` on PATH");
    Path clone = temp.resolve("clone");
    git("clone", "-q", url("/git/source"), clone.toString());
    assertThat(clone.resolve(FILE)).hasContent("two");
    git("-C", clone.toString(), "fetch", "-q", "--depth=1", url("/git/status"), "segue/lab");
    git("init", "-q", temp.resolve("empty").toString());
    git(
        "-C",
        temp.resolve("empty").toString(),
        "fetch",
        "-q",
        url("/git/source"),
        served.first.hex());
    assertThat(git("-C", temp.resolve("empty").toString(), "show", "FETCH_HEAD:" + FILE))
        .isEqualTo("one");
    assertThatThrownBy(() -> git("-C", clone.toString(), "push", "-q", "origin", "HEAD:mine"))
        .hasMessageContaining("403");
  }

  private static boolean gitIsThere() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "git")));
  }

  private String git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.environment().put("HOME", temp.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    if (process.exitValue() != 0) {
      throw new IllegalStateException(output);
    }
    return output;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return Web.send(HttpRequest.newBuilder(URI.create(url(path))));
  }
}
