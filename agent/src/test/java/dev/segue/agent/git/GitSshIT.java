// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static dev.segue.agent.git.JGitSourceRepoTest.assertFailure;
import static dev.segue.agent.git.JGitSourceRepoTest.text;
import static dev.segue.agent.git.JGitStatusBranchTest.edit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.git.RepositoryAddress.Auth;
import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.command.Command;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitSshIT {
  @TempDir private Path temp;
  private RemoteRepository remote;
  private SshServer server;
  private KeyPair hostKey;
  private KeyPair userKey;

  @BeforeEach
  void start() throws Exception {
    remote = RemoteRepository.create(temp.resolve("remote.git"));
    remote.commit("main", "products/web.yaml", "one");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    hostKey = generator.generateKeyPair();
    userKey = generator.generateKeyPair();
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, key, session) ->
            user.equals("git") && KeyUtils.compareKeys(key, userKey.getPublic()));
    server.setCommandFactory((channel, line) -> new GitCommand(line, remote.repository()));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop(true);
    remote.close();
  }

  @Test
  void readsAndWritesWithAKey() throws Exception {
    Auth auth = auth(key(userKey), knownHosts(hostKey));
    try (JGitSourceRepo repo = open("/team/repo.git", auth);
        JGitStatusBranch status =
            JGitStatusBranch.open(
                repo, "segue/a", new GitAuthor("Segue", "s@example.com"), Clock.systemUTC())) {
      assertThat(text(repo.poll())).isEqualTo("one");
      remote.commit("main", "products/web.yaml", "two");
      assertThat(text(repo.poll())).isEqualTo("two");
      status.commit(s -> edit(List.of(), "a", "1"));
      assertThat(remote.texts("segue/a")).isEqualTo(Map.of("a", "1"));
    }
  }

  @Test
  void refusesAnUnknownHostKey() throws Exception {
    Path empty = Files.writeString(temp.resolve("known_hosts"), "");
    try (JGitSourceRepo repo = open("/team/repo.git", auth(key(userKey), empty))) {
      assertFailure(
          repo::poll, ProblemCode.GIT_HOST_KEY, "127.0.0.1", "SHA256:", "`knownHostsFile`");
    }
    assertThat(empty).isEmptyFile();
  }

  @Test
  void refusesAChangedHostKey() throws Exception {
    Path other = knownHosts(userKey);
    String before = Files.readString(other);
    try (JGitSourceRepo repo = open("/team/repo.git", auth(key(userKey), other))) {
      assertFailure(repo::poll, ProblemCode.GIT_HOST_KEY, "`knownHostsFile`");
    }
    assertThat(other).hasContent(before.strip());
  }

  @Test
  void reportsAKeyThatTheServerDoesNotKnow() throws Exception {
    try (JGitSourceRepo repo = open("/team/repo.git", auth(key(hostKey), knownHosts(hostKey)))) {
      assertFailure(repo::poll, ProblemCode.GIT_UNAUTHORIZED, "`sshKeyFile`");
    }
  }

  @Test
  void reportsARepositoryThatIsNotThere() throws Exception {
    try (JGitSourceRepo repo = open("/team/none.git", auth(key(userKey), knownHosts(hostKey)))) {
      assertFailure(repo::poll, ProblemCode.GIT_NOT_FOUND, "no such repository");
    }
  }

  @Test
  void reportsAServerThatIsNotThere() throws Exception {
    String url = url("/team/repo.git");
    Auth auth = auth(key(userKey), knownHosts(hostKey));
    server.stop(true);
    RepositoryAddress address = new RepositoryAddress(url, new Branch("main"), "", auth);
    try (JGitSourceRepo repo =
        JGitSourceRepo.open(address, temp.resolve("cache"), GitLimits.defaults())) {
      assertFailure(repo::poll, ProblemCode.GIT_UNREACHABLE, "cannot be reached");
    }
  }

  private JGitSourceRepo open(String path, Auth auth) throws RepoException {
    return JGitSourceRepo.open(
        new RepositoryAddress(url(path), new Branch("main"), "", auth),
        temp.resolve("cache"),
        GitLimits.defaults());
  }

  private String url(String path) {
    return "ssh://git@127.0.0.1:" + server.getPort() + path;
  }

  private static Auth auth(Path key, Path knownHosts) {
    return new Auth(null, null, null, key, knownHosts, null);
  }

  private Path key(KeyPair pair) throws Exception {
    Path file = temp.resolve("id");
    try (OutputStream out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", null, out);
    }
    return file;
  }

  private Path knownHosts(KeyPair pair) throws IOException {
    return Files.writeString(
        temp.resolve("known_hosts"),
        "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(pair.getPublic()) + "\n");
  }

  /** What a forge runs for {@code git-upload-pack '/team/repo.git'}. */
  private static final class GitCommand extends AbstractCommandSupport implements Command {
    private final Repository repository;

    GitCommand(String line, Repository repository) {
      super(line, null);
      this.repository = repository;
    }

    @Override
    public void run() {
      try {
        if (!getCommand().endsWith("'/team/repo.git'")) {
          getErrorStream().write("fatal: no such repository\n".getBytes(StandardCharsets.UTF_8));
          getErrorStream().flush();
          onExit(128);
          return;
        }
        if (getCommand().startsWith("git-upload-pack ")) {
          new UploadPack(repository).upload(getInputStream(), getOutputStream(), getErrorStream());
        } else {
          new ReceivePack(repository)
              .receive(getInputStream(), getOutputStream(), getErrorStream());
        }
        onExit(0);
      } catch (IOException e) {
        onExit(1, "broken");
      }
    }
  }
}
