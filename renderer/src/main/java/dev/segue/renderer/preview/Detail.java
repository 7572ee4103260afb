// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

/** How much of what becomes of the objects is told. */
public enum Detail {
  /** Which objects, and nothing of what they hold. */
  OBJECTS,
  /** The fields that change too, and objects that an upgrade adds. */
  CHANGES,
  /** Also every object that comes or goes, as a whole. */
  ALL
}
