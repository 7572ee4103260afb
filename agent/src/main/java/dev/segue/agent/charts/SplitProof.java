// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.charts.SideBySide.Made;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.split.Enabled;
import dev.segue.renderer.split.SplitChart.Refusal;
import dev.segue.renderer.split.UmbrellaChart;
import dev.segue.renderer.split.UnionProof;
import dev.segue.renderer.split.UnionProof.Comparison;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the parts of an umbrella chart together are the chart: renders the whole and every
 * part and compares them object by object. What was proven stands in the cache, by the digest of
 * all that goes into it.
 *
 * <p>After a change of values the proof goes on from the last one of the same chart and release.
 * Helm itself says (by the probe) which values reach each sub-chart. Where those did not change,
 * and the part is rendered of the same files and values as before, that sub-chart's objects are
 * what they were, in the whole and in its part. So the whole is rendered without the templates of
 * these sub-charts, their named templates kept, and compared with the other parts. That holds only
 * while templates cannot change what other templates read: where one calls {@code set}, {@code
 * unset} or one of Sprig's {@code merge} functions, and whenever the shorter way does not come out
 * exact, the proof is made from the start. Safe for several threads.
 */
final class SplitProof {
  private static final String KIND = "proof-1";
  private static final int REMEMBERED = 200;
  private static final String PROBE = "templates/segue-probe.yaml";
  private static final String REMEDY =
      "Keep the sub-chart with its parent (`staging: false`), or leave `subcharts` out.";

  private final Renders renders;
  private final DiskCache cache;
  private final ChartLibrary library;
  private final Splits.WholeCharts wholes;
  private final SideBySide threads;
  private final Recent<Subject, Exact> proven = new Recent<>(REMEMBERED);

  SplitProof(
      Renders renders,
      DiskCache cache,
      ChartLibrary library,
      Splits.WholeCharts wholes,
      SideBySide threads) {
    this.renders = renders;
    this.cache = cache;
    this.library = library;
    this.wholes = wholes;
    this.threads = threads;
  }

  /** What came of it. */
  record Verdict(List<Refusal> refusals, List<String> notices) {}

  /** What a proof is of, whatever the values. */
  private record Subject(
      Digest chart, String release, String namespace, String kubeVersion, List<String> unstaged) {
    static Subject of(SplitRequest request) {
      return new Subject(
          request.chart().content(),
          request.release().value(),
          request.namespace().value(),
          request.kubeVersion(),
          request.unstaged());
    }
  }

  /**
   * A proof that held.
   *
   * @param parts what rendered each part, by digest
   */
  private record Exact(
      Values values, Enabled enabled, SortedMap<String, Digest> parts, List<String> notices) {
    /** The staged sub-charts that have no values of their own that differ. */
    SortedSet<String> likelyUnchanged(Values now) {
      SortedSet<String> likely = new TreeSet<>(parts.keySet());
      likely.remove("");
      likely.removeIf(name -> !Objects.equals(values.tree().get(name), now.tree().get(name)));
      return likely;
    }
  }

  /**
   * What is rendered before it is known what a change of values changes: the whole without what
   * likely did not change, with the probe in it, so that Helm says in one go what changed.
   */
  static final class Ahead {
    private final SplitProof proof;
    private final Exact before;
    private final SortedSet<String> unchanged;
    private final Made<HelmOutput> rest;
    private final Map<Digest, Made<Rendered>> parts = new HashMap<>();

    private Ahead(
        SplitProof proof, Exact before, SortedSet<String> unchanged, Made<HelmOutput> rest) {
      this.proof = proof;
      this.before = before;
      this.unchanged = unchanged;
      this.rest = rest;
    }

    /** What is likely enabled. */
    Enabled likely() {
      return before.enabled();
    }

