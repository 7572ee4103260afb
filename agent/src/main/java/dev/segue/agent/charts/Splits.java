// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.ValuesSelection;
import dev.segue.renderer.split.Enabled;
import dev.segue.renderer.split.Part;
import dev.segue.renderer.split.Split;
import dev.segue.renderer.split.SplitChart;
import dev.segue.renderer.split.SplitChart.Refusal;
import dev.segue.renderer.split.Splitter;
import dev.segue.renderer.split.UmbrellaChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes umbrella charts apart, once for equal requests, keeps the parts in the library and proves
 * that together they are the chart. Safe for several threads.
 */
final class Splits implements AutoCloseable {
  private static final int REMEMBERED = 200;

  private final ChartLibrary library;
  private final Renders renders;
  private final WholeCharts wholes;
  private final SideBySide threads = new SideBySide();
  private final SplitProof proof;
  private final Recent<SplitRequest, SplitChart> done = new Recent<>(REMEMBERED);
  private final Recent<Cut, Taken> taken = new Recent<>(REMEMBERED);

  /** Which request a part came of, by the part's folder. */
  private final Recent<RepoPath, SplitRequest> requests = new Recent<>(20 * REMEMBERED);

  Splits(ChartLibrary library, Renders renders, DiskCache cache, WholeCharts wholes) {
    this.library = library;
    this.renders = renders;
    this.wholes = wholes;
    this.proof = new SplitProof(new PartRenders(renders, library, wholes, threads), cache);
  }

  /** Gives a chart's files, fetched again when they were evicted. */
  interface WholeCharts {
    byte[] bytes(ResolvedChart chart) throws ChartException;
  }

  SplitChart split(SplitRequest request) throws ChartException {
    Optional<SplitChart> before = done.get(request);
    if (before.isPresent() && isHere(before.get())) {
      return before.get();
    }
    boolean anew = proof.startsAnew(request);
    ChartFiles files = files(request.chart());
    SideBySide.Made<TemplateScan.Scanned> scanned = anew ? scan(files) : null;
    UmbrellaChart chart = umbrella(request.chart(), files);
    ChartFiles probe = probe(request, chart);
    if (scanned != null) {
      return fromTheStart(request, chart, files, probe, scanned);
    }
    Optional<OnwardProof.Ahead> ahead = proof.goAhead(request, files, probe);
    if (ahead.isPresent()) {
      Optional<Taken> likely = taken.get(cut(request, ahead.get().likely()));
      likely.ifPresent(same -> ahead.get().begin(parts(request, same)));
    }
    Optional<Enabled> printed = ahead.flatMap(OnwardProof.Ahead::enabled);
    Enabled enabled = printed.isPresent() ? printed.get() : enabled(request, probe);
    Taken taken = take(request, chart, files, enabled, null);
    SortedMap<String, RenderRequest> parts = parts(request, taken);
    Umbrella umbrella = new Umbrella(request, files, enabled, parts);
    return done(umbrella, taken, proof.prove(umbrella, null, ahead));
  }

  private SplitChart fromTheStart(
      SplitRequest request,
      UmbrellaChart chart,
      ChartFiles files,
      ChartFiles probe,
      SideBySide.Made<TemplateScan.Scanned> scanned)
      throws ChartException {
    Optional<ChunkedWhole> chunks = proof.startInChunks(request, files, probe);
    SplitProof.Begun whole = chunks.isPresent() ? null : proof.atOnce(request);
    TemplateScan scan = scanned.get().whole();
    renders.scanned(request.chart().content(), scan);
    String values = ValuesJson.of(request.values());
    boolean steady = !scan.writesWith(values) && !scan.mayDiffer(values);
    Optional<Enabled> printed =
        steady && chunks.isPresent() ? chunks.get().enabled() : Optional.empty();
    if (printed.isPresent()) {
      whole =
          chunks
              .get()
              .goOn(printed.get())
              .map(made -> new SplitProof.Begun(made, null))
              .orElse(null);
    }
    if (whole == null) {
      whole = proof.atOnce(request);
    }
    Enabled enabled = printed.isPresent() ? printed.get() : enabled(request, probe);
    Taken taken = take(request, chart, files, enabled, scanned);
    Umbrella umbrella = new Umbrella(request, files, enabled, parts(request, taken));
    return done(umbrella, taken, proof.prove(umbrella, whole, Optional.empty()));
  }

