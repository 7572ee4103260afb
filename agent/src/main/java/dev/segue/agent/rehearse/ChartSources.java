// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a HelmRelease's chart through the Flux sources of the store. */
final class ChartSources {
  static final String GROUP = "source.toolkit.fluxcd.io";
  private static final CommitId NO_COMMIT = new CommitId("0".repeat(40));

  private final ObjectStore store;
  private final ChartStore charts;

  ChartSources(ObjectStore store, ChartStore charts) {
    this.store = store;
    this.charts = charts;
  }

  /**
   * A chart with the version that Flux gives it: the source's revision is appended where Flux
   * appends it.
   */
  record Found(ResolvedChart chart, String version) {}

  /** A source is not there, not ready, or has no such chart; reason and message as Flux's. */
  static final class NotReadyException extends Exception {
    private final String reason;

    NotReadyException(String reason, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }

    @Override
    public String getMessage() {
      String message = super.getMessage();
      return message == null ? "" : message;
    }
  }

  Found find(Manifest release, String namespace) throws NotReadyException {
    try {
      return release.map("spec", "chartRef").isEmpty()
          ? byTemplate(release, namespace)
          : byReference(release, namespace);
    } catch (ChartException | IllegalArgumentException e) {
      throw new NotReadyException(
          "SourceNotReady",
          "HelmChart '"
              + namespace
              + "/"
              + namespace
              + "-"
              + release.name()
              + "' is not ready: "
              + e.getMessage(),
          e);
    }
  }

  private Found byTemplate(Manifest release, String namespace)
      throws NotReadyException, ChartException {
    if (release.at("spec", "chart", "spec", "valuesFiles") != null) {
      throw new IllegalArgumentException("the embedded cluster does not support `valuesFiles`");
    }
    String name = release.text("spec", "chart", "spec", "chart").orElse("");
    String version = release.text("spec", "chart", "spec", "version").orElse("*");
    String kind = release.text("spec", "chart", "spec", "sourceRef", "kind").orElse("");
    Manifest source =
        source(
            kind,
            release.text("spec", "chart", "spec", "sourceRef", "namespace").orElse(namespace),
            release.text("spec", "chart", "spec", "sourceRef", "name").orElse(""));
    if (kind.equals("GitRepository")) {
      CommitId commit = CommitId.parse(source.text("spec", "ref", "commit").orElse(""));
      ResolvedChart chart = charts.resolve(new ChartRef.InGit(RepoPath.parse(name)), commit);
      boolean byRevision =
          release
              .text("spec", "chart", "spec", "reconcileStrategy")
              .filter("Revision"::equals)
              .isPresent();
      return new Found(
          chart, byRevision ? withMetadata(chart.version(), commit.shortHex()) : chart.version());
    }
    if (kind.equals("HelmRepository")) {
      URI url = URI.create(source.text("spec", "url").orElse("").replaceAll("/+$", ""));
      @Nullable String secret = source.text("spec", "secretRef", "name").orElse(null);
      ChartRef ref =
          "oci".equals(url.getScheme())
              ? new ChartRef.InRegistry(URI.create(url + "/" + name), version, secret)
              : new ChartRef.InRepository(url, name, version, secret);
      ResolvedChart chart = charts.resolve(ref, NO_COMMIT);
      return new Found(chart, chart.version());
    }
    throw new IllegalArgumentException(
        "the embedded cluster does not support a source of kind \"" + kind + "\"");
  }

  private Found byReference(Manifest release, String namespace)
      throws NotReadyException, ChartException {
    String kind = release.text("spec", "chartRef", "kind").orElse("");
    if (!kind.equals("OCIRepository")) {
      throw new IllegalArgumentException(
          "the embedded cluster does not support a `chartRef` of kind \"" + kind + "\"");
    }
    Manifest source =
        source(
            kind,
            release.text("spec", "chartRef", "namespace").orElse(namespace),
            release.text("spec", "chartRef", "name").orElse(""));
    URI url = URI.create(source.text("spec", "url").orElse(""));
    Optional<String> digest = source.text("spec", "ref", "digest");
    String version =
        source
            .text("spec", "ref", "semver")
            .or(() -> source.text("spec", "ref", "tag"))
            .orElse("*");
    @Nullable String secret = source.text("spec", "secretRef", "name").orElse(null);
    ResolvedChart chart = charts.resolve(new ChartRef.InRegistry(url, version, secret), NO_COMMIT);
    if (!(chart.pin() instanceof ChartPin.InRegistry pin)) {
      throw new IllegalArgumentException("\"" + url + "\" is no chart of a registry");
    }
    if (digest.isPresent() && !pin.manifest().toString().equals(digest.get())) {
      throw new IllegalArgumentException(
          "\"" + url + "\" has digest " + pin.manifest() + ", not " + digest.get());
    }
    return new Found(chart, withMetadata(chart.version(), pin.manifest().prefix(12)));
  }

  private Manifest source(String kind, String namespace, String name) throws NotReadyException {
    return store
        .get(new ObjectKey(GROUP, kind, namespace, name))
        .orElseThrow(
            () ->
                new NotReadyException(
                    "SourceNotReady", kind + " '" + namespace + "/" + name + "' not found", null));
  }

  private static String withMetadata(String version, String metadata) {
    int plus = version.indexOf('+');
    return (plus < 0 ? version : version.substring(0, plus)) + "+" + metadata;
  }
}
