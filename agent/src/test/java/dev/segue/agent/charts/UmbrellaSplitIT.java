// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts are made once, kept by content, and made again when they are gone. */
final class UmbrellaSplitIT {
  @TempDir Path cache;
  @TempDir Path otherCache;
  private final MemoryRepo repo = new MemoryRepo();
  private HelmChartStore store;

  @BeforeEach
  void open() throws ChartException {
    store = Stores.store(repo, cache);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ResolvedChart chart(String name) throws Exception {
    UmbrellaCase one = UmbrellaCase.read(name);
    one.write(repo);
    return one.chart(store);
  }

  private static <T> T of(Map<String, T> parts, String name) {
    assertThat(parts).containsKey(name);
    return Objects.requireNonNull(parts.get(name));
  }

  private static SplitRequest request(ResolvedChart chart, Map<String, ?> values) {
    return UmbrellaCase.request(chart, values, List.of());
  }

  @Test
  void orkestraDefect15SubchartDefaultsOfTheParentAliasesAndUnconditionalSubchartsAreKept()
      throws Exception {
    ResolvedChart chart = chart("alias");
    SplitRequest request = request(chart, Map.of());

    SplitChart split = store.split(request);
    SortedMap<String, HelmOutput> outputs = UmbrellaCase.render(store, split, request);

    assertThat(split.refusals()).isEmpty();
    assertThat(of(outputs, "hot").manifests()).singleElement().asString().contains("size: \"7\"");
    assertThat(of(outputs, "cold").manifests()).singleElement().asString().contains("size: \"2\"");
    assertThat(outputs.values())
        .flatExtracting(UmbrellaCase::objects)
        .containsExactlyInAnyOrder(
            "ConfigMap web-hot", "ConfigMap web-cold", "ConfigMap web-db", "ConfigMap web-shop");
  }

  @Test
  void equalInputsGiveEqualBytesWhereverTheyAreMade() throws Exception {
    ResolvedChart chart = chart("dependencies-of-dependencies");
    SplitChart here = store.split(request(chart, Map.of()));

    try (HelmChartStore other = Stores.store(repo, otherCache)) {
      Stores.git(other, "dependencies-of-dependencies/chart");
      SplitChart there = other.split(request(chart, Map.of()));

      assertThat(there).isEqualTo(here);
      for (var part : here.parts().entrySet()) {
        ResolvedChart same = of(there.parts(), part.getKey());
        assertThat(ChartFiles.of(other.files(same), "part").toBytes())
            .isEqualTo(ChartFiles.of(store.files(part.getValue()), "part").toBytes());
      }
    }
  }

  @Test
  void aNewAgentOnTheSameCacheRendersNothing() throws Exception {
    ResolvedChart chart = chart("globals");
    SplitChart before = store.split(request(chart, Map.of("size", 1)));

    try (HelmChartStore next = Stores.alone(repo, cache)) {
      assertThat(next.split(request(chart, Map.of("size", 1)))).isEqualTo(before);
      assertThat(next.workerPid()).as("its render worker").isEqualTo(-1);
    }
  }

  @Test
  void aPartThatWasEvictedIsMadeAgain() throws Exception {
    ResolvedChart chart = chart("condition");
    SplitChart split = store.split(request(chart, Map.of()));
    ResolvedChart part = of(split.parts(), "cache");
    SortedMap<String, byte[]> before = store.files(part);

    RenderWorker.delete(cache.resolve("chart-1"));

    assertThat(store.files(part).keySet()).isEqualTo(before.keySet());
    RenderWorker.delete(cache.resolve("chart-1"));
    assertThat(store.split(request(chart, Map.of()))).isEqualTo(split);
    assertThat(store.files(split.parent())).isNotEmpty();
  }

  @Test
  void aPartIsReadFromTheCommitThatKeepsIt() throws Exception {
    SplitChart split = store.split(request(chart("alias"), Map.of()));
    ResolvedChart part = of(split.parts(), "hot");
    ChartPin.Derived pin = (ChartPin.Derived) part.pin();
    store.files(part).forEach((path, bytes) -> repo.write(pin.path() + "/" + path, bytes));

    try (HelmChartStore other = Stores.store(repo, otherCache)) {
      assertThat(other.files(at(part)).keySet()).isEqualTo(store.files(part).keySet());
    }
  }

  @Test
  void aPartThatWasChangedInItsCommitIsRefused() throws Exception {
    SplitChart split = store.split(request(chart("alias"), Map.of()));
    ResolvedChart part = of(split.parts(), "hot");
    ChartPin.Derived pin = (ChartPin.Derived) part.pin();
    store.files(part).forEach((path, bytes) -> repo.write(pin.path() + "/" + path, bytes));
    repo.write(pin.path() + "/values.yaml", "size: 666\n");

    try (HelmChartStore other = Stores.store(repo, otherCache)) {
      assertThatExceptionOfType(ChartException.class)
          .isThrownBy(() -> other.files(at(part)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ProblemCode.CHART_DIGEST_MISMATCH));
    }
  }

  private static ResolvedChart at(ResolvedChart part) {
    return new ResolvedChart(
        ((ChartPin.Derived) part.pin()).at(MemoryRepo.COMMIT),
        part.name(),
        part.version(),
        part.content(),
        part.dependencies(),
        part.notices());
  }

  @Test
  void theProofAfterAChangeOfValuesSaysWhatOneFromTheStartSays() throws Exception {
    for (String name : List.of("import-values-into-a-sibling", "a-template-that-writes-globals")) {
      ResolvedChart chart = chart(name);
      store.split(request(chart, Map.of()));
      for (Map<String, ?> values :
          List.of(Map.of("db", Map.of("net", Map.of("port", 7)), "color", "green"))) {
        SplitChart after = store.split(request(chart, values));
        RenderWorker.delete(otherCache);
        try (HelmChartStore fresh = Stores.store(repo, otherCache)) {
          assertThat(fresh.split(request(chart, values))).as(name + values).isEqualTo(after);
        }
      }
    }
  }

  @Test
  void aPartDoesNotDependOnTheNameOfItsRelease() throws Exception {
    ResolvedChart chart = chart("release-name-in-a-helper");
    SplitRequest request = request(chart, Map.of());
    SplitChart split = store.split(request);

    assertThat(of(UmbrellaCase.render(store, split, request), "db").manifests())
        .singleElement()
        .asString()
        .contains("name: web-db\n", "app.kubernetes.io/instance: web\n");
  }

  @Test
  void aChartThatDoesNotRenderIsRefusedAsAWhole() throws Exception {
    ResolvedChart chart = chart("values-schema");

    assertThatExceptionOfType(ChartException.class)
        .isThrownBy(() -> store.split(request(chart, Map.of("db", Map.of("size", "large")))))
        .withMessageContaining("size");
  }
}
