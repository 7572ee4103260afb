// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ProblemCode;
import org.jspecify.annotations.Nullable;

/**
 * The outside did not do what was asked. The message is one line that says operation, target and
 * cause, without secrets and without the password of a URL; the code says which paragraph of {@code
 * docs/problems.md} helps.
 */
public abstract sealed class PortException extends Exception
    permits RepoException, ClusterException, ChartException, WebException {
  private final ProblemCode code;
  private final boolean retryable;

  PortException(ProblemCode code, boolean retryable, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryable = retryable;
  }

  public final ProblemCode code() {
    return code;
  }

  /** Whether the same call may succeed later without anybody's doing. */
  public final boolean retryable() {
    return retryable;
  }

  @Override
  public final String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
