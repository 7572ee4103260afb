// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OwnWritesTest {
  private static final GroupName SHOP = GroupName.parse("shop");

  private final OwnWrites writes = new OwnWrites(Duration.ofMinutes(1));

  @Test
  void showsAWriteUntilTheWatchHasIt() {
    writes.add(written("9"));

    assertThat(writes.ahead(SHOP, key -> Optional.empty())).hasSize(1);
    assertThat(writes.ahead(SHOP, key -> Optional.of(written("8")))).hasSize(1);
    // As numbers: as text "10" would be older.
    assertThat(writes.ahead(SHOP, key -> Optional.of(written("10")))).isEmpty();
    assertThat(writes.ahead(SHOP, key -> Optional.empty())).isEmpty();
  }

  @Test
  void keepsTheNewerOfTwoWrites() {
    writes.add(written("10"));
    writes.add(written("9"));

    assertThat(writes.ahead(SHOP, key -> Optional.empty()))
        .extracting(write -> write.text("metadata", "resourceVersion").orElse(""))
        .containsExactly("10");
  }

  @Test
  void forgetsWhatEndedButNotWhatWasMadeAnew() {
    writes.add(written("10"));

    writes.ended("shop/web", "9");
    assertThat(writes.ahead(SHOP, key -> Optional.empty())).hasSize(1);

    writes.ended("shop/web", "11");
    assertThat(writes.ahead(SHOP, key -> Optional.empty())).isEmpty();
  }

  @Test
  void forgetsAfterAWhile() {
    OwnWrites brief = new OwnWrites(Duration.ofMillis(20));
    brief.add(written("10"));

    await().until(() -> brief.ahead(SHOP, key -> Optional.empty()).isEmpty());
  }

  @Test
  void showsOnlyTheGroupsOwn() {
    writes.add(written("10"));

    assertThat(writes.ahead(GroupName.parse("other"), key -> Optional.empty())).isEmpty();
  }

  private static Manifest written(String version) {
    return new Manifest(
        Map.of(
            "apiVersion",
            "argoproj.io/v1alpha1",
            "kind",
            "Workflow",
            "metadata",
            Map.of(
                "name",
                "web",
                "namespace",
                "shop",
                "resourceVersion",
                version,
                "labels",
                Map.of(Labels.GROUP, "shop"))));
  }
}
