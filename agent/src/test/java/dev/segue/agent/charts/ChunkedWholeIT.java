// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.charts.SideBySide.Made;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.agent.testing.SharedEngine;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.Enabled;
import dev.segue.renderer.split.SplitChart;
import dev.segue.renderer.split.SplitChart.Refusal;
import dev.segue.renderer.split.UmbrellaChart;
import dev.segue.renderer.split.UnionProof;
import dev.segue.renderer.split.UnionProof.Comparison;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All chunks together are the whole, or they are none. */
final class ChunkedWholeIT {
  private static final int SUBCHARTS = 2 * ChunkedWhole.SIZE + 2;

  /** How many charts of the corpus must at least be rendered in chunks, or too little is shown. */
  private static final int CHUNKED_CASES = 30;

  @TempDir Path cache;
  private final MemoryRepo repo = new MemoryRepo();
  private final SideBySide threads = new SideBySide();
  private HelmChartStore store;

  @BeforeEach
  void open() throws ChartException {
    store = Stores.store(repo, cache);
  }

  @AfterEach
  void close() {
    threads.close();
    store.close();
  }

  /** Begins with chunks of so many sub-charts; empty when the chart is not for them. */
  private Optional<ChunkedWhole> begin(SplitRequest request, int size) throws Exception {
    PartRenders renders = renders();
    ChartFiles files = files(request.chart());
    ChartFiles probe = ChartFiles.of(UmbrellaChart.of(files.all()).probe(), "probe");
    return renders.writes(request)
        ? Optional.empty()
        : ChunkedWhole.begin(renders, request, files, probe, size);
  }

  /** What the chunks of so many sub-charts give; empty when they are not to be trusted. */
  private Optional<HelmOutput> chunks(SplitRequest request, int size) throws Exception {
    Optional<ChunkedWhole> begun = begin(request, size);
    Optional<Enabled> enabled = begun.isPresent() ? begun.get().enabled() : Optional.empty();
    if (enabled.isEmpty()) {
      return Optional.empty();
    }
    Optional<Made<Optional<HelmOutput>>> made = begun.get().goOn(enabled.get());
    return made.isPresent() ? made.get().get() : Optional.empty();
  }

  private PartRenders renders() throws ChartException {
    DiskCache disk = new DiskCache(cache, 1L << 28);
    Renders renders = new Renders(disk, SharedEngine.get()::render);
    return new PartRenders(
        renders, new ChartLibrary(disk, renders), chart -> files(chart).toBytes(), threads);
  }

  private ChartFiles files(ResolvedChart chart) throws ChartException {
    return ChartFiles.of(store.files(chart), "chart");
  }

  private HelmOutput whole(SplitRequest request) throws ChartException {
    return renders().whole(Umbrella.whole(request)).get();
  }

  private static void assertSame(String of, HelmOutput chunks, HelmOutput whole) {
    assertThat(chunks.manifests()).as(of).containsExactlyInAnyOrderElementsOf(whole.manifests());
    assertThat(chunks.hooks()).as(of).containsExactlyInAnyOrderElementsOf(whole.hooks());
    assertThat(chunks.crds()).as(of).containsExactlyInAnyOrderElementsOf(whole.crds());
  }

