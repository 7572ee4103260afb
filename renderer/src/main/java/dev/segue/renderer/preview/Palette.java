// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

/** How a terminal shows what is good, bad and beside the point. */
public enum Palette {
  /** Text alone. */
  PLAIN,
  /** With the colours of ANSI terminals. */
  COLOURED;

  enum Tone {
    STRONG("1"),
    FAINT("2"),
    ADDED("32"),
    REMOVED("31"),
    CHANGED("33"),
    WARNING("35"),
    PLAIN("");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  String paint(Tone tone, String text) {
    return this == PLAIN || tone.code.isEmpty() || text.isEmpty()
        ? text
        : "\u001b[" + tone.code + "m" + text + "\u001b[0m";
  }
}
