// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ProblemCode;
import org.jspecify.annotations.Nullable;

/** The agent could not begin to serve. */
public final class WebException extends PortException {
  public WebException(ProblemCode code, String message, @Nullable Throwable cause) {
    super(code, false, message, cause);
  }
}
