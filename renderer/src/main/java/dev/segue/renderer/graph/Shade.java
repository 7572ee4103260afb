// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import java.util.List;

/**
 * The colours of a release in a picture, by its state.
 *
 * @param more what else Mermaid is told, "" for nothing
 */
record Shade(String state, String fill, String stroke, String text, String more) {
  /** Every state that a picture can show. */
  static final List<Shade> ALL =
      List.of(
          new Shade("pending", "#eeeeee", "#999999", "#333333", ""),
          new Shade("running", "#cfe2ff", "#3d7dd8", "#10305c", ""),
          new Shade("released", "#d1e7dd", "#2f7d4f", "#0c3b22", ""),
          new Shade("failed", "#f8d7da", "#c0392b", "#5b0f14", ""),
          new Shade("omitted", "#fff3cd", "#b58900", "#5c4500", ",stroke-dasharray:4"),
          new Shade("deleted", "#ffffff", "#bbbbbb", "#888888", ",stroke-dasharray:2"));

  /** Returns the colours of that state; those of what is pending when it has none of its own. */
  static Shade of(String state) {
    return ALL.stream().filter(shade -> shade.state.equals(state)).findFirst().orElse(ALL.get(0));
  }

  String mermaid() {
    return "classDef " + state + " fill:" + fill + ",stroke:" + stroke + ",color:" + text + more;
  }
}
