// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.ArrayList;
import java.util.List;

/** How one text of several lines became another. */
public final class LineDiff {
  private LineDiff() {}

  /** What a line is. */
  public enum Kind {
    SAME,
    ADDED,
    REMOVED,
    /** Stands for lines that are the same in both and not shown; says how many. */
    GAP
  }

  /** A line without its end. */
  public record Line(Kind kind, String text) {}

  /**
   * Returns what goes, what comes, and {@code context} lines that stay around them. Empty when the
   * texts differ in nothing but the end of the last line.
   */
  public static List<Line> of(String before, String after, int context) {
    List<Line> all = all(before.lines().toList(), after.lines().toList());
    boolean[] near = new boolean[all.size()];
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).kind() != Kind.SAME) {
        for (int j = Math.max(0, i - context); j <= Math.min(all.size() - 1, i + context); j++) {
          near[j] = true;
        }
      }
    }
    List<Line> shown = new ArrayList<>();
    int hidden = 0;
    for (int i = 0; i < all.size(); i++) {
      if (near[i]) {
        gap(shown, hidden);
        hidden = 0;
        shown.add(all.get(i));
      } else {
        hidden++;
      }
    }
    gap(shown, hidden);
    return shown;
  }

  private static void gap(List<Line> shown, int hidden) {
    if (hidden > 0) {
      shown.add(new Line(Kind.GAP, "… " + hidden + (hidden == 1 ? " line …" : " lines …")));
    }
  }

  private static List<Line> all(List<String> before, List<String> after) {
    List<Line> all = new ArrayList<>();
    List<Alignment.Pair> pairs = new ArrayList<>(Alignment.of(before, after));
    pairs.add(new Alignment.Pair(before.size(), after.size()));
    int i = 0;
    int j = 0;
    for (Alignment.Pair pair : pairs) {
      while (i < pair.left()) {
        all.add(new Line(Kind.REMOVED, before.get(i++)));
      }
      while (j < pair.right()) {
        all.add(new Line(Kind.ADDED, after.get(j++)));
      }
      if (i < before.size()) {
        all.add(new Line(Kind.SAME, before.get(i)));
      }
      i++;
      j++;
    }
    return all;
  }
}
