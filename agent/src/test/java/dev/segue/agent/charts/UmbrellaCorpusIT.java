// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every semantic of Helm's sub-charts, one chart each: what is released in parts is the chart. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UmbrellaCorpusIT {
  private final MemoryRepo repo = new MemoryRepo();

  @SuppressWarnings("NullAway.Init") // set before all
  private HelmChartStore store;

  @BeforeAll
  void open(@TempDir Path cache) throws ChartException {
    store = Stores.store(repo, cache);
  }

  @AfterAll
  void close() {
    store.close();
  }

  static Stream<UmbrellaCase> cases() throws IOException {
    return UmbrellaCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void thePartsAreTheChartAndEachGivesItsOwnObjects(UmbrellaCase one) throws Exception {
    one.write(repo);
    ResolvedChart chart = one.chart(store);
    SplitRequest request = one.request(chart);

    SplitChart split = store.split(request);

    assertThat(split.refusals())
        .extracting(SplitChart.Refusal::message)
        .zipSatisfy(one.refusals(), (message, said) -> assertThat(message).contains(said));
    if (!one.known().isEmpty()) {
      assertThat(split.known()).isEqualTo(one.known());
    }
    if (one.refusals().isEmpty()) {
      Map<String, List<String>> objects = new TreeMap<>();
      UmbrellaCase.render(store, split, request)
          .forEach((part, output) -> objects.put(part, UmbrellaCase.objects(output)));
      assertThat(objects).isEqualTo(one.parts());
    }
    List<String> notices = new ArrayList<>(split.notices());
    split.parts().values().forEach(part -> notices.addAll(part.notices()));
    notices.addAll(split.parent().notices());
    one.says().forEach(said -> assertThat(notices).anyMatch(notice -> notice.contains(said)));
    for (var part : split.parts().values()) {
      ChartPin.Derived pin = (ChartPin.Derived) part.pin();
      assertThat(pin.path().value())
          .isEqualTo("charts/product/" + pin.from().subchart() + "-" + part.content().prefix(12));
    }
  }
}
