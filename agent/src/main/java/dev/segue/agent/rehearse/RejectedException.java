// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

/** The simulated API server refuses what is asked; the message says why, as a real one would. */
final class RejectedException extends Exception {
  RejectedException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
