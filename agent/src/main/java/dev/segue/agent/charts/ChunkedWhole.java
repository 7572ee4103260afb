// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.charts.SideBySide.Made;
import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.split.Enabled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Renders an umbrella chart in chunks: for the umbrella's own objects the whole chart without its
 * sub-charts' templates, and for theirs the umbrella as if it had a few of its sub-charts only. So
 * it takes both of the worker's threads, and {@code tpl}, which copies all templates of a chart at
 * every call, has fewer to copy.
 *
 * <p>A template of a sub-chart sees its own chart, the release, the values that reach it and named
 * templates. Helm itself says, by the probe, what values reach it, in the whole and in the chunk: a
 * chunk where they are not the same does not count. A named template is the same in a chunk, or is
 * missed, and then Helm refuses the chunk. So all chunks hold all documents of the whole, each
 * once, in another order. Where they cannot be had, or the parts do not give exactly these, the
 * whole is to be rendered at once.
 */
final class ChunkedWhole {
  /** Sub-charts in a chunk, as measured: few enough for {@code tpl}, many enough for the rest. */
  static final int SIZE = 10;

  private final PartRenders renders;
  private final RenderRequest whole;
  private final ChartFiles files;
  private final ChartFiles probe;
  private final FewerTemplates fewer;
  private final Made<HelmOutput> own;
  private final int size;

  private ChunkedWhole(
      PartRenders renders,
      RenderRequest whole,
      ChartFiles files,
      ChartFiles probe,
      FewerTemplates fewer,
      Made<HelmOutput> own,
      int size) {
    this.renders = renders;
    this.whole = whole;
    this.files = files;
    this.probe = probe;
    this.fewer = fewer;
    this.own = own;
    this.size = size;
  }

  /** Begins with the umbrella's own objects; empty when the chart cannot, or need not, be so. */
  static Optional<ChunkedWhole> begin(
      PartRenders renders, SplitRequest request, ChartFiles files, ChartFiles probe, int size)
      throws ChartException {
    FewerTemplates fewer = renders.fewer(request.chart().content(), files);
    if (fewer.called().size() < 2 * size
        || fewer.ambiguous()
        || files.all().containsKey("requirements.yaml")) {
      return Optional.empty();
    }
    boolean plainly = !request.values().tree().containsKey(PlainDependencies.TAGS);
    Optional<ChartFiles> asking = Probe.in(fewer.withoutSubcharts(files, plainly), probe);
    if (asking.isEmpty()) {
      return Optional.empty();
    }
    RenderRequest whole = Umbrella.whole(request);
    Made<HelmOutput> own = renders.whole(whole, asking.get());
    return Optional.of(new ChunkedWhole(renders, whole, files, probe, fewer, own, size));
  }

  /** What the probe printed in the whole chart; empty when that does not render. */
  Optional<Enabled> enabled() throws ChartException {
    return output(own).flatMap(Probe::enabled);
  }

  /**
   * Begins with the sub-charts' objects; empty when a chart is there in two versions. What it makes
   * is empty when the chunks are not to be trusted.
   */
  Optional<Made<Optional<HelmOutput>>> goOn(Enabled enabled) throws ChartException {
    Set<String> shared = new TreeSet<>(fewer.libraries());
    Map<String, Set<String>> names = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (Map.Entry<String, Set<String>> chart : fewer.called().entrySet()) {
      Set<String> there = new TreeSet<>(chart.getValue());
      there.retainAll(enabled.subcharts().keySet());
      if (there.stream().anyMatch(name -> !seen.add(name))) {
        return Optional.empty();
      }
      if (!there.isEmpty() && !shared.contains(chart.getKey())) {
        names.put(chart.getKey(), there);
      }
    }
    List<Chunk> chunks = new ArrayList<>();
    List<String> folders = List.copyOf(names.keySet());
    for (int from = 0; from < folders.size(); from += size) {
      Set<String> some =
          new TreeSet<>(folders.subList(from, Math.min(from + size, folders.size())));
      Set<String> called = new TreeSet<>();
      some.forEach(folder -> called.addAll(names.getOrDefault(folder, Set.of())));
      chunks.add(chunk(some, called, shared));
    }
    if (!seen.containsAll(enabled.subcharts().keySet())) {
      return Optional.empty();
    }
    return Optional.of(() -> together(chunks, enabled));
  }

  /**
   * A part of the whole.
   *
   * @param names the sub-charts whose objects are its own
   */
  private record Chunk(Set<String> names, Made<HelmOutput> made) {}

  private Chunk chunk(Set<String> folders, Set<String> names, Set<String> shared)
      throws ChartException {
    Set<String> all = new TreeSet<>(folders);
    Set<String> declared = new TreeSet<>(names);
    for (String library : shared) {
      all.add(library);
      declared.addAll(fewer.called().getOrDefault(library, Set.of()));
    }
    ChartFiles some = SomeSubcharts.of(files, fewer, all, declared);
    ChartFiles asking = Probe.in(some, probe).orElse(some);
    return new Chunk(names, renders.whole(whole, asking));
  }

  private Optional<HelmOutput> together(List<Chunk> chunks, Enabled enabled) throws ChartException {
    List<String> manifests = new ArrayList<>();
    List<String> hooks = new ArrayList<>();
    List<String> crds = new ArrayList<>();
    List<Chunk> all = new ArrayList<>(chunks);
    all.add(new Chunk(Set.of(""), own));
    for (Chunk chunk : all) {
      Optional<HelmOutput> made = output(chunk.made());
      Optional<Enabled> here = made.flatMap(Probe::enabled);
      if (made.isEmpty() || here.isEmpty() || !sameValues(chunk.names(), here.get(), enabled)) {
        return Optional.empty();
      }
      HelmOutput output = Probe.without(made.get());
      Predicate<String> its = document -> chunk.names().contains(subchart(document));
      output.manifests().stream().filter(its).forEach(manifests::add);
      output.hooks().stream().filter(its).forEach(hooks::add);
      output.crds().stream().filter(its).forEach(crds::add);
    }
    return Optional.of(new HelmOutput(manifests, hooks, crds, List.of()));
  }

  private static boolean sameValues(Set<String> names, Enabled here, Enabled whole) {
    return names.contains("")
        ? here.equals(whole)
        : names.stream()
            .allMatch(
                name -> {
                  Enabled sees = here.subcharts().get(name);
                  return sees != null && sees.equals(whole.subcharts().get(name));
                });
  }

  /** Empty when a template of another chunk is missed. */
  private static Optional<HelmOutput> output(Made<HelmOutput> made) throws ChartException {
    try {
      return Optional.of(made.get());
    } catch (ChartException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The x in {@code # Source: umbrella/charts/x/templates/file}; "" for the umbrella's own. */
  private static String subchart(String document) {
    String[] segments = document.substring(0, document.indexOf('\n')).split("/", 4);
    return segments.length == 4 && segments[1].equals("charts") ? segments[2] : "";
  }
}
