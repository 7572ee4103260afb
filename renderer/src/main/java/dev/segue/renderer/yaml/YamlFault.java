// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

/**
 * Why a text is not YAML that we read.
 *
 * @param line 1 being the first; 0 for the text as a whole
 * @param message what is wrong, a clause without a full stop
 */
public record YamlFault(Kind kind, int line, String message) {
  /** What kind of fault. */
  public enum Kind {
    SYNTAX,
    DUPLICATE_KEY,
    TOO_LARGE
  }
}
