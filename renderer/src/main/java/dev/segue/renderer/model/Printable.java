// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** Text from outside as a terminal may show it: it moves no cursor, and pretends no line. */
public final class Printable {
  private Printable() {}

  /** Returns {@code text} on one line; what a terminal would obey becomes a space. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      line.append(isObeyed(text.charAt(i)) ? ' ' : text.charAt(i));
    }
    return line.toString();
  }

  /** Control characters, line separators, and what turns the direction of writing. */
  public static boolean isObeyed(char c) {
    return Character.isISOControl(c)
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u200e'
        || c == '\u200f'
        || c == '\u061c';
  }
}
