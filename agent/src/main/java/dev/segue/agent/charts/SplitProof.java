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
import dev.segue.renderer.split.Enabled;
import dev.segue.renderer.split.SplitChart.Refusal;
import dev.segue.renderer.split.UnionProof;
import dev.segue.renderer.split.UnionProof.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private record Exact(Enabled enabled, SortedMap<String, Digest> parts, List<String> notices) {}

  /** A part's output, or Helm's refusal to render it. */
  private record Rendered(
      String subchart, @Nullable HelmOutput output, @Nullable ChartException failure) {}

  /**
   * A proof that was begun.
   *
   * @param whole null when it may not be needed
   */
  record Started(SplitProof proof, @Nullable Made<HelmOutput> whole) {
    Verdict prove(Umbrella umbrella) throws ChartException {
      return proof.prove(umbrella, whole);
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

  private Verdict prove(Umbrella umbrella, @Nullable Made<HelmOutput> begun) throws ChartException {
    Optional<Verdict> before = stored(umbrella);
    if (before.isPresent()) {
      if (before.get().refusals().isEmpty()) {
        remember(umbrella, before.get());
      }
      return before.get();
    }
    Optional<Verdict> further = begun == null ? onward(umbrella) : Optional.empty();
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
        new Exact(umbrella.enabled(), umbrella.keys(), verdict.notices()));
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

  /** Goes on from the last proof; empty when that does not do. */
  private Optional<Verdict> onward(Umbrella umbrella) throws ChartException {
    Optional<Exact> before = proven.get(Subject.of(umbrella.request()));
    ResolvedChart chart = umbrella.request().chart();
    if (before.isEmpty()
        || !sameNames(before.get().enabled(), umbrella.enabled())
        || renders
            .scan(chart.content(), () -> wholes.bytes(chart))
            .writesWith(ValuesJson.of(umbrella.request().values()))) {
      return Optional.empty();
    }
    SortedSet<String> unchanged = unchanged(before.get(), umbrella);
    if (unchanged.size() < umbrella.parts().size() / 2) {
      return Optional.empty();
    }
    SortedMap<String, RenderRequest> others = new TreeMap<>(umbrella.parts());
    others.keySet().removeAll(unchanged);
    Made<HelmOutput> rest = without(umbrella, unchanged);
    SortedMap<String, HelmOutput> parts = new TreeMap<>();
    try {
      for (Rendered part :
          threads.each(others.entrySet(), part -> render(part.getKey(), part.getValue()))) {
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

  private Made<HelmOutput> without(Umbrella umbrella, SortedSet<String> unchanged)
      throws ChartException {
    byte[] bytes =
        ChangedOnly.of(umbrella.files(), umbrella.enabled().subcharts().keySet(), unchanged)
            .toBytes();
    RenderRequest whole = umbrella.whole();
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
