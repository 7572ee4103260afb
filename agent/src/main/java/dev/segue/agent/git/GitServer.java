// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.jspecify.annotations.Nullable;

/** The far end: opens connections with credentials read anew, and says in our words what failed. */
final class GitServer {
  private static final int MAX_SECRET = 64 << 10;

  private final RepositoryAddress address;
  private final GitLimits limits;

  GitServer(RepositoryAddress address, GitLimits limits) {
    this.address = address;
    this.limits = limits;
  }

  String url() {
    return address.url();
  }

  /** Whether it is a folder of this machine. */
  boolean isLocal() {
    return !address.uri().isRemote();
  }

  /** What is done over an open transport. */
  interface Talk<T> {
    T over(Transport transport, GitExchange exchange) throws IOException, RepoException;
  }

  /**
   * Returns what {@code talk} returns.
   *
   * @param operation such as {@code fetch from}; it precedes the URL in messages
   */
  <T> T exchange(String operation, Repository mirror, Talk<T> talk) throws RepoException {
    GitExchange exchange =
        new GitExchange("cannot " + operation + " \"" + address.url() + "\"", limits);
    requireReadable(exchange);
    try (Link link = new Link(exchange, mirror)) {
      return talk.over(link.transport, exchange);
    } catch (IOException | RuntimeException e) {
      if (e instanceof RuntimeException runtime && !isJGits(runtime)) {
        throw runtime;
      }
      throw GitFailures.of(exchange, e);
    }
  }

  /** JGit wraps what a broken stream makes of it in unchecked ones; ours are bugs and go on. */
  private static boolean isJGits(RuntimeException e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e.getCause() instanceof IOException
        || (trace.length > 0 && !trace[0].getClassName().startsWith("dev.segue."));
  }

  private void requireReadable(GitExchange exchange) throws RepoException {
    RepositoryAddress.Auth auth = address.auth();
    requireReadable(exchange, "passwordFile", auth.passwordFile());
    requireReadable(exchange, "tokenFile", auth.tokenFile());
    requireReadable(exchange, "sshKeyFile", auth.sshKeyFile());
    requireReadable(exchange, "knownHostsFile", auth.knownHostsFile());
    requireReadable(exchange, "caFile", auth.caFile());
  }

  private static void requireReadable(GitExchange exchange, String field, @Nullable Path file)
      throws RepoException {
    if (file != null && !Files.isReadable(file)) {
      throw new RepoException(
          ProblemCode.CONFIG_FILE_NOT_FOUND,
          false,
          exchange.operation()
              + ": field `"
              + field
              + "` must name a readable file; got \""
              + file
              + "\"",
          null);
    }
  }

  /** A transport and what must be closed with it. */
  private final class Link implements AutoCloseable {
    private final Transport transport;
    private @Nullable SshdSessionFactory ssh;

    Link(GitExchange exchange, Repository mirror) throws IOException, RepoException {
      try {
        transport = Transport.open(mirror, address.uri());
      } catch (NotSupportedException e) {
        throw new IOException("the URL is not supported", e);
      }
      transport.setTimeout((int) limits.idle().toSeconds());
      transport.setTagOpt(TagOpt.NO_TAGS);
      RepositoryAddress.Auth auth = address.auth();
      if (transport instanceof TransportHttp http) {
        http.setHttpConnectionFactory(http(exchange, auth.caFile()));
        authorize(http, auth);
      } else if (transport instanceof SshTransport overSsh) {
        Path key = Objects.requireNonNull(auth.sshKeyFile());
        Path knownHosts = Objects.requireNonNull(auth.knownHostsFile());
        ssh = GitSsh.sessions(exchange, key, knownHosts, mirror.getDirectory());
        overSsh.setSshSessionFactory(ssh);
      }
    }

    private GitHttp http(GitExchange exchange, @Nullable Path caFile)
        throws IOException, RepoException {
      try {
        return new GitHttp(exchange, caFile);
      } catch (GeneralSecurityException e) {
        throw new RepoException(
            ProblemCode.CONFIG_INVALID,
            false,
            exchange.operation()
                + ": field `caFile` must name a file of PEM certificates; got \""
                + caFile
                + "\"",
            e);
      }
    }

    /** In the first request: waiting to be asked would double every poll's requests. */
    private void authorize(TransportHttp http, RepositoryAddress.Auth auth) throws IOException {
      if (auth.tokenFile() != null) {
        String user = auth.username() == null ? "git" : auth.username();
        http.setPreemptiveBasicAuthentication(user, secret(auth.tokenFile()));
      } else if (auth.passwordFile() != null) {
        http.setPreemptiveBasicAuthentication(auth.username(), secret(auth.passwordFile()));
      }
    }

    @Override
    public void close() {
      transport.close();
      if (ssh != null) {
        ssh.close();
      }
    }
  }

  private static String secret(Path file) throws IOException {
    if (Files.size(file) > MAX_SECRET) {
      throw new IOException("\"" + file + "\" must not be larger than 64 KiB");
    }
    return Files.readString(file).strip();
  }
}
