// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.plan.Purpose;
import java.util.Locale;

/**
 * The last thing that was done to a group.
 *
 * @param number counted from 1; 0 before the first
 * @param commit the source commit that it is to reach
 * @param digest what it is to reach, 64 hex digits; "" before the first
 * @param workflow its Workflow; "" where none was needed
 */
public record Attempt(
    int number, Purpose purpose, Result result, String commit, String digest, String workflow) {
  /** Before the first. */
  public static final Attempt NONE = new Attempt(0, Purpose.RELEASE, Result.NONE, "", "", "");

  /** How far it is. */
  public enum Result {
    /** There was none yet. */
    NONE,
    /** Its plan is committed, and its Workflow not ended. */
    PLANNED,
    /** All is as it was to be. */
    SUCCEEDED,
    /** It ended, and not all is as it was to be. */
    FAILED,
    /** We ended it, since something else was wanted. */
    STOPPED;

    /** The word for it in files, such as {@code planned}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Attempt with(Result other) {
    return new Attempt(number, purpose, other, commit, digest, workflow);
  }

  /** Whether it failed to reach what has that digest. */
  public boolean failedAt(String other) {
    return result == Result.FAILED && digest.equals(other);
  }
}
