// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import java.util.Locale;

/** What is looked at, in this order. */
public enum Check {
  /** What files say, by themselves. */
  FILE,
  /** Charts: they are there, render with their values, and what is rendered can be released. */
  CHARTS,
  /** Images of rendered objects: what they name stays the same. */
  IMAGES,
  /** Rendered objects: they are as their schemas want them. */
  SCHEMAS;

  /** As people read it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
