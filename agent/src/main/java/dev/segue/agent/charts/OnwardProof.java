// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.charts.PartRenders.Rendered;
import dev.segue.agent.charts.SideBySide.Made;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.split.Enabled;
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

/**
 * Goes on from the last proof of the same chart and release after a change of values.
 *
 * <p>Helm itself says, by the probe, which values reach each sub-chart. Where those did not change,
 * and the part is rendered of the same files and values as before, that sub-chart's objects are
 * what they were, in the whole and in its part. So the whole is rendered without the templates of
 * these sub-charts, their named templates kept, and compared with the other parts; and without what
 * they declare where it says nothing ({@link PlainDependencies}), unless values changed that all
 * sub-charts see. That holds only while templates cannot change what other templates read: where
 * one calls {@code set}, {@code unset} or one of Sprig's {@code merge} functions, and whenever this
 * does not come out exact, the proof is to be made from the start. Safe for several threads.
 */
final class OnwardProof {
  private static final int REMEMBERED = 200;

  private final PartRenders renders;
  private final Recent<Subject, Exact> proven = new Recent<>(REMEMBERED);

  OnwardProof(PartRenders renders) {
    this.renders = renders;
  }

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
    /** Whether these values say the same to all sub-charts, and nothing of tags. */
    boolean shares(Values now) {
      return !now.tree().containsKey(PlainDependencies.TAGS)
          && !values.tree().containsKey(PlainDependencies.TAGS)
          && Objects.equals(values.tree().get("global"), now.tree().get("global"));
    }

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
    private final PartRenders renders;
    private final Exact before;
    private final SortedSet<String> unchanged;
    private final Made<HelmOutput> rest;
    private final Map<Digest, Made<Rendered>> parts = new HashMap<>();

    private Ahead(
        PartRenders renders, Exact before, SortedSet<String> unchanged, Made<HelmOutput> rest) {
      this.renders = renders;
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
              parts.put(key, renders.part(subchart, part));
            }
          });
    }

    /** What the probe printed; empty when this does not render. */
    Optional<Enabled> enabled() {
      try {
        return Probe.enabled(rest.get());
      } catch (ChartException e) {
        return Optional.empty(); // it is asked alone, and says then what is wrong
      }
    }

    private HelmOutput output() throws ChartException {
      return Probe.without(rest.get());
    }
  }

  /** Whether there is a proof to go on from. */
  boolean knows(SplitRequest request) {
    return proven.get(Subject.of(request)).isPresent();
  }

  /** Notes a proof that held. */
  void remember(Umbrella umbrella, List<String> notices) {
    proven.put(
        Subject.of(umbrella.request()),
        new Exact(umbrella.request().values(), umbrella.enabled(), umbrella.keys(), notices));
  }

  /** Begins what likely does after a change of values; empty when nothing was proven before. */
  Optional<Ahead> goAhead(SplitRequest request, ChartFiles files, ChartFiles probe)
      throws ChartException {
    Optional<Exact> before = proven.get(Subject.of(request));
    if (before.isEmpty() || renders.writes(request)) {
      return Optional.empty();
    }
    SortedSet<String> unchanged = before.get().likelyUnchanged(request.values());
    Optional<ChartFiles> rest = Probe.in(without(request, files, before.get(), unchanged), probe);
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    Made<HelmOutput> made = renders.whole(Umbrella.whole(request), rest.get());
    return Optional.of(new Ahead(renders, before.get(), unchanged, made));
  }

  /**
   * Returns the notices when the union is exact; empty when that is to be proven from the start.
   */
  Optional<List<String>> prove(Umbrella umbrella, Optional<Ahead> begun) throws ChartException {
    Optional<Exact> before = proven.get(Subject.of(umbrella.request()));
    if (before.isEmpty()
        || !sameNames(before.get().enabled(), umbrella.enabled())
        || renders.writes(umbrella.request())) {
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
              : renders.whole(
                  umbrella.whole(),
                  without(umbrella.request(), umbrella.files(), before.get(), unchanged));
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
      return Optional.of(notices.stream().sorted().distinct().toList());
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
          made.add(begun != null ? begun : renders.part(subchart, part));
        });
    List<Rendered> rendered = new ArrayList<>();
    for (Made<Rendered> one : made) {
      rendered.add(one.get());
    }
    return rendered;
  }

  private ChartFiles without(
      SplitRequest request, ChartFiles files, Exact before, SortedSet<String> unchanged)
      throws ChartException {
    return renders
        .fewer(request.chart().content(), files)
        .without(
            files,
            before.enabled().subcharts().keySet(),
            unchanged,
            before.shares(request.values()));
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
}
