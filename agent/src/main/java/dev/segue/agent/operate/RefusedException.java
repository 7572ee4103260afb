// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

/** What was asked cannot be; the message is one line that says why, and what can. */
public final class RefusedException extends Exception {
  public RefusedException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
