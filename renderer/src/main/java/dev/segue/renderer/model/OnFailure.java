// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** What follows when a release of a commit fails. */
public enum OnFailure {
  /**
   * The group goes back to its last good commit; where there is none, what the attempt installed is
   * removed again.
   */
  ROLLBACK,
  /** All stays as it is, for somebody to look at. */
  HOLD,
  /** The whole group is removed. */
  REMOVE
}
