// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.testing.Products;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InventoryFileTest {
  @Test
  void readsWhatItWroteForEverySourceOfCharts() {
    Inventory inventory = Products.inventory(product().desired());
    String text = InventoryFile.write(inventory);
    assertThat(InventoryFile.read(text)).contains(inventory);
    assertThat(InventoryFile.read(text).orElseThrow().digest()).isEqualTo(inventory.digest());
    assertThat(InventoryFile.write(InventoryFile.read(text).orElseThrow())).isEqualTo(text);
  }

  @Test
  void readsAnEmptyOne() {
    Inventory empty = Inventory.empty(product().desired().group().name(), Namespace.parse("segue"));
    assertThat(InventoryFile.read(InventoryFile.write(empty))).contains(empty);
  }

  @Test
  void holdsNoValues() {
    String text =
        InventoryFile.write(
            Products.inventory(
                Products.group("shop")
                    .app("web", "1.0.0", Map.of("password", "correct-horse"))
                    .desired()));
    assertThat(text).doesNotContain("correct-horse").doesNotContain("password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "a: [",
        "commit: \"1111~commit: \"xxxx",
        "repository: https://charts.example~repository: 'ht tp://'",
        "manifest: ~manifest: x",
        "name: db~name: D_B",
        "namespace: segue~namespace: S",
        "digest: ~digest: x",
      })
  void isNoneAfterAnEditThatSpoiltIt(String edit) {
    String good = InventoryFile.write(Products.inventory(product().desired()));
    int cut = edit.indexOf('~');
    String spoilt = cut < 0 ? edit : good.replace(edit.substring(0, cut), edit.substring(cut + 1));
    assertThat(spoilt).isNotEqualTo(good);
    assertThat(InventoryFile.read(spoilt)).isEmpty();
  }

  private static Products product() {
    RepoPath path = RepoPath.parse("charts/web");
    return Products.group("shop")
        .app("db")
        .app("web", "db", "~cache")
        .app("cache")
        .chart(
            "db",
            chart(
                new ChartPin.InRegistry(
                    URI.create("oci://r.example/db"), "1.2.3", Digest.of("m"), "pull")))
        .chart(
            "cache",
            chart(
                new ChartPin.InRepository(
                    URI.create("https://charts.example"), "redis", "7.0.0", Digest.of("a"), null)))
        .chart(
            "web",
            chart(
                new ChartPin.InGit(
                    Products.COMMIT_1, path, List.of(path, RepoPath.parse("charts/lib")))));
  }

  private static ResolvedChart chart(ChartPin pin) {
    return new ResolvedChart(pin, "c", "1.10", Digest.of(pin.toString()), List.of(), List.of());
  }

  @Test
  void keepsWhatEachWaitedFor() {
    Inventory read =
        InventoryFile.read(InventoryFile.write(Products.inventory(product().desired())))
            .orElseThrow();
    assertThat(read.graph())
        .extracting(graph -> graph.order())
        .isEqualTo(product().desired().graph().order());
    assertThat(read.find(ReleaseName.parse("web")).orElseThrow().softDependencies())
        .containsExactly(ReleaseName.parse("cache"));
  }
}
