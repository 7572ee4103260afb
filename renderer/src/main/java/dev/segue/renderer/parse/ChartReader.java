// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.VersionRange;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads where a chart comes from: exactly one of a path, an HTTP repository, an OCI registry. */
final class ChartReader {
  private static final String ANY_VERSION = "*";
  private static final Pattern CHART_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern SECRET_NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
  private static final int MAX_SECRET_NAME = 253;

  private final Field field;
  private final FieldReader reader;

  private ChartReader(Field field, FieldReader reader) {
    this.field = field;
    this.reader = reader;
  }

  static Optional<ChartRef> read(Field field) {
    return field.object().flatMap(reader -> new ChartReader(field, reader).read());
  }

  private Optional<ChartRef> read() {
    Optional<Field> path = reader.find("path");
    Optional<Field> url = reader.find("url");
    Optional<Field> name = reader.find("name");
    Optional<Field> version = reader.find("version");
    Optional<Field> secret = reader.find("authSecretRef");
    reader.finish();
    if (path.isPresent() == url.isPresent()) {
      field.report(
          ProblemCode.BAD_CHART,
          path.isPresent()
              ? "must have either `path` or `url`, not both"
              : "must have either `path` or `url`",
          "Write `path: charts/web` for a chart of this repository.");
    }
    if (url.isPresent()) {
      return fromServer(
          url.get(),
          name.flatMap(ChartReader::nameOf),
          name.isPresent(),
          version.isPresent() ? version.flatMap(ChartReader::versionOf) : Optional.of(ANY_VERSION),
          secret.flatMap(ChartReader::secretOf).orElse(null));
    }
    name.ifPresent(ChartReader::reportBesidePath);
    version.ifPresent(ChartReader::reportBesidePath);
    secret.ifPresent(ChartReader::reportBesidePath);
    return path.flatMap(p -> p.parsed(ProblemCode.BAD_CHART, RepoPath::parse))
        .map(ChartRef.InGit::new);
  }

  private static void reportBesidePath(Field field) {
    field.report(
        ProblemCode.BAD_CHART,
        "must not be given with `path`: the chart is that of the same commit",
        "Remove it.");
  }

  private Optional<ChartRef> fromServer(
      Field urlField,
      Optional<String> name,
      boolean hasName,
      Optional<String> version,
      @Nullable String secret) {
    Optional<URI> found = urlOf(urlField);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    URI url = found.get();
    boolean oci = "oci".equals(url.getScheme());
    if (!oci && !hasName) {
      reader.missing("name", "Name the chart in the repository.");
    }
    boolean namedWrongly = hasName && name.isEmpty();
    if (version.isEmpty() || namedWrongly || (!oci && name.isEmpty())) {
      return Optional.empty();
    }
    if (!oci) {
      return name.map(n -> new ChartRef.InRepository(url, n, version.get(), secret));
    }
    URI whole = name.map(n -> URI.create(url + "/" + n)).orElse(url);
    if (whole.getPath().isEmpty()) {
      urlField.report(
          ProblemCode.BAD_CHART,
          "must name the chart in the registry; got " + Findings.quote(url.toString()),
          "Write oci://registry/path/chart.");
      return Optional.empty();
    }
    return Optional.of(new ChartRef.InRegistry(whole, version.get(), secret));
  }

  /** The URL is shown in no problem before it is known to hold no credentials. */
  private static Optional<URI> urlOf(Field field) {
    Optional<String> text = field.text();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().contains("@")) {
      field.report(
          ProblemCode.BAD_CHART,
          "must not hold user information: it would be a secret in Git",
          "Put it in a Secret and name that in `authSecretRef`.");
      return Optional.empty();
    }
    String withoutSlash = text.get().replaceFirst("/+$", "");
    try {
      URI url = new URI(withoutSlash);
      Optional<String> fault = faultOf(url);
      if (fault.isEmpty()) {
        return Optional.of(url);
      }
      field.report(ProblemCode.BAD_CHART, fault.get(), "");
    } catch (URISyntaxException e) {
      field.report(ProblemCode.BAD_CHART, "must be a URL: " + e.getReason(), "");
    }
    return Optional.empty();
  }

  private static Optional<String> faultOf(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme();
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      return Optional.of("must not have a query or fragment: it may be a secret in Git");
    }
    String got = "; got " + Findings.quote(url.toString());
    if (!scheme.equals("https") && !scheme.equals("http") && !scheme.equals("oci")) {
      return Optional.of("must begin with https://, http:// or oci://" + got);
    }
    if (url.getHost() == null) {
      return Optional.of("must have a host" + got);
    }
    String path = url.getPath();
    if (scheme.equals("oci") && path.substring(path.lastIndexOf('/') + 1).contains(":")) {
      return Optional.of("must not have a tag: `version` is the place for it" + got);
    }
    return Optional.empty();
  }

  private static Optional<String> nameOf(Field field) {
    Optional<String> name = field.text();
    if (name.isEmpty() || CHART_NAME.matcher(name.get()).matches()) {
      return name;
    }
    field.report(
        ProblemCode.BAD_CHART,
        "must be a chart's name (letters, digits, `.`, `_` and `-`); got "
            + Findings.quote(name.get()),
        "");
    return Optional.empty();
  }

  private static Optional<String> versionOf(Field field) {
    return field.parsed(ProblemCode.BAD_VERSION, VersionRange::parse).map(VersionRange::toString);
  }

  /** The Secret's name, or Orkestra's reference to it. */
  private static Optional<String> secretOf(Field field) {
    if (!field.isObject()) {
      return secretName(field);
    }
    Optional<FieldReader> reference = field.object();
    Optional<String> name =
        reference.flatMap(r -> r.require("name")).flatMap(ChartReader::secretName);
    reference.ifPresent(
        r -> {
          r.ignore("apiVersion", "fieldPath", "kind", "namespace", "resourceVersion", "uid");
          r.finish();
        });
    return name;
  }

  private static Optional<String> secretName(Field field) {
    Optional<String> name = field.text();
    if (name.isEmpty()
        || (name.get().length() <= MAX_SECRET_NAME && SECRET_NAME.matcher(name.get()).matches())) {
      return name;
    }
    field.report(
        ProblemCode.BAD_NAME,
        "must be the name of a Secret; got " + Findings.quote(name.get()),
        "");
    return Optional.empty();
  }
}
