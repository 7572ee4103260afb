// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart.PinnedDependency;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The charts that are on disk: files by the digest of their content, findings by where from. */
final class ChartLibrary {
  private static final String FILES = "chart-1";
  private static final String KNOWN = "known-2";

  private final DiskCache cache;
  private final Renders renders;

  /**
   * @param renders told what is found in templates, to look for it once
   */
  ChartLibrary(DiskCache cache, Renders renders) {
    this.cache = cache;
    this.renders = renders;
  }

  /** Returns what is known of that source, when the chart's files are here too. */
  Optional<KnownChart> find(String source) throws ChartException {
    return cache
        .get(KNOWN, Digest.of(source))
        .flatMap(KnownChart::fromBytes)
        .filter(known -> cache.has(FILES, known.content()));
  }

  /** Keeps a chart that is whole; refuses one that cannot be released. */
  KnownChart keep(
      String source,
      ChartFiles files,
      ChartMetadata metadata,
      String shown,
      List<PinnedDependency> dependencies,
      List<String> notices,
      SortedMap<RepoPath, String> folders)
      throws ChartException {
    for (var file : files.all().entrySet()) {
      if (file.getKey().endsWith("values.schema.json")
          && ChartFiles.text(file.getValue())
              .matches("(?s).*\"\\$ref\"\\s*:\\s*\"\\s*(?i:file:).*")) {
        throw new ChartException(
            ProblemCode.CHART_UNSAFE,
            false,
            shown + "/" + file.getKey() + " must not refer to files of the machine (`file:`)",
            null);
      }
    }
    byte[] bytes = files.toBytes();
    Digest content = Digest.of(bytes);
    cache.put(FILES, content, bytes);
    TemplateScan scan = TemplateScan.of(files);
    renders.scanned(content, scan);
    List<String> all = new ArrayList<>(notices);
    all.addAll(scan.clusterNotices());
    KnownChart known =
        new KnownChart(
            metadata.name(),
            metadata.version(),
            content,
            dependencies,
            all,
            folders,
            metadata.library(),
            Dependencies.missingIn(files, metadata));
    cache.put(KNOWN, Digest.of(source), known.toBytes());
    return known;
  }

  /** Keeps the files of a chart that was made here of one that was kept. */
  void keep(Digest content, byte[] files) throws ChartException {
    if (!has(content)) {
      cache.put(FILES, content, files);
    }
  }

  boolean has(Digest content) {
    return cache.has(FILES, content);
  }

  /** Returns the bytes of a chart's files; empty when they were evicted. */
  Optional<byte[]> bytes(Digest content) throws ChartException {
    return cache.get(FILES, content);
  }

  /** Returns a chart's files; throws CHART_CACHE when they were evicted. */
  ChartFiles files(Digest content) throws ChartException {
    try {
      return ChartFiles.fromBytes(bytes(content).orElseThrow(() -> evicted(content)));
    } catch (IOException e) {
      throw evicted(content);
    }
  }

  static ChartException evicted(Digest content) {
    return new ChartException(
        ProblemCode.CHART_CACHE,
        true,
        "chart "
            + content
            + " was evicted from the chart cache while it was in use. Give the cache more space",
        null);
  }
}
