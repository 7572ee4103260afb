// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftTest {
  @Test
  void nothingDriftedWhereAllIsAsApplied() {
    Map<String, @Nullable Object> spec =
        Map.of("interval", "5m", "values", Map.of("replicas", 2L, "hosts", List.of("a", "b")));
    assertThat(fields(spec, spec)).isEmpty();
  }

  @Test
  void fieldsThatOthersOwnAreNoDrift() {
    assertThat(
            fields(
                Map.of("interval", "5m", "values", Map.of("a", 1L)),
                Map.of(
                    "interval",
                    "5m",
                    "maxHistory",
                    5L,
                    "values",
                    Map.of("a", 1L, "theirs", Map.of("b", 2L)))))
        .isEmpty();
  }

  @Test
  void namesChangedAndMissingFieldsHoweverDeepInOrder() {
    assertThat(
            fields(
                Map.of(
                    "timeout", "5m", "values", Map.of("b", Map.of("c", 1L), "a", Map.of("d", 2L))),
                Map.of("timeout", "9m", "values", Map.of("b", Map.of("c", 3L)))))
        .containsExactly("spec.timeout", "spec.values.a", "spec.values.b.c");
  }

  @Test
  void aListIsOneValue() {
    Map<String, @Nullable Object> wanted =
        Map.of("hosts", List.of(Map.of("name", "a", "port", 1L), Map.of("name", "b", "port", 2L)));
    assertThat(fields(wanted, Map.of("hosts", List.of(Map.of("name", "a", "port", 1L)))))
        .containsExactly("spec.hosts");
    assertThat(
            fields(
                wanted,
                Map.of(
                    "hosts",
                    List.of(Map.of("name", "b", "port", 2L), Map.of("name", "a", "port", 1L)))))
        .as("order counts")
        .containsExactly("spec.hosts");
    assertThat(
            fields(
                wanted,
                Map.of(
                    "hosts",
                    List.of(
                        Map.of("name", "a", "port", 1L, "more", true),
                        Map.of("name", "b", "port", 2L)))))
        .as("an entry is as a whole somebody's")
        .containsExactly("spec.hosts");
  }

  @Test
  void aNumberIsTheSameWhateverTypeItWasReadInto() {
    assertThat(
            fields(
                Map.of("values", Map.of("a", 1L, "b", 2.0, "c", List.of(3L))),
                Map.of("values", Map.of("a", 1, "b", 2L, "c", List.of(3.0)))))
        .isEmpty();
    assertThat(fields(Map.of("a", 1L), Map.of("a", 2))).containsExactly("spec.a");
    assertThat(fields(Map.of("a", 1L), Map.of("a", "1"))).containsExactly("spec.a");
  }

  @Test
  void anotherKindOfValueIsDrift() {
    assertThat(fields(Map.of("a", Map.of("b", 1L)), Map.of("a", "text"))).containsExactly("spec.a");
    assertThat(fields(Map.of("a", "text"), Map.of("a", Map.of("b", 1L)))).containsExactly("spec.a");
  }

  @Test
  void neverShowsAValue() {
    assertThat(
            fields(
                Map.of("values", Map.of("password", "s3cret-wanted", "keys", List.of("s3cret-k"))),
                Map.of("values", Map.of("password", "s3cret-live"))))
        .containsExactly("spec.values.keys", "spec.values.password")
        .noneMatch(field -> field.contains("s3cret"));
  }

  @Test
  void metadataAndStatusAreNotLookedAt() {
    Map<String, @Nullable Object> spec = Map.of("a", 1L);
    assertThat(
            Drift.fields(
                release("app", spec, Map.of()),
                release("other", spec, Map.of("observedGeneration", 7L))))
        .isEmpty();
  }

  private static List<String> fields(
      Map<String, @Nullable Object> wanted, Map<String, @Nullable Object> live) {
    return Drift.fields(release("a", wanted, Map.of()), release("a", live, Map.of()));
  }

  private static Manifest release(
      String name, Map<String, @Nullable Object> spec, Map<String, @Nullable Object> status) {
    return new Manifest(
        Map.of(
            "apiVersion",
            "helm.toolkit.fluxcd.io/v2",
            "kind",
            "HelmRelease",
            "metadata",
            Map.of("name", name),
            "spec",
            spec,
            "status",
            status));
  }
}
