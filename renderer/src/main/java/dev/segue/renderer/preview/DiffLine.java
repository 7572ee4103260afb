// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

/** A line of what becomes of a release's objects, without what it is marked with. */
record DiffLine(Kind kind, String text) {
  /** What a line is. */
  enum Kind {
    /** Names an object that comes. */
    OBJECT_ADDED,
    OBJECT_REMOVED,
    OBJECT_CHANGED,
    /** A field or line that comes. */
    ADDED,
    REMOVED,
    /** Stands around what changes. */
    CONTEXT,
    /** Says something about it. */
    NOTE;

    boolean isObject() {
      return this == OBJECT_ADDED || this == OBJECT_REMOVED || this == OBJECT_CHANGED;
    }
  }
}
