// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import java.util.List;

/**
 * A change that is done, or what comes before it, and what it waits for.
 *
 * @param task its name in the Workflow, unique there
 * @param waits the fewest that say the order
 */
public record Step(String task, Phase phase, Change change, List<Wait> waits) {
  public Step {
    waits = List.copyOf(waits);
  }

  /** The change itself. */
  public Step(String task, Change change, List<Wait> waits) {
    this(task, Phase.LAST, change, waits);
  }

  /** What of a change a step does. */
  public enum Phase {
    /** The release stays as it is, and whoever deletes it deletes none of its objects. */
    HOLD("-hold"),
    /** The release is as wanted; what it has no longer stays where it is. */
    YIELD("-yield"),
    /** The release takes its objects over, and a failure of it deletes none of them. */
    ADOPT("-adopt"),
    /** The release stays as it is, and its objects can be deleted with it again. */
    FREE("-free"),
    /** The change itself. */
    LAST("");

    private final String suffix;

    Phase(String suffix) {
      this.suffix = suffix;
    }

    /** What Flux is asked with in a Workflow of that name. */
    public String token(String workflow) {
      return workflow + suffix;
    }
  }

  /**
   * A step that must have ended before.
   *
   * @param soft whether its end is enough, whatever it was; otherwise it must have succeeded
   */
  public record Wait(String task, boolean soft) {}
}
