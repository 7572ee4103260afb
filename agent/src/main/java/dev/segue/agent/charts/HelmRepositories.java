// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.VersionRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds versions in HTTP Helm repositories. An index is asked for anew each time, but sent again
 * only when it changed.
 */
final class HelmRepositories {
  private static final String KIND = "index-1";

  private final HttpGet http;
  private final DiskCache cache;

  HelmRepositories(HttpGet http, DiskCache cache) {
    this.http = http;
    this.cache = cache;
  }

  /** The index as it was, and by what the server knows it again. */
  private record Index(String etag, String modified, List<IndexFile.Version> versions) {
    Map<String, String> conditions() {
      if (!etag.isEmpty()) {
        return Map.of("If-None-Match", etag);
      }
      return modified.isEmpty() ? Map.of() : Map.of("If-Modified-Since", modified);
    }
  }

  /** Returns the newest version in the range. */
  RemoteChart find(URI repository, String name, VersionRange range, Access access)
      throws ChartException {
    List<IndexFile.Version> versions =
        index(repository, access).versions().stream()
            .filter(version -> version.chart().equals(name))
            .toList();
    if (versions.isEmpty()) {
      throw new ChartException(
          ProblemCode.CHART_NOT_FOUND,
          false,
          "Helm repository " + Urls.shown(repository) + " has no chart \"" + name + "\"",
          null);
    }
    Optional<String> newest =
        range.newest(versions.stream().map(IndexFile.Version::version).toList());
    if (newest.isEmpty()) {
      throw noVersion(
          "chart \"" + name + "\" of " + Urls.shown(repository),
          range,
          versions.stream().map(IndexFile.Version::version).toList());
    }
    IndexFile.Version chosen =
        versions.stream().filter(v -> v.version().equals(newest.get())).findFirst().orElseThrow();
    String shown = "chart \"" + name + "\" " + chosen.version() + " of " + Urls.shown(repository);
    return new RemoteChart(
        shown,
        chosen.version(),
        digest(chosen.digest(), shown),
        null,
        archive(repository, chosen.url(), shown),
        access,
        Map.of());
  }

  static ChartException noVersion(String chart, VersionRange range, List<String> versions) {
    String newest = VersionRange.parse("*-0").newest(versions).orElse("none");
    return new ChartException(
        ProblemCode.CHART_VERSION_NOT_FOUND,
        false,
        chart + " must have a version in \"" + range + "\"; the newest is " + newest,
        null);
  }

  private static @Nullable Digest digest(String text, String shown) throws ChartException {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ChartException(
          ProblemCode.CHART_DIGEST_MISMATCH,
          false,
          shown + " must have a SHA-256 digest in the index, or none; got \"" + text + "\"",
          e);
    }
  }

  private static URI archive(URI repository, String url, String shown) throws ChartException {
    try {
      URI base = URI.create(repository.toString().replaceFirst("/*$", "/"));
      URI archive = base.resolve(url);
      if (!url.isEmpty()
          && archive.getHost() != null
          && archive.getUserInfo() == null
          && Set.of("http", "https").contains(archive.getScheme())
          && (!"https".equals(repository.getScheme()) || "https".equals(archive.getScheme()))) {
        return archive;
      }
    } catch (IllegalArgumentException e) {
      throw badUrl(shown);
    }
    throw badUrl(shown);
  }

  private static ChartException badUrl(String shown) {
    return new ChartException(
        ProblemCode.CHART_INVALID,
        false,
        shown + " must have an http or https address in the index, and https where the index is",
        null);
  }

  private Index index(URI repository, Access access) throws ChartException {
    URI address = URI.create(repository.toString().replaceFirst("/*$", "") + "/index.yaml");
    // The credentials' name counts: what one may see another may not.
    Digest key = Digest.of(address + "\n" + access.name());
    Optional<Index> known = cache.get(KIND, key).flatMap(HelmRepositories::decode);
    Map<String, String> conditions = known.map(Index::conditions).orElse(Map.of());
    HttpGet.Answer answer = http.get(address, access, conditions, IndexFile.MAX_BYTES);
    if (answer.status() == 304 && known.isPresent()) {
      return known.get();
    }
    if (answer.status() != 200) {
      throw HttpGet.refused(answer);
    }
    try {
      Index index =
          new Index(
              answer.header("ETag"), answer.header("Last-Modified"), IndexFile.read(answer.body()));
      cache.put(KIND, key, encode(index));
      return index;
    } catch (IOException e) {
      throw HttpGet.failed(address, false, "it is no Helm repository: " + e.getMessage());
    }
  }

  private static byte[] encode(Index index) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(index.etag());
      out.writeUTF(index.modified());
      out.writeInt(index.versions().size());
      for (IndexFile.Version version : index.versions()) {
        out.writeUTF(version.chart());
        out.writeUTF(version.version());
        out.writeUTF(version.digest());
        out.writeUTF(version.url());
      }
    }
    return bytes.toByteArray();
  }

  /** Empty when an earlier release wrote it in another form. */
  private static Optional<Index> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String etag = in.readUTF();
      String modified = in.readUTF();
      int count = in.readInt();
      List<IndexFile.Version> versions = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        versions.add(new IndexFile.Version(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF()));
      }
      return Optional.of(new Index(etag, modified, versions));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
