// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that was probably meant. */
final class Nearest {
  private Nearest() {}

  /**
   * Returns the word of {@code known} with the fewest edits from {@code text}, upper and lower case
   * alike, of equals the first in text order; empty when none is within a third of its length.
   */
  static Optional<String> of(String text, Collection<String> known) {
    record Candidate(String word, int distance) {}
    String wanted = text.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(word -> Math.abs(word.length() - text.length()) <= limit(word))
        .map(word -> new Candidate(word, distance(wanted, word.toLowerCase(Locale.ROOT))))
        .filter(candidate -> candidate.distance() <= limit(candidate.word()))
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
        .map(Candidate::word);
  }

  private static int limit(String word) {
    return Math.max(1, word.length() / 3);
  }

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int cheapest =
        Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(cheapest, cost[i - 2][j - 2] + 1) : cheapest;
  }
}