    /** Begins to render what will likely have to be rendered. */
    void begin(SortedMap<String, RenderRequest> likely) {
      likely.forEach(
          (subchart, part) -> {
            Digest key = Renders.key(part);
            if (!key.equals(before.parts().get(subchart))) {
              parts.put(key, proof.threads.begin(part, render -> proof.render(subchart, render)));
            }
          });
    }

    /** What the probe printed; empty when this does not render. */
    Optional<Enabled> enabled() {
      try {
        return rest.get().manifests().stream()
            .filter(Ahead::isProbe)
            .findFirst()
            .map(UmbrellaChart::enabled);
      } catch (ChartException e) {
        return Optional.empty(); // it is asked alone, and says then what is wrong
      }
    }

    private HelmOutput output() throws ChartException {
      HelmOutput all = rest.get();
      return new HelmOutput(
          all.manifests().stream().filter(document -> !isProbe(document)).toList(),
          all.hooks(),
          all.crds(),
          all.notices());
    }

    private static boolean isProbe(String document) {
      return document.substring(0, document.indexOf('\n')).endsWith("/" + PROBE);
    }
  }

  /** A part's output, or Helm's refusal to render it. */
  private record Rendered(
      String subchart, @Nullable HelmOutput output, @Nullable ChartException failure) {}

  /**
   * A proof that was begun.
   *
   * @param whole null when it may not be needed
   */
  record Started(SplitProof proof, @Nullable Made<HelmOutput> whole) {
    Verdict prove(Umbrella umbrella, Optional<Ahead> ahead) throws ChartException {
      return proof.prove(umbrella, whole, ahead);
    }
  }

  /** Begins to render the whole, which takes longest and needs no parts. */
  Started start(SplitRequest request) throws ChartException {
    boolean known =
        proven.get(Subject.of(request)).isPresent()
            || cache.has(KIND, key(Umbrella.whole(request)));
    return new Started(this, known ? null : whole(Umbrella.whole(request)));
  }

  private Made<HelmOutput> whole(RenderRequest whole) {
    return threads.begin(
        whole, request -> renders.once(request, () -> wholes.bytes(request.chart())));
  }

  private Verdict prove(Umbrella umbrella, @Nullable Made<HelmOutput> begun, Optional<Ahead> ahead)
      throws ChartException {
    Optional<Verdict> before = stored(umbrella);
    if (before.isPresent()) {
      if (before.get().refusals().isEmpty()) {
        remember(umbrella, before.get());
      }
      return before.get();
    }
    Optional<Verdict> further = begun == null ? onward(umbrella, ahead) : Optional.empty();
    Verdict verdict =
        further.isPresent()
            ? further.get()
            : fromTheStart(umbrella, begun == null ? whole(umbrella.whole()) : begun);
    if (verdict.refusals().isEmpty()) {
      remember(umbrella, verdict);
    }
    store(umbrella, verdict);
    return verdict;
  }

  private void remember(Umbrella umbrella, Verdict verdict) {
    proven.put(
        Subject.of(umbrella.request()),
        new Exact(
            umbrella.request().values(), umbrella.enabled(), umbrella.keys(), verdict.notices()));
  }

  private Verdict fromTheStart(Umbrella umbrella, Made<HelmOutput> begun) throws ChartException {
    List<Rendered> rendered =
        threads.each(umbrella.parts().entrySet(), part -> render(part.getKey(), part.getValue()));
    HelmOutput whole = begun.get();
    List<Refusal> refusals = new ArrayList<>();
    SortedMap<String, HelmOutput> parts = new TreeMap<>();
    for (Rendered part : rendered) {
      if (part.output() != null) {
        parts.put(part.subchart(), part.output());
      } else if (part.failure() != null) {
        refusals.add(refusal(shown(part.subchart()) + " alone: " + part.failure().getMessage()));
      }
    }
    if (!refusals.isEmpty()) {
      return new Verdict(refusals, List.of());
    }
    Comparison comparison = UnionProof.compare(whole, whole, parts);
    if (!comparison.exact()) {
      comparison = UnionProof.compare(whole, whole(umbrella.whole()).get(), parts);
    }
    return new Verdict(
        Differences.lines(comparison.differences()).stream().map(SplitProof::refusal).toList(),
        comparison.notices());
  }

