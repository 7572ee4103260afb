// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.charts.PartRenders.Rendered;
import dev.segue.agent.charts.SideBySide.Made;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.split.SplitChart.Refusal;
import dev.segue.renderer.split.UnionProof;
import dev.segue.renderer.split.UnionProof.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the parts of an umbrella chart together are the chart: renders the whole and every
 * part and compares them object by object. What was proven stands in the cache, by the digest of
 * all that goes into it. Safe for several threads.
 */
final class SplitProof {
  private static final String KIND = "proof-1";
  private static final String REMEDY =
      "Keep the sub-chart with its parent (`staging: false`), or leave `subcharts` out.";

  private final PartRenders renders;
  private final OnwardProof onward;
  private final DiskCache cache;

  SplitProof(PartRenders renders, DiskCache cache) {
    this.renders = renders;
    this.onward = new OnwardProof(renders);
    this.cache = cache;
  }

  /** What came of it. */
  record Verdict(List<Refusal> refusals, List<String> notices) {}

  /**
   * The whole chart, being rendered.
   *
   * @param chunks all that it gives, when that could be had
   * @param atOnce null when it is in chunks
   */
  record Begun(@Nullable Made<Optional<HelmOutput>> chunks, @Nullable Made<HelmOutput> atOnce) {}

  /** Whether the whole will have to be rendered: nothing like it was proven before. */
  boolean startsAnew(SplitRequest request) {
    return !onward.knows(request) && !cache.has(KIND, key(Umbrella.whole(request)));
  }

  /** Begins to render the whole in chunks; empty when it is to be rendered at once. */
  Optional<ChunkedWhole> startInChunks(SplitRequest request, ChartFiles files, ChartFiles probe)
      throws ChartException {
    return ChunkedWhole.begin(renders, request, files, probe, ChunkedWhole.SIZE);
  }

  /** Begins to render the whole, which takes longest and needs no parts. */
  Begun atOnce(SplitRequest request) {
    return new Begun(null, renders.whole(Umbrella.whole(request)));
  }

  /** Begins what likely does after a change of values; empty when nothing was proven before. */
  Optional<OnwardProof.Ahead> goAhead(SplitRequest request, ChartFiles files, ChartFiles probe)
      throws ChartException {
    return cache.has(KIND, key(Umbrella.whole(request)))
        ? Optional.empty()
        : onward.goAhead(request, files, probe);
  }

  /**
   * Proves, or says what is not exact.
   *
   * @param begun null when the whole may not be needed
   */
  Verdict prove(Umbrella umbrella, @Nullable Begun begun, Optional<OnwardProof.Ahead> ahead)
      throws ChartException {
    Optional<Verdict> before = stored(umbrella);
    if (before.isPresent()) {
      if (before.get().refusals().isEmpty()) {
        onward.remember(umbrella, before.get().notices());
      }
      return before.get();
    }
    Optional<Verdict> further =
        begun == null
            ? onward.prove(umbrella, ahead).map(notices -> new Verdict(List.of(), notices))
            : Optional.empty();
    Verdict verdict =
        further.isPresent()
            ? further.get()
            : fromTheStart(umbrella, begun == null ? atOnce(umbrella.request()) : begun);
    if (verdict.refusals().isEmpty()) {
      onward.remember(umbrella, verdict.notices());
    }
    store(umbrella, verdict);
    return verdict;
  }

  private Verdict fromTheStart(Umbrella umbrella, Begun begun) throws ChartException {
    List<Made<Rendered>> rendered = new ArrayList<>();
    umbrella.parts().forEach((subchart, part) -> rendered.add(renders.part(subchart, part)));
    List<Refusal> refusals = new ArrayList<>();
    SortedMap<String, HelmOutput> parts = new TreeMap<>();
    for (Made<Rendered> made : rendered) {
      Rendered part = made.get();
      if (part.output() != null) {
        parts.put(part.subchart(), part.output());
      } else if (part.failure() != null) {
        refusals.add(refusal(shown(part.subchart()) + " alone: " + part.failure().getMessage()));
      }
    }
    if (begun.chunks() != null && refusals.isEmpty()) {
      Optional<Comparison> exact =
          begun
              .chunks()
              .get()
              .map(whole -> UnionProof.compare(whole, whole, parts))
              .filter(Comparison::exact);
      if (exact.isPresent()) {
        return new Verdict(List.of(), exact.get().notices());
      }
    }
    Made<HelmOutput> atOnce = begun.atOnce();
    HelmOutput whole = (atOnce != null ? atOnce : renders.whole(umbrella.whole())).get();
    if (!refusals.isEmpty()) {
      return new Verdict(refusals, List.of());
    }
    Comparison comparison = UnionProof.compare(whole, whole, parts);
    if (!comparison.exact()) {
      comparison = UnionProof.compare(whole, renders.whole(umbrella.whole()).get(), parts);
    }
    return new Verdict(
        Differences.lines(comparison.differences()).stream().map(SplitProof::refusal).toList(),
        comparison.notices());
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

  private static Refusal refusal(String message) {
    return new Refusal(ProblemCode.SPLIT_NOT_EXACT, message, REMEDY);
  }

  private static String shown(String subchart) {
    return subchart.isEmpty()
        ? "what remains of the chart must render"
        : "sub-chart \"" + subchart + "\" must render";
  }
}
