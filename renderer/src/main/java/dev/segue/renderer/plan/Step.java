// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import java.util.List;

/**
 * A change that is done, and what it waits for.
 *
 * @param task its name in the Workflow, unique there
 * @param waits the fewest that say the order; sorted
 */
public record Step(String task, Change change, List<Wait> waits) {
  public Step {
    waits = List.copyOf(waits);
  }

  /**
   * A step that must have ended before.
   *
   * @param soft whether its end is enough, whatever it was; otherwise it must have succeeded
   */
  public record Wait(String task, boolean soft) {}
}
