// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of a group besides what its file says: the content of its {@code requests.yaml}
 * on the status branch, or of annotations. Each names what it is about, so that it holds for that
 * alone and may be read any number of times.
 *
 * @param suspend whether nothing is to begin; null when nothing is asked
 * @param approve the plan that may begin; null for none
 * @param retry the failed attempt after which another is wanted; null for none
 * @param rollback the commit to go back to; null for none
 */
public record Requests(
    @Nullable Suspend suspend,
    @Nullable Approve approve,
    @Nullable Retry retry,
    @Nullable Rollback rollback) {
  public static final Requests NONE = new Requests(null, null, null, null);

  /**
   * Nothing is to begin.
   *
   * @param by who asked; "" when not known
   * @param at RFC 3339; "" when not known
   */
  public record Suspend(String by, String at) {}

  /**
   * A plan may begin.
   *
   * @param digest the plan's, 64 hex digits
   */
  public record Approve(String digest, String by, String at) {}

  /**
   * What failed is to be tried again.
   *
   * @param attempt the number of the last attempt when this was asked: later failures are held
   *     again
   */
  public record Retry(int attempt, String by, String at) {}

  /**
   * The group is to go back.
   *
   * @param to the source commit to go back to, 40 hex digits
   * @param from the digest of what was wanted when this was asked: once the file wants something
   *     else, that counts
   */
  public record Rollback(String to, String from, String by, String at) {}

  /** Whether attempt {@code failed} may be followed by another at the same. */
  public boolean retries(int failed) {
    return retry != null && retry.attempt() >= failed;
  }

  /** Who approved the plan of that digest; empty when nobody did. */
  public Optional<String> approved(String digest) {
    return Optional.ofNullable(approve)
        .filter(given -> given.digest().equals(digest))
        .map(given -> given.by().isEmpty() ? "somebody" : given.by());
  }

  /**
   * Returns these requests, and of {@code others} what these do not say; of two attempts to retry
   * the later.
   */
  public Requests or(Requests others) {
    return new Requests(
        suspend == null ? others.suspend : suspend,
        approve == null ? others.approve : approve,
        retry == null || others.retries(retry.attempt()) ? others.retry : retry,
        rollback == null ? others.rollback : rollback);
  }
}
