// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.RemoteRefUpdate.Status;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Brings a commit to the server, never by force, and tells a race from a refusal. */
final class StatusPush {
  private static final Pattern LOCKED =
      Pattern.compile("\\block|failed to update ref|fetch first|non-fast-forward");

  private final JGitMirror mirror;
  private final String branch;
  private final String ref;

  StatusPush(JGitMirror mirror, String branch) {
    this.mirror = mirror;
    this.branch = branch;
    this.ref = "refs/heads/" + branch;
  }

  /**
   * Pushes {@code commit} onto {@code expected}.
   *
   * @param expected where the branch must stand; null when it must not exist
   * @return false when somebody else was first; then the mirror asks anew where the branch stands
   */
  boolean push(@Nullable ObjectId expected, ObjectId commit) throws RepoException {
    Answer answer;
    try {
      answer =
          mirror.push(
              branch, (transport, exchange) -> exchange(transport, exchange, expected, commit));
    } catch (RepoException e) {
      // The server may have taken it before the connection broke.
      mirror.forget(ref);
      throw asRefusal(e);
    }
    switch (answer.status()) {
      case OK, UP_TO_DATE -> {
        mirror.record(ref, commit);
        return true;
      }
      case REJECTED_REMOTE_CHANGED, REJECTED_NONFASTFORWARD -> {
        mirror.forget(ref);
        return false;
      }
      case REJECTED_OTHER_REASON, REJECTED_NODELETE -> {
        if (hasMoved(expected) || LOCKED.matcher(answer.reason()).find()) {
          mirror.forget(ref);
          return false;
        }
        throw refused(answer.reason(), null);
      }
      default -> {
        mirror.forget(ref);
        throw new RepoException(
            ProblemCode.GIT_FAILED,
            true,
            "cannot push to \"" + branch + "\" of \"" + mirror.url() + "\": " + answer.status(),
            null);
      }
    }
  }

  private record Answer(Status status, String reason) {}

  private Answer exchange(
      Transport transport, GitExchange exchange, @Nullable ObjectId expected, ObjectId commit)
      throws IOException {
    RemoteRefUpdate update =
        new RemoteRefUpdate(
            mirror.repository(),
            (String) null,
            commit,
            ref,
            false,
            null,
            expected == null ? ObjectId.zeroId() : expected);
    PushResult result = transport.push(exchange.monitor(), List.of(update));
    String said = Optional.ofNullable(update.getMessage()).orElse("");
    String messages = Optional.ofNullable(result.getMessages()).orElse("");
    return new Answer(update.getStatus(), GitFailures.oneLine(said + " " + messages));
  }

  private boolean hasMoved(@Nullable ObjectId expected) throws RepoException {
    MirrorRefs.Tip now = mirror.refresh().get(ref);
    return now != null && !now.id().equals(Optional.ofNullable(expected));
  }

  /** Whoever may read but not push is told 403, or that there is no such repository. */
  private RepoException asRefusal(RepoException e) {
    boolean readable = mirror.wasReached();
    return switch (e.code()) {
      case GIT_UNAUTHORIZED, GIT_NOT_FOUND ->
          readable ? refused("these credentials may not push", e) : e;
      default -> e;
    };
  }

  private RepoException refused(String reason, @Nullable Throwable cause) {
    return new RepoException(
        ProblemCode.GIT_PUSH_REFUSED,
        false,
        "cannot push to \""
            + branch
            + "\" of \""
            + mirror.url()
            + "\": the server refused it ("
            + reason
            + "); allow these credentials to push to this branch",
        cause);
  }
}
