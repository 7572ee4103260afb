// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ProblemCode;
import org.jspecify.annotations.Nullable;

/** A chart could not be had, or Helm does not render it. */
public final class ChartException extends PortException {
  public ChartException(
      ProblemCode code, boolean retryable, String message, @Nullable Throwable cause) {
    super(code, retryable, message, cause);
  }
}
