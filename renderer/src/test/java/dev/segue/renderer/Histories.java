// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/** Random histories of a product whose applications come, go, change and swap places. */
final class Histories implements ArbitrarySupplier<List<Histories.Version>> {
  private static final List<String> APPS = List.of("a", "b", "c", "d", "e", "f", "7g");

  /**
   * A version of the product.
   *
   * @param apps in an order in which each may depend on those before it
   * @param needs for each pair of that order: 0 nothing, 1 hard, 2 soft
   * @param failing the releases whose step fails in this attempt
   */
  record Version(
      List<String> apps, List<Integer> versions, List<Integer> needs, Set<String> failing) {
    DesiredGroup desired() {
      return desired(Products.COMMIT_1);
    }

    DesiredGroup desired(CommitId commit) {
      Products product = Products.group("shop").at(commit);
      int pair = 0;
      for (int i = 0; i < apps.size(); i++) {
        List<String> before = new ArrayList<>();
        for (int j = 0; j < i; j++) {
          int need = needs.get(pair++);
          if (need > 0) {
            before.add((need == 2 ? "~" : "") + apps.get(j));
          }
        }
        product.app(
            apps.get(i), "1." + versions.get(i) + ".0", Map.of(), before.toArray(String[]::new));
      }
      return product.desired();
    }
  }

  @Override
  public Arbitrary<List<Version>> get() {
    int pairs = APPS.size() * (APPS.size() - 1) / 2;
    Arbitrary<List<String>> apps =
        Combinators.combine(
                Arbitraries.shuffle(APPS), Arbitraries.integers().between(0, APPS.size()))
            .as((shuffled, size) -> shuffled.subList(0, size));
    return Combinators.combine(
            apps,
            Arbitraries.integers().between(0, 1).list().ofSize(APPS.size()),
            Arbitraries.of(0, 0, 1, 1, 2).list().ofSize(pairs),
            Arbitraries.of(APPS).set().ofMaxSize(2))
        .as(Version::new)
        .list()
        .ofMinSize(2)
        .ofMaxSize(4);
  }
}
