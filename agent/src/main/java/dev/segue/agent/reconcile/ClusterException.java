// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ProblemCode;
import org.jspecify.annotations.Nullable;

/** The API server did not do what was asked. */
public final class ClusterException extends PortException {
  public ClusterException(
      ProblemCode code, boolean retryable, String message, @Nullable Throwable cause) {
    super(code, retryable, message, cause);
  }
}
