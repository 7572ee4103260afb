// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import java.util.Optional;

/** What the agent says of itself to whoever supervises it: one line without a secret each. */
public interface Health {
  /** Why the process must be started anew; empty while it goes on. */
  Optional<String> fault();

  /** What has not happened yet of what must before the agent can work; empty when nothing. */
  Optional<String> missing();

  /** What it does when nothing is missing. */
  default String state() {
    return "ok";
  }
}
