// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ProblemCode;
import org.jspecify.annotations.Nullable;

/** A Git repository could not be read or written. */
public final class RepoException extends PortException {
  public RepoException(
      ProblemCode code, boolean retryable, String message, @Nullable Throwable cause) {
    super(code, retryable, message, cause);
  }
}