  @Test
  void chunksOfOneAreTheWholeOrNone() throws Exception {
    List<String> chunked = new ArrayList<>();
    for (UmbrellaCase one : UmbrellaCase.all().toList()) {
      one.write(repo);
      SplitRequest request = one.request(one.chart(store));
      boolean generates =
          TemplateScan.of(files(request.chart())).mayDiffer(ValuesJson.of(request.values()));

      Optional<HelmOutput> chunks = generates ? Optional.empty() : chunks(request, 1);

      if (chunks.isPresent()) {
        chunked.add(one.name());
        assertSame(one.name(), chunks.get(), whole(request));
      }
    }
    assertThat(chunked).hasSizeGreaterThanOrEqualTo(CHUNKED_CASES);
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

  /** The declared sub-charts, each with {@code more} of its own. */
  private static String dependencies(Map<Integer, String> more) {
    StringBuilder text = new StringBuilder("dependencies:\n");
    for (int i = 0; i < SUBCHARTS; i++) {
      text.append("- name: s%d\n  version: 1.0.0\n".formatted(i));
      text.append(more.getOrDefault(i, ""));
    }
    return text.toString();
  }

  /** An umbrella of alike sub-charts, with {@code more} in it. */
  private SplitRequest umbrella(Map<String, String> more) throws ChartException {
    SortedMap<String, String> files = new TreeMap<>();
    for (int i = 0; i < SUBCHARTS; i++) {
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
    files.put("Chart.yaml", "apiVersion: v2\nname: u\nversion: 1.0.0\n" + dependencies(Map.of()));
    files.put("values.yaml", "global: {zone: a}\n");
    files.put("templates/own.yaml", config("own", "{{ .Values.s0.size }}{{ .Values.s15.size }}"));
    files.putAll(more);
    files.forEach((path, text) -> repo.write("u/" + path, text.getBytes(StandardCharsets.UTF_8)));
    return UmbrellaCase.request(Stores.git(store, "u"), Map.of(), List.of());
  }

  /**
   * Splits as the store does, with a cache that knows nothing yet, and returns whether Helm was
   * given the whole chart.
   */
  private boolean rendersTheWholeAtOnce(SplitRequest request) throws Exception {
    DiskCache disk = new DiskCache(cache.resolve("apart"), 1L << 28);
    AtomicBoolean whole = new AtomicBoolean();
    Renderer watched =
        job -> {
          whole.compareAndSet(false, job.chart().equals(request.chart().content()));
          return SharedEngine.get().render(job);
        };
    Renders renders = new Renders(disk, watched);
    try (Splits splits =
        new Splits(
            new ChartLibrary(disk, renders), renders, disk, chart -> files(chart).toBytes())) {
      assertThat(splits.split(request)).isEqualTo(store.split(request));
    }
    return whole.get();
  }

  /** Returns what the store refuses, which is what the whole at once says of the parts. */
  private List<String> refusals(SplitRequest request) throws Exception {
    SplitChart split = store.split(request);
    HelmOutput whole = whole(request);
    Comparison comparison =
        UnionProof.compare(whole, whole, UmbrellaCase.render(store, split, request));
    assertThat(comparison.objects()).isGreaterThan(SUBCHARTS);
    assertThat(split.refusals())
        .extracting(Refusal::message)
        .containsExactlyElementsOf(Differences.lines(comparison.differences()));
    return split.refusals().stream().map(Refusal::message).toList();
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
    assertSame("u", chunks.get(), whole);
    assertThat(rendersTheWholeAtOnce(request)).isFalse();
    assertThat(refusals(request)).isEmpty();
  }

  @Test
  void whatWritesSharedValuesIsProvenByTheWholeAtOnce() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "charts/s0/templates/a.yaml",
                "{{- $_ := set .Values \"size\" 8 }}\n" + config("a", "b")));

