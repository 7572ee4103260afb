// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every product of up to three releases. */
final class SmallGraphs {
  private static final List<String> APPS = List.of("a", "b", "c");

  /** Pairs of releases: the first before the second, or the second before the first. */
  private static final int[][] PAIRS = {{0, 1}, {0, 2}, {1, 2}};

  private SmallGraphs() {}

  /** Every order of every set of releases of the first version; one of each shape. */
  static List<DesiredGroup> before(CommitId commit) {
    return all(commit, 2, 2);
  }

  /** Every order of every set of releases of the first or the second version. */
  static List<DesiredGroup> after(CommitId commit) {
    return all(commit, 3, 3);
  }

  /**
   * @param states of a release: absent, of the first version, of the second
   * @param ways of a pair: no order, in order of names, against it
   */
  private static List<DesiredGroup> all(CommitId commit, int states, int ways) {
    List<DesiredGroup> all = new ArrayList<>();
    for (int state = 0; state < states * states * states; state++) {
      for (int order = 0; order < ways * ways * ways; order++) {
        int[] versions = digits(state, states);
        int[] directions = digits(order, ways);
        boolean round =
            (directions[0] == 1 && directions[2] == 1 && directions[1] == 2)
                || (directions[0] == 2 && directions[2] == 2 && directions[1] == 1);
        if (!round && isAmongPresent(versions, directions)) {
          all.add(group(commit, versions, directions));
        }
      }
    }
    return all;
  }

  private static int[] digits(int number, int base) {
    return new int[] {number % base, number / base % base, number / base / base};
  }

  private static boolean isAmongPresent(int[] versions, int[] directions) {
    for (int pair = 0; pair < PAIRS.length; pair++) {
      boolean present = versions[PAIRS[pair][0]] > 0 && versions[PAIRS[pair][1]] > 0;
      if (directions[pair] > 0 && !present) {
        return false;
      }
    }
    return true;
  }

  private static DesiredGroup group(CommitId commit, int[] versions, int[] directions) {
    Products product = Products.group("shop").at(commit);
    for (int app = 0; app < APPS.size(); app++) {
      if (versions[app] > 0) {
        List<String> needs = new ArrayList<>();
        for (int pair = 0; pair < PAIRS.length; pair++) {
          if (directions[pair] == 1 && PAIRS[pair][1] == app) {
            needs.add(APPS.get(PAIRS[pair][0]));
          } else if (directions[pair] == 2 && PAIRS[pair][0] == app) {
            needs.add(APPS.get(PAIRS[pair][1]));
          }
        }
        product.app(
            APPS.get(app), "1." + versions[app] + ".0", Map.of(), needs.toArray(String[]::new));
      }
    }
    return product.desired();
  }
}
