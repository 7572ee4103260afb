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
import dev.segue.renderer.model.SemanticVersion;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a HelmRelease's chart through the Flux sources of the store. */
final class ChartSources {
  static final String GROUP = "source.toolkit.fluxcd.io";
  static final String CHART = "HelmChart";

  private final ObjectStore store;
  private final ChartStore charts;
  private final Map<ObjectKey, Found> artifacts = new HashMap<>();

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

  /** Returns the chart of a release. */
  Found find(Manifest release, String namespace) throws NotReadyException {
    String kind = release.text("spec", "chartRef", "kind").orElse("");
    String name = release.text("spec", "chartRef", "name").orElse(namespace + "-" + release.name());
    String where = release.text("spec", "chartRef", "namespace").orElse(namespace);
    if (kind.equals(CHART)) {
      return kept(new ObjectKey(GROUP, CHART, where, name));
    }
    try {
      return release.map("spec", "chartRef").isEmpty()
          ? build(release.map("spec", "chart", "spec"), namespace)
          : fromRegistry(kind, where, name);
    } catch (ChartException | IllegalArgumentException e) {
      throw new NotReadyException("SourceNotReady", notReady(where, name, e.getMessage()), e);
    }
  }

  /**
   * Makes a HelmChart's chart and keeps it, as source-controller keeps an artifact: for as long as
   * the object is there, whatever becomes of its source.
   */
  Found keep(ObjectKey key, Manifest helmChart) throws NotReadyException, ChartException {
    Found found = build(helmChart.map("spec"), key.namespace());
    artifacts.put(key, found);
    return found;
  }

  /** Returns the key of the source that a HelmChart is made of. */
  static ObjectKey source(ObjectKey key, Manifest helmChart) {
    return new ObjectKey(
        GROUP,
        helmChart.text("spec", "sourceRef", "kind").orElse(""),
        key.namespace(),
        helmChart.text("spec", "sourceRef", "name").orElse(""));
  }

  /** As a Kubernetes client says it. */
  static String notFound(ObjectKey key) {
    return key.kind() + "." + GROUP + " \"" + key.name() + "\" not found";
  }

  /** Forgets what was kept for a HelmChart that is gone. */
  void forget(ObjectKey key) {
    artifacts.remove(key);
  }

  /** As helm-controller looks at a HelmChart: whether it is Ready is not asked. */
  private Found kept(ObjectKey key) throws NotReadyException {
    Manifest chart = store.get(key).orElse(null);
    if (chart == null) {
      throw new NotReadyException(
          "ArtifactFailed", "could not get Source object: " + notFound(key), null);
    }
    Conditions conditions = new Conditions(chart.at("status", "conditions"));
    boolean observed =
        chart.number("metadata", "generation").equals(chart.number("status", "observedGeneration"));
    Optional<String> why = Optional.empty();
    if (!observed) {
      why =
          conditions
              .get(Conditions.READY, "status")
              .filter("False"::equals)
              .flatMap(status -> conditions.get(Conditions.READY, "message"))
              .or(() -> Optional.of("latest generation of object has not been reconciled"));
    } else if (conditions.isTrue(Conditions.STALLED)) {
      why = conditions.get(Conditions.STALLED, "message");
    }
    Found found = artifacts.get(key);
    if (why.isPresent() || found == null) {
      throw new NotReadyException(
          "SourceNotReady",
          notReady(key.namespace(), key.name(), why.orElse("does not have an artifact")),
          null);
    }
    return found;
  }

  /** Makes the chart that a HelmChart's spec, or the template of one, asks for. */
  private Found build(Map<String, @Nullable Object> spec, String namespace)
      throws NotReadyException, ChartException {
    if (spec.get("valuesFiles") != null) {
      throw new IllegalArgumentException("the embedded cluster does not support `valuesFiles`");
    }
    Map<String, @Nullable Object> sourceRef =
        Fields.typed(spec.getOrDefault("sourceRef", Map.of()));
    String name = Fields.text(spec.get("chart"));
    String kind = Fields.text(sourceRef.get("kind"));
    String where = Fields.text(sourceRef.get("namespace"));
    Manifest source =
        source(kind, where.isEmpty() ? namespace : where, Fields.text(sourceRef.get("name")));
    if (kind.equals("GitRepository")) {
      CommitId commit = CommitId.parse(source.text("spec", "ref", "commit").orElse(""));
      ResolvedChart chart = charts.resolve(new ChartRef.InGit(RepoPath.parse(name)), commit);
      boolean byRevision = "Revision".equals(spec.get("reconcileStrategy"));
      return new Found(
          chart, byRevision ? withMetadata(chart.version(), commit.shortHex()) : chart.version());
    }
    if (kind.equals("HelmRepository")) {
      String version = spec.get("version") == null ? "*" : Fields.text(spec.get("version"));
      URI url = URI.create(source.text("spec", "url").orElse("").replaceAll("/+$", ""));
      @Nullable String secret = source.text("spec", "secretRef", "name").orElse(null);
      ChartRef ref =
          "oci".equals(url.getScheme())
              ? new ChartRef.InRegistry(URI.create(url + "/" + name), version, secret)
              : new ChartRef.InRepository(url, name, version, secret);
      ResolvedChart chart = charts.resolve(ref, CommitId.ZERO);
      return new Found(chart, chart.version());
    }
    throw new IllegalArgumentException(
        "the embedded cluster does not support a source of kind \"" + kind + "\"");
  }

  private Found fromRegistry(String kind, String namespace, String name)
      throws NotReadyException, ChartException {
    if (!kind.equals("OCIRepository")) {
      throw new IllegalArgumentException(
          "the embedded cluster does not support a `chartRef` of kind \"" + kind + "\"");
    }
    Manifest source = source(kind, namespace, name);
    URI url = URI.create(source.text("spec", "url").orElse(""));
    Optional<String> digest = source.text("spec", "ref", "digest");
    String version =
        source
            .text("spec", "ref", "semver")
            .or(() -> source.text("spec", "ref", "tag"))
            .orElse("*");
    @Nullable String secret = source.text("spec", "secretRef", "name").orElse(null);
    ResolvedChart chart =
        charts.resolve(new ChartRef.InRegistry(url, version, secret), CommitId.ZERO);
    if (!(chart.pin() instanceof ChartPin.InRegistry pin)) {
      throw new IllegalArgumentException("\"" + url + "\" is no chart of a registry");
    }
    if (digest.isPresent() && !pin.manifest().toString().equals(digest.get())) {
      throw new IllegalArgumentException(
          "\"" + url + "\" has digest " + pin.manifest() + ", not " + digest.get());
    }
    return new Found(chart, withMetadata(chart.version(), pin.manifest().prefix(12)));
  }

  private static String notReady(String namespace, String name, @Nullable String why) {
    return "HelmChart '" + namespace + "/" + name + "' is not ready: " + why;
  }

  private Manifest source(String kind, String namespace, String name) throws NotReadyException {
    return store
        .get(new ObjectKey(GROUP, kind, namespace, name))
        .orElseThrow(
            () ->
                new NotReadyException(
                    "SourceNotReady", kind + " '" + namespace + "/" + name + "' not found", null));
  }

  /** As source-controller writes it: without the {@code v}, with all three numbers. */
  private static String withMetadata(String version, String metadata) {
    return SemanticVersion.parse(version).withMetadata(metadata).toString();
  }
}
