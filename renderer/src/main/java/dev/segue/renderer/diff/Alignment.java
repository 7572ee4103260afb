// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.ArrayList;
import java.util.List;

/** Which items of two lists are the same, in the order of both: as many as there can be. */
final class Alignment {
  /** Beyond it the middles of two lists are not looked into: time and memory grow with it. */
  private static final long MAX_CELLS = 4_000_000;

  private final List<?> left;
  private final List<?> right;
  private final List<Pair> pairs = new ArrayList<>();

  private Alignment(List<?> left, List<?> right) {
    this.left = left;
    this.right = right;
  }

  /** The places of one item. */
  record Pair(int left, int right) {}

  /** In order. */
  static List<Pair> of(List<?> left, List<?> right) {
    Alignment alignment = new Alignment(left, right);
    alignment.align();
    return alignment.pairs;
  }

  private void align() {
    int start = 0;
    int shorter = Math.min(left.size(), right.size());
    while (start < shorter && same(start, start)) {
      pairs.add(new Pair(start, start));
      start++;
    }
    int tail = 0;
    while (tail < shorter - start && same(left.size() - 1 - tail, right.size() - 1 - tail)) {
      tail++;
    }
    middle(start, left.size() - tail, right.size() - tail);
    for (int i = tail; i > 0; i--) {
      pairs.add(new Pair(left.size() - i, right.size() - i));
    }
  }

  private boolean same(int i, int j) {
    return java.util.Objects.equals(left.get(i), right.get(j));
  }

  private void middle(int start, int leftEnd, int rightEnd) {
    int rows = leftEnd - start;
    int columns = rightEnd - start;
    if (rows == 0 || columns == 0 || (long) rows * columns > MAX_CELLS) {
      return;
    }
    int[][] longest = new int[rows + 1][columns + 1];
    for (int i = rows - 1; i >= 0; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        longest[i][j] =
            same(start + i, start + j)
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < rows && j < columns) {
      if (same(start + i, start + j)) {
        pairs.add(new Pair(start + i++, start + j++));
      } else if (longest[i + 1][j] >= longest[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
  }
}
