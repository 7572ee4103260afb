// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.ProblemCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoPackSignatureException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.PackInvalidException;
import org.eclipse.jgit.errors.PackMismatchException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;

/** What a failure of JGit means to the one who has to mend it. */
final class GitFailures {
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]*@");
  private static final int MAX_REASON = 300;

  private GitFailures() {}

  /** Classifies what ended the exchange. */
  static RepoException of(GitExchange exchange, Throwable failure) {
    Optional<RepoException> own = find(failure, RepoException.class);
    if (own.isPresent()) {
      return own.get();
    }
    if (!exchange.refusedHostKey().isEmpty()) {
      return failed(
          ProblemCode.GIT_HOST_KEY,
          false,
          exchange,
          "the host key of "
              + exchange.refusedHostKey()
              + " is not in `knownHostsFile`; compare the fingerprint with the server's and add the"
              + " key (`ssh-keyscan` prints it)",
          failure);
    }
    if (isDiskFull(failure)) {
      return diskFull(exchange.operation(), failure);
    }
    Optional<RepoException> byStatus = byStatus(exchange, failure);
    if (byStatus.isPresent()) {
      return byStatus.get();
    }
    if (find(failure, SSLException.class).isPresent()) {
      return failed(
          ProblemCode.GIT_HOST_KEY,
          false,
          exchange,
          "the server's certificate is not trusted or TLS failed ("
              + oneLine(root(failure))
              + "); name its certificate authority in `caFile`",
          failure);
    }
    if (isRefusedKey(failure)) {
      return failed(
          ProblemCode.GIT_UNAUTHORIZED,
          false,
          exchange,
          "the server refused the key; `sshKeyFile` must be a private key without passphrase that"
              + " the server knows",
          failure);
    }
    if (isUnreachable(exchange, failure)) {
      return failed(
          ProblemCode.GIT_UNREACHABLE,
          true,
          exchange,
          "the server cannot be reached (" + oneLine(root(failure)) + ")",
          failure);
    }
    boolean brokenOff = find(failure, EOFException.class).isPresent();
    boolean missing =
        find(failure, NoRemoteRepositoryException.class).isPresent()
            || find(failure, RepositoryNotFoundException.class).isPresent();
    if (missing && !(brokenOff && exchange.httpStatus() == 200)) {
      return notFound(exchange, failure);
    }
    String reason = oneLine(root(failure));
    if (reason.matches("(?s).*advertisement.*shallow [0-9a-f]{40}.*")) {
      return failed(
          ProblemCode.REPOSITORY_SHALLOW,
          false,
          exchange,
          "the repository there is itself a shallow clone; it must have its whole history"
              + " (`git fetch --unshallow`)",
          failure);
    }
    return failed(ProblemCode.GIT_FAILED, true, exchange, reason, failure);
  }

  private static Optional<RepoException> byStatus(GitExchange exchange, Throwable failure) {
    int status = exchange.httpStatus();
    if (status == 401 || status == 403 || status == 407) {
      return Optional.of(
          failed(
              ProblemCode.GIT_UNAUTHORIZED,
              false,
              exchange,
              "the server refused the credentials ("
                  + status
                  + "); `tokenFile`, or `username` and `passwordFile`, must give access to it",
              failure));
    }
    if (status == 404 || status == 410) {
      return Optional.of(notFound(exchange, failure));
    }
    if (status == 429 || status >= 500) {
      return Optional.of(
          failed(
              ProblemCode.GIT_FAILED,
              true,
              exchange,
              "the server answered " + status + ", which may pass",
              failure));
    }
    return Optional.empty();
  }

  private static RepoException notFound(GitExchange exchange, Throwable failure) {
    return failed(
        ProblemCode.GIT_NOT_FOUND,
        false,
        exchange,
        "there is no such repository, or these credentials may not see it; check `url`",
        failure);
  }

  static RepoException diskFull(String operation, Throwable failure) {
    return new RepoException(
        ProblemCode.GIT_FAILED,
        true,
        operation + ": the disk of the cache folder is full; free some space",
        failure);
  }

  private static RepoException failed(
      ProblemCode code, boolean retryable, GitExchange exchange, String reason, Throwable cause) {
    return new RepoException(code, retryable, exchange.operation() + ": " + reason, cause);
  }

  /** Whether the mirror on disk lacks or garbles something that it should have. */
  static boolean isDamage(Throwable failure) {
    return find(failure, MissingObjectException.class).isPresent()
        || find(failure, CorruptObjectException.class).isPresent()
        || find(failure, PackInvalidException.class).isPresent()
        || find(failure, PackMismatchException.class).isPresent()
        || find(failure, NoPackSignatureException.class).isPresent();
  }

  static boolean isDiskFull(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = each.getMessage();
      if (each instanceof IOException
          && message != null
          && (message.contains("No space left") || message.contains("Disk quota exceeded"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRefusedKey(Throwable failure) {
    return find(failure, SshException.class)
        .filter(
            e ->
                e.getDisconnectCode()
                    == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE)
        .isPresent();
  }

  private static boolean isUnreachable(GitExchange exchange, Throwable failure) {
    return exchange.overdue()
        || find(failure, UnknownHostException.class).isPresent()
        || find(failure, UnresolvedAddressException.class).isPresent()
        || find(failure, SocketException.class).isPresent()
        || find(failure, NoRouteToHostException.class).isPresent()
        || find(failure, InterruptedIOException.class).isPresent()
        || find(failure, SshException.class).isPresent();
  }

  static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return Optional.of(type.cast(each));
      }
    }
    return Optional.empty();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Returns what it says, or what it is, as one line without user information of URLs. */
  static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    if (message != null && !message.isBlank() && !(failure instanceof UnknownHostException)) {
      return oneLine(message);
    }
    String name =
        failure
            .getClass()
            .getSimpleName()
            .replaceAll("(Exception|Error)$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
            .toLowerCase(Locale.ROOT);
    return oneLine(message == null ? name : name + ": " + message);
  }

  /** Returns the words of others, fit for one line of ours. */
  static String oneLine(String text) {
    String line = USER_INFO.matcher(text).replaceAll("://").replaceAll("[\\p{Cntrl}\\s]+", " ");
    line = line.strip();
    return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + " …";
  }
}
