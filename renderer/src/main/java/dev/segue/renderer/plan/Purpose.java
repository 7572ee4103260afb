// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import java.util.Locale;

/** Why something is done to a group. */
public enum Purpose {
  /** A commit goes out. */
  RELEASE,
  /** What was released is no longer so, and becomes so again. */
  CORRECT,
  /** A commit failed or was refused: the group goes back to what it was before. */
  ROLLBACK,
  /** Nothing of the group is wanted any more. */
  REMOVE;

  /** Whether it is to reach what a commit wants, rather than to take something back. */
  public boolean isForward() {
    return this == RELEASE || this == CORRECT;
  }

  /** The word for it in files and labels, such as {@code release}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