  private SplitChart done(Umbrella umbrella, Taken taken, SplitProof.Verdict verdict) {
    SplitRequest request = umbrella.request();
    SplitChart result = result(taken, umbrella.parts(), verdict);
    done.put(request, result);
    umbrella.parts().values().forEach(part -> requests.put(folder(part.chart()), request));
    return result;
  }

  /**
   * Makes a part again that was evicted and returns its content; throws when it is not known any
   * more what it was made of: it is made again with the next plan.
   */
  Digest again(ChartPin.Derived pin, Digest content) throws ChartException {
    Optional<SplitRequest> request = requests.get(pin.path());
    if (request.isEmpty()) {
      throw ChartLibrary.evicted(content);
    }
    ChartFiles files = files(request.get().chart());
    UmbrellaChart chart = umbrella(request.get().chart(), files);
    Enabled enabled = enabled(request.get(), probe(request.get(), chart));
    Taken taken = take(request.get(), chart, files, enabled, null);
    RenderRequest part = parts(request.get(), taken).get(pin.from().subchart());
    return part == null ? request.get().chart().content() : part.chart().content();
  }

  private ChartFiles files(ResolvedChart chart) throws ChartException {
    try {
      return ChartFiles.fromBytes(wholes.bytes(chart));
    } catch (IOException e) {
      throw ChartLibrary.evicted(chart.content());
    }
  }

  private static UmbrellaChart umbrella(ResolvedChart chart, ChartFiles files)
      throws ChartException {
    try {
      return UmbrellaChart.of(files.all());
    } catch (IllegalArgumentException e) {
      throw new ChartException(
          ProblemCode.CHART_INVALID,
          false,
          "chart \"" + chart.name() + "\" " + chart.version() + ": " + e.getMessage(),
          e);
    }
  }

  private static ChartFiles probe(SplitRequest request, UmbrellaChart chart) throws ChartException {
    return ChartFiles.of(chart.probe(), "chart \"" + request.chart().name() + "\"");
  }

  /** Has Helm say which sub-charts there are with these values, and what values reach them. */
  private Enabled enabled(SplitRequest request, ChartFiles files) throws ChartException {
    byte[] bytes = files.toBytes();
    ResolvedChart whole = request.chart();
    ResolvedChart probe =
        new ResolvedChart(
            whole.pin(), whole.name(), whole.version(), Digest.of(bytes), List.of(), List.of());
    HelmOutput output =
        renders.render(
            new RenderRequest(
                probe,
                request.release(),
                request.namespace(),
                request.kubeVersion(),
                request.values()),
            () -> bytes);
    return UmbrellaChart.enabled(String.join("---\n", output.manifests()));
  }

  /**
   * What a chart is taken apart by. The values themselves do not count, only what they turn on.
   *
   * @param enabled the names of all sub-charts that are enabled, each with those in it
   */
  private record Cut(Digest chart, String enabled, List<String> unstaged, String release) {}

  /**
   * A chart that was taken apart, its parts kept in the library.
   *
   * @param included what is enabled and could be a part, and stays with the parent
   */
  private record Taken(
      List<Kept> parts,
      List<String> included,
      List<String> known,
      List<Refusal> refusals,
      List<String> notices) {}

  /** A part that is kept in the library. */
  private record Kept(
      String subchart,
      ValuesSelection values,
      String name,
      String version,
      Digest content,
      List<String> notices) {}

  private static Cut cut(SplitRequest request, Enabled enabled) {
    return new Cut(
        request.chart().content(), names(enabled), request.unstaged(), request.release().value());
  }

  private SideBySide.Made<TemplateScan.Scanned> scan(ChartFiles files) {
    return threads.begin(files, TemplateScan::scan);
  }

  private Taken take(
      SplitRequest request,
      UmbrellaChart chart,
      ChartFiles files,
      Enabled enabled,
      SideBySide.@Nullable Made<TemplateScan.Scanned> begun)
      throws ChartException {
    Cut cut = cut(request, enabled);
    Optional<Taken> before = taken.get(cut);
    if (before.isPresent()
        && before.get().parts().stream().allMatch(part -> library.has(part.content()))) {
      return before.get();
    }
    SideBySide.Made<TemplateScan.Scanned> scanned = begun == null ? scan(files) : begun;
    Split split = Splitter.split(chart, enabled, request.unstaged(), request.release());
    TemplateScan.Scanned scan = scanned.get();
    renders.scanned(request.chart().content(), scan.whole());
    List<Part> all = new ArrayList<>(split.parts().values());
    all.add(split.parent());
    String shown = "chart \"" + request.chart().name() + "\"";
    Taken now =
        new Taken(
            threads.each(all, part -> keep(part, shown, scan)),
            chart.subcharts().stream()
                .filter(name -> enabled.subcharts().containsKey(name))
                .filter(name -> !split.parts().containsKey(name))
                .toList(),
            List.copyOf(chart.subcharts()),
            split.refusals(),
            split.notices());
    taken.put(cut, now);
    return now;
  }

