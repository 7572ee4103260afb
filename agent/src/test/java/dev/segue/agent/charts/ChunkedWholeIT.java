// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.charts.SideBySide.Made;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.Enabled;
import dev.segue.renderer.split.SplitChart;
import dev.segue.renderer.split.UmbrellaChart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All chunks together are the whole, or they are none. */
final class ChunkedWholeIT {
  private static final int SUBCHARTS = 2 * ChunkedWhole.SIZE;

  @TempDir Path cache;
  private final MemoryRepo repo = new MemoryRepo();
  private final SideBySide threads = new SideBySide();
  private HelmChartStore store;
  private RenderEngine engine;

  @BeforeEach
  void open() throws ChartException {
    store = Stores.store(repo, cache);
    engine = new RenderEngine(Duration.ofSeconds(20), Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    threads.close();
    engine.close();
    store.close();
  }

  /** What the chunks of so many sub-charts give; empty when they are not to be trusted. */
  private Optional<HelmOutput> chunks(SplitRequest request, int size) throws Exception {
    PartRenders renders = renders();
    ChartFiles files = files(request.chart());
    ChartFiles probe = ChartFiles.of(UmbrellaChart.of(files.all()).probe(), "probe");
    Optional<ChunkedWhole> begun =
        renders.writes(request)
            ? Optional.empty()
            : ChunkedWhole.begin(renders, request, files, probe, size);
    Optional<Enabled> enabled = begun.isPresent() ? begun.get().enabled() : Optional.empty();
    if (enabled.isEmpty()) {
      return Optional.empty();
    }
    Optional<Made<Optional<HelmOutput>>> made = begun.get().goOn(enabled.get());
    return made.isPresent() ? made.get().get() : Optional.empty();
  }

  private PartRenders renders() throws ChartException {
    DiskCache disk = new DiskCache(cache, 1L << 28);
    return new PartRenders(
        new Renders(disk, engine),
        new ChartLibrary(disk),
        chart -> files(chart).toBytes(),
        threads);
  }

  private ChartFiles files(ResolvedChart chart) throws ChartException {
    return ChartFiles.of(store.files(chart), "chart");
  }

  private HelmOutput whole(SplitRequest request) throws ChartException {
    return renders().whole(Umbrella.whole(request)).get();
  }

  private static void assertSame(HelmOutput chunks, HelmOutput whole) {
    assertThat(chunks.manifests()).containsExactlyInAnyOrderElementsOf(whole.manifests());
    assertThat(chunks.hooks()).containsExactlyInAnyOrderElementsOf(whole.hooks());
    assertThat(chunks.crds()).containsExactlyInAnyOrderElementsOf(whole.crds());
  }

  static List<UmbrellaCase> cases() throws IOException {
    return UmbrellaCase.all().toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void chunksOfOneAreTheWholeOrNone(UmbrellaCase one) throws Exception {
    one.write(repo);
    SplitRequest request = one.request(one.chart(store));

    Optional<HelmOutput> chunks = chunks(request, 1);

    boolean generates =
        TemplateScan.of(files(request.chart())).mayDiffer(ValuesJson.of(request.values()));
    if (chunks.isPresent() && !generates) {
      assertSame(chunks.get(), whole(request));
    }
  }

  private static String config(String name, String text) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s}
        data: {text: '%s'}
        """
        .formatted(name, text);
  }

  /** An umbrella of alike sub-charts, with {@code more} in it. */
  private SplitRequest umbrella(Map<String, String> more) throws ChartException {
    SortedMap<String, String> files = new TreeMap<>();
    StringBuilder chart = new StringBuilder("apiVersion: v2\nname: u\nversion: 1.0.0\n");
    chart.append("dependencies:\n");
    for (int i = 0; i < SUBCHARTS; i++) {
      chart.append("- {name: s%d, version: 1.0.0}\n".formatted(i));
      String folder = "charts/s" + i + "/";
      files.put(folder + "Chart.yaml", "apiVersion: v2\nname: s%d\nversion: 1.0.0\n".formatted(i));
      files.put(folder + "values.yaml", "size: 1\ntext: '{{ .Release.Name }}'\n");
      files.put(
          folder + "templates/config.yaml",
          """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: '{{ .Release.Name }}-{{ .Chart.Name }}'}
          data: {size: '{{ .Values.size }}', text: '{{ tpl .Values.text . }}'}
          """);
    }
    files.put("Chart.yaml", chart.toString());
    files.put("values.yaml", "global: {zone: a}\n");
    files.put("templates/own.yaml", config("own", "{{ .Values.s0.size }}{{ .Values.s15.size }}"));
    files.putAll(more);
    files.forEach((path, text) -> repo.write("u/" + path, text.getBytes(StandardCharsets.UTF_8)));
    return UmbrellaCase.request(Stores.git(store, "u"), Map.of(), List.of());
  }

  @Test
  void aLargeUmbrellaIsRenderedInChunksHooksCrdsAndPathIncludesToo() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "charts/s3/templates/job.yaml",
                """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: before
                  annotations: {helm.sh/hook: pre-install}
                """,
                "charts/s4/crds/things.yaml",
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: things.example.org}
                """,
                "charts/s5/templates/sum.yaml",
                config(
                    "sum",
                    "{{ include (print $.Template.BasePath \"/config.yaml\") . | sha256sum }}")));

    Optional<HelmOutput> chunks = chunks(request, ChunkedWhole.SIZE);

    assertThat(chunks).isPresent();
    HelmOutput whole = whole(request);
    assertThat(whole.hooks()).hasSize(1);
    assertThat(whole.crds()).hasSize(1);
    assertThat(whole.manifests()).hasSize(SUBCHARTS + 2);
    assertSame(chunks.get(), whole);
    assertThat(store.split(request).refusals()).isEmpty();
  }

  @Test
  void whatWritesSharedValuesIsProvenByTheWholeAtOnce() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "templates/a.yaml",
                "{{- $_ := set .Values.global \"zone\" \"b\" }}\n",
                "charts/s7/templates/zone.yaml",
                config("zone", "{{ .Values.global.zone }}")));

    assertThat(chunks(request, ChunkedWhole.SIZE)).isEmpty();
    assertTold(request);
  }

  /** The proof says of the parts what the whole at once says. */
  private void assertTold(SplitRequest request) throws Exception {
    SplitChart split = store.split(request);
    List<String> parts = new ArrayList<>();
    if (split.refusals().isEmpty()) {
      UmbrellaCase.render(store, split, request)
          .values()
          .forEach(output -> parts.addAll(UmbrellaCase.objects(output)));
      assertThat(parts).containsExactlyInAnyOrderElementsOf(UmbrellaCase.objects(whole(request)));
    }
  }

  @Test
  void aTemplateThatTwoFilesNameAlikeIsTakenFromTheWhole() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "charts/s1/templates/_a.tpl", "{{ define \"who\" }}one{{ end }}",
                "charts/s18/templates/_a.tpl", "{{ define \"who\" }}eighteen{{ end }}",
                "charts/s1/templates/who.yaml", config("who", "{{ include \"who\" . }}")));

    assertThat(chunks(request, ChunkedWhole.SIZE)).isEmpty();
    assertTold(request);
  }

  @Test
  void aTemplateOfAnotherChunkIsMissedAndTheWholeAtOnceDecides() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "charts/s1/templates/_a.tpl",
                "{{ define \"who\" }}one{{ end }}",
                "charts/s18/templates/who.yaml",
                config("who", "{{ include \"who\" . }}")));

    assertThat(chunks(request, 1)).isEmpty();
    assertThat(store.split(request).refusals()).isEmpty();
    assertTold(request);
  }

  @Test
  void valuesThatOneSubchartGivesAnotherAreMissedAndTheWholeAtOnceDecides() throws Exception {
    SortedMap<String, String> more = new TreeMap<>();
    StringBuilder chart = new StringBuilder("apiVersion: v2\nname: u\nversion: 1.0.0\n");
    chart.append("dependencies:\n");
    for (int i = 0; i < SUBCHARTS; i++) {
      chart.append("- name: s%d\n  version: 1.0.0\n".formatted(i));
      if (i == 2) {
        chart.append("  import-values: [{child: gives, parent: s9}]\n");
      }
    }
    more.put("Chart.yaml", chart.toString());
    more.put("charts/s2/values.yaml", "size: 2\ntext: two\ngives: {size: 42}\n");
    SplitRequest request = umbrella(more);

    assertThat(chunks(request, 1)).isEmpty();
    assertTold(request);
  }
}
