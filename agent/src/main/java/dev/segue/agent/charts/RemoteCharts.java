// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.VersionRange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Charts of Helm repositories and OCI registries. What a reference means is asked anew after a
 * while; an archive whose digest is known is fetched once.
 */
final class RemoteCharts {
  private static final int MAX_REMEMBERED = 10_000;

  private final ChartLibrary library;
  private final CredentialSource credentials;
  private final HttpGet http;
  private final HelmRepositories repositories;
  private final OciRegistries registries;
  private final boolean plainHttpAllowed;
  private final Duration freshness;
  private final Clock clock;
  private final Map<ChartRef, Remembered> remembered = new ConcurrentHashMap<>();

  RemoteCharts(
      ChartLibrary library,
      DiskCache cache,
      CredentialSource credentials,
      HelmChartStore.Settings settings) {
    this.library = library;
    this.credentials = credentials;
    this.http = new HttpGet(settings.downloadDeadline());
    this.plainHttpAllowed = settings.plainHttpAllowed();
    this.repositories = new HelmRepositories(http, cache);
    this.registries = new OciRegistries(http, plainHttpAllowed);
    this.freshness = settings.freshness();
    this.clock = settings.clock();
  }

  /**
   * A chart as it was found.
   *
   * @param archive the digest of its archive
   */
  record Found(ChartPin pin, KnownChart known, Digest archive) {}

  private record Remembered(Instant when, Found found) {}

  /** Returns the newest chart in the reference's range. */
  Found find(ChartRef ref) throws ChartException {
    Remembered before = remembered.get(ref);
    Instant now = clock.instant();
    if (before != null
        && now.isBefore(before.when().plus(freshness))
        && library.bytes(before.found().known().content()).isPresent()) {
      return before.found();
    }
    Found found = ask(ref);
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(ref, new Remembered(now, found));
    return found;
  }

  private Found ask(ChartRef ref) throws ChartException {
    if (ref instanceof ChartRef.InRepository in) {
      Access access = Access.of(in.url(), in.authSecretRef(), credentials, plainHttpAllowed);
      RemoteChart chart = repositories.find(in.url(), in.name(), range(in.version()), access);
      Fetched fetched = fetch(chart);
      ChartPin pin =
          new ChartPin.InRepository(
              in.url(), in.name(), chart.version(), fetched.archive(), in.authSecretRef());
      return new Found(pin, named(fetched, in.name(), chart), fetched.archive());
    }
    if (ref instanceof ChartRef.InRegistry in) {
      Access access =
          Access.of(registries.server(in.url()), in.authSecretRef(), credentials, plainHttpAllowed);
      RemoteChart chart = registries.find(in.url(), range(in.version()), access);
      Fetched fetched = fetch(chart);
      Digest manifest = Objects.requireNonNull(chart.manifest());
      ChartPin pin =
          new ChartPin.InRegistry(in.url(), chart.version(), manifest, in.authSecretRef());
      String path = in.url().getPath();
      String name = path.substring(path.lastIndexOf('/') + 1);
      return new Found(pin, named(fetched, name, chart), fetched.archive());
    }
    throw new IllegalArgumentException("a chart of a commit is not remote: " + ref);
  }

  private static VersionRange range(String version) throws ChartException {
    try {
      return VersionRange.parse(version.isEmpty() ? "*" : version);
    } catch (IllegalArgumentException e) {
      throw new ChartException(
          ProblemCode.CHART_VERSION_NOT_FOUND, false, String.valueOf(e.getMessage()), e);
    }
  }

  private record Fetched(KnownChart known, Digest archive) {}

  private Fetched fetch(RemoteChart chart) throws ChartException {
    if (chart.digest() != null) {
      Optional<KnownChart> known = library.find("archive " + chart.digest());
      if (known.isPresent()) {
        return new Fetched(known.get(), chart.digest());
      }
    }
    byte[] archive =
        http.body(chart.archive(), chart.access(), chart.headers(), ChartArchive.MAX_BYTES);
    Digest digest = Digest.of(archive);
    if (chart.digest() != null && !chart.digest().equals(digest)) {
      throw new ChartException(
          ProblemCode.CHART_DIGEST_MISMATCH,
          true,
          chart.shown() + " must have digest " + chart.digest() + "; its archive has " + digest,
          null);
    }
    Optional<KnownChart> known = library.find("archive " + digest);
    return new Fetched(known.isPresent() ? known.get() : read(archive, digest, chart), digest);
  }

  private KnownChart read(byte[] archive, Digest digest, RemoteChart chart) throws ChartException {
    ChartFiles files = ChartArchive.read(archive, chart.shown());
    ChartMetadata metadata = ChartMetadata.of(files, chart.shown());
    return library.keep(
        "archive " + digest, files, metadata, chart.shown(), List.of(), List.of(), new TreeMap<>());
  }

  private static KnownChart named(Fetched fetched, String name, RemoteChart chart)
      throws ChartException {
    if (!fetched.known().name().equals(name)) {
      throw new ChartException(
          ProblemCode.CHART_INVALID,
          false,
          chart.shown()
              + " must hold the chart \""
              + name
              + "\"; its Chart.yaml says \""
              + fetched.known().name()
              + "\"",
          null);
    }
    return fetched.known();
  }
}
