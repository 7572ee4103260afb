// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.charts.RandomUmbrella.Feature;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Whatever an umbrella chart is made of, its parts are the chart. */
final class RandomUmbrellaIT {
  private static final MemoryRepo REPO = new MemoryRepo();
  private static @Nullable HelmChartStore store;
  private static @Nullable Path cache;
  private static int number;

  @BeforeContainer
  static void open() throws IOException, ChartException {
    Path folder = Files.createTempDirectory("segue-umbrella-");
    cache = folder;
    store = Stores.store(REPO, folder);
  }

  @AfterContainer
  static void close() {
    Objects.requireNonNull(store).close();
    RenderWorker.delete(Objects.requireNonNull(cache));
  }

  @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
  void thePartsAreTheChartAndStayItWhenValuesChange(
      @ForAll("umbrellas") RandomUmbrella umbrella, @ForAll("changes") Set<Integer> changed)
      throws Exception {
    HelmChartStore charts = Objects.requireNonNull(store);
    String folder = "u" + number++;
    umbrella
        .files()
        .forEach(
            (path, text) -> REPO.write(folder + "/" + path, text.getBytes(StandardCharsets.UTF_8)));
    ResolvedChart chart = Stores.git(charts, folder);

    check(umbrella, charts, chart, Map.of());
    check(umbrella, charts, chart, umbrella.values(8, changed));
  }

  private static void check(
      RandomUmbrella umbrella,
      HelmChartStore charts,
      ResolvedChart chart,
      Map<String, Object> values)
      throws ChartException {
    SplitRequest request = UmbrellaCase.request(chart, values, umbrella.unstaged());
    SplitChart split = charts.split(request);
    assertThat(split.refusals()).isEmpty();
    assertThat(split.parts().keySet()).isEqualTo(umbrella.staged());
    HelmOutput whole = charts.render(Umbrella.whole(request));
    List<String> union = new ArrayList<>();
    UmbrellaCase.render(charts, split, request)
        .forEach(
            (part, output) -> {
              List<String> objects = UmbrellaCase.objects(output);
              union.addAll(objects);
              assertThat(objects)
                  .as("objects of part \"%s\"", part)
                  .allMatch(object -> object.startsWith("CRD ") || isOf(part, object, split));
            });
    assertThat(union).containsExactlyInAnyOrderElementsOf(UmbrellaCase.objects(whole));
  }

  private static boolean isOf(String part, String object, SplitChart split) {
    return part.isEmpty()
        ? split.parts().keySet().stream()
            .noneMatch(other -> object.contains(" web-umbrella-charts-" + other + "-"))
        : object.contains(" web-umbrella-charts-" + part + "-");
  }

  @Provide
  Arbitrary<RandomUmbrella> umbrellas() {
    return Arbitraries.of(Feature.class)
        .set()
        .ofMaxSize(5)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(RandomUmbrella::new);
  }

  @Provide
  Arbitrary<Set<Integer>> changes() {
    return Arbitraries.integers().between(0, 3).set().ofMaxSize(2);
  }
}