  private Rendered render(String subchart, RenderRequest part) throws ChartException {
    try {
      HelmOutput output =
          renders.render(
              part, () -> library.bytes(part.chart().content()).orElseThrow(() -> evicted(part)));
      return new Rendered(subchart, output, null);
    } catch (ChartException e) {
      if (e.retryable()) {
        throw e;
      }
      return new Rendered(subchart, null, e);
    }
  }

  /** Begins what likely does after a change of values; empty when nothing was proven before. */
  Optional<Ahead> goAhead(SplitRequest request, ChartFiles files, ChartFiles probe)
      throws ChartException {
    Optional<Exact> before = proven.get(Subject.of(request));
    byte[] asks = probe.all().get(PROBE);
    if (before.isEmpty()
        || asks == null
        || files.all().containsKey(PROBE)
        || writes(request)
        || cache.has(KIND, key(Umbrella.whole(request)))) {
      return Optional.empty();
    }
    SortedSet<String> unchanged = before.get().likelyUnchanged(request.values());
    SortedMap<String, byte[]> rest = new TreeMap<>(without(files, before.get(), unchanged).all());
    rest.put(PROBE, asks);
    Made<HelmOutput> made =
        render(Umbrella.whole(request), ChartFiles.of(rest, request.chart().name()));
    return Optional.of(new Ahead(this, before.get(), unchanged, made));
  }

  private boolean writes(SplitRequest request) throws ChartException {
    ResolvedChart chart = request.chart();
    return renders
        .scan(chart.content(), () -> wholes.bytes(chart))
        .writesWith(ValuesJson.of(request.values()));
  }

  /** Goes on from the last proof; empty when that does not do. */
  private Optional<Verdict> onward(Umbrella umbrella, Optional<Ahead> begun) throws ChartException {
    Optional<Exact> before = proven.get(Subject.of(umbrella.request()));
    if (before.isEmpty()
        || !sameNames(before.get().enabled(), umbrella.enabled())
        || writes(umbrella.request())) {
      return Optional.empty();
    }
    SortedSet<String> unchanged = unchanged(before.get(), umbrella);
    if (unchanged.size() < umbrella.parts().size() / 2) {
      return Optional.empty();
    }
    Optional<Ahead> ahead =
        begun.filter(
            made -> made.before.equals(before.get()) && unchanged.containsAll(made.unchanged));
    SortedMap<String, RenderRequest> others = new TreeMap<>(umbrella.parts());
    others.keySet().removeAll(ahead.isPresent() ? ahead.get().unchanged : unchanged);
    try {
      Made<HelmOutput> rest =
          ahead.isPresent()
              ? ahead.get()::output
              : render(umbrella.whole(), without(umbrella.files(), before.get(), unchanged));
      SortedMap<String, HelmOutput> parts = new TreeMap<>();
      for (Rendered part : rendered(others, ahead)) {
        if (part.output() == null) {
          return Optional.empty();
        }
        parts.put(part.subchart(), part.output());
      }
      HelmOutput whole = rest.get();
      Comparison comparison = UnionProof.compare(whole, whole, parts);
      if (!comparison.exact()) {
        return Optional.empty();
      }
      List<String> notices = new ArrayList<>(before.get().notices());
      notices.addAll(comparison.notices());
      return Optional.of(new Verdict(List.of(), notices.stream().sorted().distinct().toList()));
    } catch (ChartException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty(); // a template of an unchanged sub-chart is missed
    }
  }

