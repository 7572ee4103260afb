// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

/** An agent's life, in this process or in one of its own, until it is killed or has done all. */
public interface Life {
  /** Has the agent ask Git soon. */
  void poll();

  boolean dead();

  /** Whether it has asked Git as often as it was told to, and nothing more happens by itself. */
  boolean settled();
}