  private static String names(Enabled enabled) {
    return enabled.subcharts().entrySet().stream()
        .map(subchart -> subchart.getKey() + "(" + names(subchart.getValue()) + ")")
        .collect(Collectors.joining(","));
  }

  private Kept keep(Part part, String shown, TemplateScan.Scanned scanned) throws ChartException {
    ChartFiles files = ChartFiles.of(part.files(), shown);
    byte[] bytes = files.toBytes();
    Digest content = Digest.of(bytes);
    library.keep(content, bytes);
    ChartMetadata metadata = ChartMetadata.of(files, shown);
    TemplateScan scan = scanned.of(files);
    renders.scanned(content, scan);
    return new Kept(
        part.subchart(),
        part.values(),
        metadata.name(),
        metadata.version(),
        content,
        scan.clusterNotices());
  }

  private static SortedMap<String, RenderRequest> parts(SplitRequest request, Taken taken) {
    SortedMap<String, RenderRequest> parts = new TreeMap<>();
    for (Kept part : taken.parts()) {
      boolean parent = part.subchart().isEmpty();
      parts.put(
          part.subchart(),
          new RenderRequest(
              chart(request, part, taken),
              parent ? request.release() : Umbrella.PART,
              request.namespace(),
              request.kubeVersion(),
              part.values().of(request.values())));
    }
    return parts;
  }

  private static ResolvedChart chart(SplitRequest request, Kept part, Taken taken) {
    ResolvedChart whole = request.chart();
    boolean parent = part.subchart().isEmpty();
    ChartPin.Derivation from =
        new ChartPin.Derivation(
            whole.pin(),
            whole.content(),
            request.release(),
            part.subchart(),
            part.values(),
            parent ? taken.included() : List.of());
    String name = slug(parent ? request.release().value() : part.subchart());
    RepoPath path =
        RepoPath.parse("charts/" + request.group() + "/" + name + "-" + part.content().prefix(12));
    return new ResolvedChart(
        new ChartPin.Derived(null, path, from),
        part.name(),
        part.version(),
        part.content(),
        parent ? whole.dependencies() : List.of(),
        part.notices());
  }

  private static SplitChart result(
      Taken taken, SortedMap<String, RenderRequest> parts, SplitProof.Verdict verdict) {
    SortedMap<String, ResolvedChart> charts = new TreeMap<>();
    parts.forEach((subchart, part) -> charts.put(subchart, part.chart()));
    ResolvedChart parent = Objects.requireNonNull(charts.remove(""));
    List<Refusal> refusals = new ArrayList<>(taken.refusals());
    refusals.addAll(verdict.refusals());
    List<String> notices = new ArrayList<>(taken.notices());
    notices.addAll(verdict.notices());
    return new SplitChart(charts, parent, taken.included(), taken.known(), refusals, notices);
  }

  /** Letters, digits and hyphens, at most 40 of them: the digest after it tells names apart. */
  private static String slug(String name) {
    String slug = name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.substring(0, Math.min(40, slug.length())).replaceAll("^-+|-+$", "");
  }

  private boolean isHere(SplitChart split) {
    return library.has(split.parent().content())
        && split.parts().values().stream().allMatch(part -> library.has(part.content()));
  }

  private static RepoPath folder(ResolvedChart part) {
    return ((ChartPin.Derived) part.pin()).path();
  }

  /** Sees to it that a part is rendered once whatever its release is called. */
  static RenderRequest once(RenderRequest request) {
    if (request.chart().pin() instanceof ChartPin.Derived derived) {
      return new RenderRequest(
          request.chart(),
          derived.from().subchart().isEmpty() ? derived.from().application() : Umbrella.PART,
          request.namespace(),
          request.kubeVersion(),
          request.values());
    }
    return request;
  }

  @Override
  public void close() {
    threads.close();
  }
}