  private List<Rendered> rendered(SortedMap<String, RenderRequest> parts, Optional<Ahead> ahead)
      throws ChartException {
    List<Made<Rendered>> made = new ArrayList<>();
    parts.forEach(
        (subchart, part) -> {
          Made<Rendered> begun =
              ahead.map(before -> before.parts.get(Renders.key(part))).orElse(null);
          made.add(begun != null ? begun : threads.begin(part, render -> render(subchart, render)));
        });
    List<Rendered> rendered = new ArrayList<>();
    for (Made<Rendered> one : made) {
      rendered.add(one.get());
    }
    return rendered;
  }

  private static ChartFiles without(ChartFiles files, Exact before, SortedSet<String> unchanged)
      throws ChartException {
    return ChangedOnly.of(files, before.enabled().subcharts().keySet(), unchanged);
  }

  /** Has other files rendered as the whole chart would be. */
  private Made<HelmOutput> render(RenderRequest whole, ChartFiles files) {
    byte[] bytes = files.toBytes();
    ResolvedChart chart = whole.chart();
    ResolvedChart reduced =
        new ResolvedChart(
            chart.pin(), chart.name(), chart.version(), Digest.of(bytes), List.of(), List.of());
    return threads.begin(
        new RenderRequest(
            reduced, whole.release(), whole.namespace(), whole.kubeVersion(), whole.values()),
        request -> renders.once(request, () -> bytes));
  }

  private static boolean sameNames(Enabled one, Enabled other) {
    Map<String, Enabled> others = other.subcharts();
    return one.subcharts().keySet().equals(others.keySet())
        && one.subcharts().entrySet().stream()
            .allMatch(
                entry -> sameNames(entry.getValue(), others.getOrDefault(entry.getKey(), one)));
  }

  /** The sub-charts whose objects are what they were, in the whole and in their parts. */
  private static SortedSet<String> unchanged(Exact before, Umbrella umbrella) {
    SortedSet<String> unchanged = new TreeSet<>();
    Map<String, Enabled> now = umbrella.enabled().subcharts();
    for (Map.Entry<String, Digest> part : umbrella.keys().entrySet()) {
      String name = part.getKey();
      Enabled enabled = now.get(name);
      if (enabled != null
          && enabled.equals(before.enabled().subcharts().get(name))
          && part.getValue().equals(before.parts().get(name))) {
        unchanged.add(name);
      }
    }
    return unchanged;
  }

  private Optional<Verdict> stored(Umbrella umbrella) throws ChartException {
    return cache
        .get(KIND, key(umbrella.whole()))
        .flatMap(bytes -> TextLists.decode(bytes, 3))
        .filter(lists -> lists.get(0).equals(inputs(umbrella)))
        .map(
            lists ->
                new Verdict(lists.get(1).stream().map(SplitProof::refusal).toList(), lists.get(2)));
  }

  private void store(Umbrella umbrella, Verdict verdict) throws ChartException {
    cache.put(
        KIND,
        key(umbrella.whole()),
        TextLists.encode(
            List.of(
                inputs(umbrella),
                verdict.refusals().stream().map(Refusal::message).toList(),
                verdict.notices())));
  }

  /** The digests of what renders the whole and its parts: another splitter, other digests. */
  private static List<String> inputs(Umbrella umbrella) {
    List<String> inputs = new ArrayList<>();
    umbrella.keys().forEach((subchart, key) -> inputs.add(subchart + " " + key.hex()));
    return inputs;
  }

  private static Digest key(RenderRequest whole) {
    return Digest.of("union\n" + Renders.key(whole).hex());
  }

  private static ChartException evicted(RenderRequest part) {
    return ChartLibrary.evicted(part.chart().content());
  }

  private static Refusal refusal(String message) {
    return new Refusal(ProblemCode.SPLIT_NOT_EXACT, message, REMEDY);
  }

  private static String shown(String subchart) {
    return subchart.isEmpty()
        ? "what remains of the chart must render"
        : "sub-chart \"" + subchart + "\" must render";
  }
}