    assertThat(begin(request, ChunkedWhole.SIZE)).isEmpty();
    assertThat(rendersTheWholeAtOnce(request)).isTrue();
    assertThat(refusals(request))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("u/templates/own.yaml", "`data.text` must be \"81\"", "gives \"11\"");
  }

  @Test
  void requirementsYamlIsProvenByTheWholeAtOnce() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "Chart.yaml",
                "apiVersion: v1\nname: u\nversion: 1.0.0\n",
                "requirements.yaml",
                dependencies(Map.of(3, "  condition: s3.enabled\n"))));

    assertThat(begin(request, ChunkedWhole.SIZE)).isEmpty();
    assertThat(rendersTheWholeAtOnce(request)).isTrue();
    assertThat(refusals(request)).isEmpty();
  }

  @Test
  void aTemplateThatIsNamedLikeAFileIsProvenByTheWholeAtOnce() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "charts/s1/templates/_a.tpl",
                "{{ define \"u/charts/s1/templates/other.yaml\" }}one{{ end }}"));

    assertThat(begin(request, ChunkedWhole.SIZE)).isEmpty();
    assertThat(rendersTheWholeAtOnce(request)).isTrue();
    assertThat(refusals(request)).isEmpty();
  }

  @Test
  void aTemplateThatTwoFilesNameAlikeIsTakenFromTheWhole() throws Exception {
    SplitRequest request =
        umbrella(
            Map.of(
                "charts/s1/templates/_a.tpl", "{{ define \"who\" }}one{{ end }}",
                "charts/s18/templates/_a.tpl", "{{ define \"who\" }}eighteen{{ end }}",
                "charts/s1/templates/who.yaml", config("who", "{{ include \"who\" . }}")));

    assertThat(begin(request, ChunkedWhole.SIZE)).isEmpty();
    assertThat(rendersTheWholeAtOnce(request)).isTrue();
    assertThat(refusals(request)).isEmpty();
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

    assertThat(begin(request, ChunkedWhole.SIZE)).isPresent();
    assertThat(chunks(request, ChunkedWhole.SIZE)).isEmpty();
    assertThat(rendersTheWholeAtOnce(request)).isTrue();
    assertThat(refusals(request)).isEmpty();
  }

  /** Sub-charts that each have a chart of their own, which they declare plainly and override. */
  private SplitRequest nested(String parent, List<String> overrides) throws ChartException {
    Map<String, String> more = new TreeMap<>();
    more.put("values.yaml", parent);
    for (int i = 0; i < SUBCHARTS; i++) {
      String folder = "charts/s" + i + "/";
      more.put(
          folder + "Chart.yaml",
          "apiVersion: v2\nname: s%d\nversion: 1.0.0\ndependencies: [{name: kit, version: 1.x}]\n"
              .formatted(i));
      String override = overrides.get(i % overrides.size());
      more.put(folder + "values.yaml", "size: 1\ntext: a\n" + override + "\n");
      more.put(folder + "charts/kit/Chart.yaml", "apiVersion: v2\nname: kit\nversion: 1.2.3\n");
      more.put(folder + "charts/kit/values.yaml", "one: 1\ntwo: {three: 3}\nfour: 4\n");
      more.put(
          folder + "charts/kit/templates/kit.yaml", config("kit-s" + i, "{{ .Values | toJson }}"));
    }
    more.put("templates/own.yaml", config("own", "{{ .Values.s3 | toJson }}"));
    return umbrella(more);
  }

  @Test
  void whatSubchartsDeclarePlainlyIsNotNeededForTheUmbrellasOwnObjects() throws Exception {
    SplitRequest request =
        nested(
            "global: {zone: a}\ns3: {kit: {one: 7}}\ns4: {kit: {one: null, two: {three: null}}}\n",
            List.of("kit: {two: {three: 5}}", "kit: {four: null}", "global: {zone: b, one: 1}"));

    Optional<HelmOutput> chunks = chunks(request, ChunkedWhole.SIZE);

    assertThat(chunks).isPresent();
    assertSame("u", chunks.get(), whole(request));
    assertThat(refusals(request)).isEmpty();
  }

  /** An umbrella in which the second sub-chart gives values to the ninth, of another chunk. */
  private SplitRequest giving(String given) throws ChartException {
    return umbrella(
        Map.of(
            "Chart.yaml",
            "apiVersion: v2\nname: u\nversion: 1.0.0\n"
                + dependencies(Map.of(2, "  import-values: [{child: gives, parent: s9}]\n")),
            "charts/s2/values.yaml",
            "size: 2\ntext: two\ngives: {%s: 42}\n".formatted(given),
            "charts/s9/templates/given.yaml",
            config("given", "{{ .Values.size }}, {{ .Values.more }}")));
  }

  @Test
  void valuesThatOneSubchartGivesAnotherAreMissedAndTheWholeAtOnceDecides() throws Exception {
    SplitRequest request = giving("more");

    assertThat(whole(request).manifests()).anyMatch(document -> document.contains("'1, 42'"));
    assertThat(begin(request, ChunkedWhole.SIZE)).isPresent();
    assertThat(chunks(request, ChunkedWhole.SIZE)).isEmpty();
    assertThat(rendersTheWholeAtOnce(request)).isTrue();
    assertThat(refusals(request)).isEmpty();
  }

  @Test
  void valuesThatTheOtherSubchartHasItselfAreNotMissed() throws Exception {
    SplitRequest request = giving("size");

    Optional<HelmOutput> chunks = chunks(request, ChunkedWhole.SIZE);

    assertThat(chunks).isPresent();
    assertSame("u", chunks.get(), whole(request));
    assertThat(rendersTheWholeAtOnce(request)).isFalse();
    assertThat(refusals(request)).isEmpty();
  }
}
