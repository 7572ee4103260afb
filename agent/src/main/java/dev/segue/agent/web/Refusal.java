// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

/** A request that is not served, and why: one line for whoever asked. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refusal(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  String reason() {
    String reason = getMessage();
    return reason == null ? "" : reason;
  }
}
