// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Charts from the commit, from Helm repositories and OCI registries, rendered by Helm's own engine
 * in a worker process. Safe for several threads.
 */
public final class HelmChartStore implements ChartStore {
  private final ChartLibrary library;
  private final RemoteCharts remote;
  private final GitCharts git;
  private final Renders renders;
  private final RenderEngine engine;
  private final Splits splits;
  private final boolean ownsEngine;

  /**
   * How it works.
   *
   * @param cache the cache's folder; agents may share it
   * @param cacheBytes the most bytes in it
   * @param renderDeadline for one rendering; the worker is killed then
   * @param workerIdle after so long without work the worker ends
   * @param downloadDeadline for one request with its answer
   * @param freshness how long an answer which version a range means is good
   * @param plainHttpAllowed whether credentials and OCI go over http to other machines too
   */
  public record Settings(
      Path cache,
      long cacheBytes,
      Duration renderDeadline,
      Duration workerIdle,
      Duration downloadDeadline,
      Duration freshness,
      boolean plainHttpAllowed,
      Clock clock) {
    /** 1 GiB of cache, 30 s to render, an idle minute, 60 s to download, 30 s of freshness. */
    public static Settings in(Path cache) {
      return new Settings(
          cache,
          1L << 30,
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          false,
          Clock.systemUTC());
    }
  }

  /** Throws CHART_CACHE when the cache's folder cannot be used. */
  public HelmChartStore(SourceRepo repo, CredentialSource credentials, Settings settings)
      throws ChartException {
    this(repo, credentials, settings, (RenderEngine) null);
  }

  /**
   * As with an engine of its own.
   *
   * @param shared for several stores, closed by who made it; null for one of its own
   */
  public HelmChartStore(
      SourceRepo repo,
      CredentialSource credentials,
      Settings settings,
      @Nullable RenderEngine shared)
      throws ChartException {
    this(
        repo,
        credentials,
        settings,
        new DiskCache(settings.cache(), settings.cacheBytes()),
        shared == null ? RenderEngine.of(settings) : shared,
        shared == null);
  }

  /**
   * As one of several, each of another cluster.
   *
   * @param shared opened with equal settings, closed by who did that
   */
  public HelmChartStore(
      SourceRepo repo, CredentialSource credentials, Settings settings, SharedCharts shared) {
    this(repo, credentials, settings, shared.cache(), shared.engine(), shared.part(), false);
  }

  private HelmChartStore(
      SourceRepo repo,
      CredentialSource credentials,
      Settings settings,
      DiskCache cache,
      RenderEngine engine,
      boolean ownsEngine) {
    this(repo, credentials, settings, cache, engine, engine::render, ownsEngine);
  }

  private HelmChartStore(
      SourceRepo repo,
      CredentialSource credentials,
      Settings settings,
      DiskCache cache,
      RenderEngine engine,
      Renderer renderer,
      boolean ownsEngine) {
    this.renders = new Renders(cache, renderer);
    this.library = new ChartLibrary(cache, renders);
    this.remote = new RemoteCharts(library, cache, credentials, settings);
    this.git = new GitCharts(repo, remote, library);
    this.ownsEngine = ownsEngine;
    this.engine = engine;
    this.splits = new Splits(library, renders, cache, this::bytes);
  }

  /** As {@link RenderEngine#prepare}. */
  public void prepare() {
    engine.prepare();
  }

  @Override
  public ResolvedChart resolve(ChartRef ref, CommitId commit) throws ChartException {
    if (ref instanceof ChartRef.InGit in) {
      return git.resolve(in.path(), commit);
    }
    RemoteCharts.Found found = remote.find(ref);
    return found.known().pinned(found.pin());
  }

  @Override
  public SplitChart split(SplitRequest request) throws ChartException {
    return splits.split(request);
  }

  @Override
  public SortedMap<String, byte[]> files(ResolvedChart chart) throws ChartException {
    try {
      return ChartFiles.fromBytes(bytes(chart)).all();
    } catch (IOException e) {
      throw ChartLibrary.evicted(chart.content());
    }
  }

  @Override
  public HelmOutput render(RenderRequest request) throws ChartException {
    return renders.render(Splits.once(request), () -> bytes(request.chart()));
  }

  /** The chart's files, fetched again when they were evicted. */
  private byte[] bytes(ResolvedChart chart) throws ChartException {
    var here = library.bytes(chart.content());
    if (here.isPresent()) {
      return here.get();
    }
    Digest again = again(chart);
    if (!again.equals(chart.content())) {
      throw new ChartException(
          ProblemCode.CHART_DIGEST_MISMATCH,
          true,
          "chart \""
              + chart.name()
              + "\" "
              + chart.version()
              + " is no longer what it was when it was pinned: it must have content "
              + chart.content()
              + "; it has "
              + again,
          null);
    }
    Digest content = chart.content();
    return library.bytes(content).orElseThrow(() -> ChartLibrary.evicted(content));
  }

  /** Brings the chart in once more and returns its content, which may be another one by now. */
  private Digest again(ResolvedChart chart) throws ChartException {
    ChartPin pin = chart.pin();
    if (pin instanceof ChartPin.Derived derived) {
      CommitId commit = derived.commit();
      return commit == null
          ? splits.again(derived, chart.content())
          : git.part(derived.path(), commit);
    }
    if (pin instanceof ChartPin.InGit in) {
      return git.resolve(in.path(), in.commit()).content();
    }
    ChartRef ref;
    if (pin instanceof ChartPin.InRepository in) {
      ref = new ChartRef.InRepository(in.url(), in.name(), in.version(), in.authSecretRef());
    } else {
      ChartPin.InRegistry in = (ChartPin.InRegistry) pin;
      ref = new ChartRef.InRegistry(in.url(), in.tag().replace('_', '+'), in.authSecretRef());
    }
    RemoteCharts.Found found = remote.find(ref);
    return found.known().pinned(found.pin()).content();
  }

  /** The process id of the render worker; -1 when there is none. */
  long workerPid() {
    return engine.workerPid();
  }

  @Override
  public void close() {
    splits.close();
    if (ownsEngine) {
      engine.close();
    }
  }
}
