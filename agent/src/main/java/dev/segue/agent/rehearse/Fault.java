// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

/** How a release is made to fail. */
public enum Fault {
  /** The pods never become ready: Helm gives up after the release's timeout. */
  TIMES_OUT,

  /** Helm's action hangs: neither success nor failure is ever reported. */
  NEVER_READY,

  /** An error before Helm has stored anything, again and again. */
  ERRORS
}
