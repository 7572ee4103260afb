// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.SemanticVersion;
import dev.segue.renderer.model.VersionRange;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds versions of charts in OCI registries, by the distribution API. */
final class OciRegistries {
  static final String CHART_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final long MAX_JSON_BYTES = 2L * 1024 * 1024;
  private static final int MAX_PAGES = 100;
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");

  private final HttpGet http;
  private final boolean plainHttpAllowed;

  OciRegistries(HttpGet http, boolean plainHttpAllowed) {
    this.http = http;
    this.plainHttpAllowed = plainHttpAllowed;
  }

  /** The http or https address of the registry's API; plain http on this machine only. */
  URI server(URI chart) {
    String scheme = Access.isLocal(chart) || plainHttpAllowed ? "http" : "https";
    return URI.create(scheme + "://" + chart.getRawAuthority());
  }

  /** Returns the newest version in the range. A tag has `_` where a version has `+`. */
  RemoteChart find(URI chart, VersionRange range, Access access) throws ChartException {
    String path = chart.getRawPath().replaceAll("^/+|/+$", "");
    if (path.isEmpty()) {
      throw new ChartException(
          ProblemCode.CHART_NOT_FOUND, false, Urls.shown(chart) + " must name a chart", null);
    }
    String api = server(chart) + "/v2/" + path;
    RegistryLogin login = new RegistryLogin(http, access, path);
    String tag = tag(chart, api, range, login);
    HttpGet.Answer manifest =
        login.get(URI.create(api + "/manifests/" + tag), MANIFEST, MAX_JSON_BYTES);
    if (manifest.status() == 404) {
      throw new ChartException(
          ProblemCode.CHART_VERSION_NOT_FOUND,
          false,
          "chart " + Urls.shown(chart) + " must have a version \"" + range + "\"; it has none",
          null);
    }
    if (manifest.status() != 200) {
      throw HttpGet.refused(manifest);
    }
    String shown = "chart " + Urls.shown(chart) + " " + tag.replace('_', '+');
    Digest layer = layer(manifest.body(), shown);
    return new RemoteChart(
        shown,
        tag,
        layer,
        Digest.of(manifest.body()),
        URI.create(api + "/blobs/" + layer),
        access,
        login.headers());
  }

  private String tag(URI chart, String api, VersionRange range, RegistryLogin login)
      throws ChartException {
    if (isExact(range.toString())) {
      return range.toString().replace('+', '_');
    }
    List<String> versions = new ArrayList<>();
    URI page = URI.create(api + "/tags/list?n=1000");
    for (int pages = 0; page != null && pages < MAX_PAGES; pages++) {
      HttpGet.Answer answer = login.get(page, "application/json", MAX_JSON_BYTES);
      if (answer.status() != 200) {
        throw HttpGet.refused(answer);
      }
      if (json(answer.body()) instanceof YamlNode.Mapping root
          && root.get("tags") instanceof YamlNode.Sequence tags) {
        for (YamlNode item : tags.items()) {
          versions.add(item instanceof YamlNode.Scalar s ? s.text().replace('_', '+') : "");
        }
      }
      page = next(page, answer.header("Link"), login);
    }
    return range
        .newest(versions)
        .orElseThrow(
            () -> HelmRepositories.noVersion("chart " + Urls.shown(chart), range, versions))
        .replace('+', '_');
  }

  /** A tag need not be a range: only what Helm takes for exact is one without asking. */
  private static boolean isExact(String range) {
    return range.matches("v?[0-9]+\\.[0-9]+\\.[0-9]+([-+].*)?")
        && SemanticVersion.find(range).isPresent();
  }

  private static @Nullable URI next(URI page, String link, RegistryLogin login) {
    Matcher matcher = NEXT.matcher(link);
    if (!matcher.find()) {
      return null;
    }
    try {
      URI next = page.resolve(matcher.group(1));
      return login.covers(next) ? next : null;
    } catch (IllegalArgumentException e) {
      return null; // no address: the list ends here
    }
  }

  private static Digest layer(byte[] manifest, String shown) throws ChartException {
    if (json(manifest) instanceof YamlNode.Mapping root
        && root.get("layers") instanceof YamlNode.Sequence layers) {
      for (YamlNode item : layers.items()) {
        if (item instanceof YamlNode.Mapping layer
            && text(layer, "mediaType").equals(Optional.of(CHART_LAYER))) {
          try {
            return Digest.parse(text(layer, "digest").orElse(""));
          } catch (IllegalArgumentException e) {
            break; // no digest that we can check is as good as no layer
          }
        }
      }
    }
    throw new ChartException(
        ProblemCode.CHART_INVALID,
        false,
        shown + " must be a Helm chart: its manifest has no layer of type " + CHART_LAYER,
        null);
  }

  /** JSON is YAML. Null when it is not even that. */
  static @Nullable YamlNode json(byte[] body) {
    var documents = YamlReader.read(new String(body, StandardCharsets.UTF_8)).documents();
    return documents.isEmpty() ? null : documents.get(0);
  }

  static Optional<String> text(YamlNode.Mapping mapping, String key) {
    return mapping.get(key) instanceof YamlNode.Scalar scalar && scalar.value() != null
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  /** Headers by which a blob is asked for. */
  static Map<String, String> authorization(@Nullable String value) {
    return value == null ? Map.of() : Map.of("Authorization", value);
  }
}
