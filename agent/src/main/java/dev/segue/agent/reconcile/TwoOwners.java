// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Origin;
import java.util.Optional;

/**
 * A group that a file of Git declares, and of which somebody applied an object too. Nobody can say
 * which of them is meant.
 *
 * @param object what was applied
 * @param file where Git declares it
 */
record TwoOwners(GroupObject object, Origin file) {
  /** What a condition and an Event say of it in one word. */
  static final String REASON = "TwoOwners";

  /**
   * Whether the object shows a group of Git, also where its label was taken off: the API server
   * knows who applied it. One that does not is somebody's own.
   */
  static boolean isMirror(GroupObject object) {
    return isLabelled(object) || object.isAppliedBy(Labels.SEGUE);
  }

  /** Whether it says that it shows a group of Git. */
  static boolean isLabelled(GroupObject object) {
    return object.label(Labels.SOURCE).equals(Optional.of(Labels.GIT))
        && object.label(Labels.MANAGED_BY).equals(Optional.of(Labels.SEGUE));
  }

  /** Says it, with both owners and the remedy. */
  String message() {
    String by = String.join("\" and \"", object.managers());
    return "group \""
        + object.name()
        + "\" must have one owner: "
        + file.file()
        + ":"
        + file.line()
        + " in Git declares it, and ApplicationGroup \""
        + object.ref().place()
        + "\""
        + (by.isEmpty() ? "" : " was applied by \"" + by + "\"")
        + ". Take one of them away";
  }
}
