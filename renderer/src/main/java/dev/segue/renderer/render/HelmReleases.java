// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.model.ValuesReference;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.resolve.DesiredRelease;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HelmReleases (v2) of a group. */
final class HelmReleases {
  private final GroupName group;
  private final String namespace;
  private final CommitId commit;

  HelmReleases(GroupName group, String namespace, CommitId commit) {
    this.group = group;
    this.namespace = namespace;
    this.commit = commit;
  }

  /**
   * Returns the release's object.
   *
   * @param chart the object that gives its chart, in its own namespace
   * @param token what this pass is asked for with; null for the object as people read it
   */
  Manifest helmRelease(
      DesiredRelease release, Manifest chart, ReleaseValues values, @Nullable String token) {
    Map<String, @Nullable Object> metadata =
        Objects.metadata(
            Names.helmRelease(group, release.name()),
            namespace,
            Objects.labels(
                group,
                Labels.RELEASE,
                release.name().value(),
                Labels.DIGEST,
                release.digest().prefix(Planner.LABEL_DIGITS)));
    if (token != null) {
      metadata.put(
          "annotations",
          Objects.map(
              Labels.REQUESTED_AT, token, Labels.RESET_AT, token, Labels.COMMIT, commit.hex()));
    }
    return Objects.object(
        "helm.toolkit.fluxcd.io/v2", "HelmRelease", metadata, spec(release, chart, values));
  }

  private Map<String, @Nullable Object> spec(
      DesiredRelease release, Manifest chart, ReleaseValues values) {
    ReleaseSettings settings = release.settings();
    Map<String, @Nullable Object> spec =
        Objects.map(
            "suspend", false,
            "interval", duration(settings.interval()),
            "timeout", duration(settings.timeout()),
            "releaseName", release.name().value(),
            "targetNamespace", settings.targetNamespace().value(),
            "storageNamespace", settings.targetNamespace().value());
    spec.put("chartRef", Objects.map("kind", chart.kind(), "name", chart.name()));
    Map<String, @Nullable Object> inlined = new LinkedHashMap<>(settings.inlined().tree());
    inlined.put("install", install(settings.inlined()));
    inlined.forEach(spec::put);
    if (!values.references().isEmpty()) {
      spec.put("valuesFrom", values.references().stream().map(HelmReleases::reference).toList());
    }
    if (!values.inline().isEmpty()) {
      spec.put("values", values.inline().tree());
    }
    return spec;
  }

  /** What the file says, and the namespace made unless it says otherwise. */
  private static Map<String, @Nullable Object> install(Values inlined) {
    Map<String, @Nullable Object> install = Objects.map("createNamespace", true);
    if (inlined.tree().get("install") instanceof Map<?, ?> own) {
      own.forEach((key, value) -> install.put((String) key, value));
    }
    return install;
  }

  private static Map<String, @Nullable Object> reference(ValuesReference reference) {
    return Objects.map(
        "kind", reference.kind(),
        "name", reference.name(),
        "valuesKey", reference.valuesKey(),
        "targetPath", reference.targetPath(),
        "optional", reference.optional() ? true : null);
  }

  /** As Go writes durations, in the units that Flux's CRDs take. */
  static String duration(Duration duration) {
    StringBuilder text = new StringBuilder();
    if (duration.toHours() > 0) {
      text.append(duration.toHours()).append('h');
    }
    if (duration.toMinutesPart() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    if (duration.toSecondsPart() > 0 || text.isEmpty()) {
      text.append(duration.toSecondsPart()).append('s');
    }
    return text.toString();
  }

  /**
   * Returns {@code helmRelease} with drift detection that corrects: where Flux is to warn of drift
   * alone it does not mend it, not even when it is forced to release (seen with helm-controller
   * 1.6).
   */
  static Manifest correcting(Manifest helmRelease) {
    Map<String, @Nullable Object> spec = new LinkedHashMap<>(helmRelease.map("spec"));
    Map<String, @Nullable Object> detection =
        new LinkedHashMap<>(helmRelease.map("spec", "driftDetection"));
    detection.put("mode", "enabled");
    spec.put("driftDetection", detection);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(helmRelease.fields());
    fields.put("spec", spec);
    return new Manifest(fields);
  }

  /** The fields that name a HelmRelease, for steps that read or delete it. */
  Map<String, @Nullable Object> identity(String object) {
    return Objects.map(
        "apiVersion", "helm.toolkit.fluxcd.io/v2",
        "kind", "HelmRelease",
        "metadata", Objects.map("name", object, "namespace", namespace));
  }

  /**
   * How long a step may take: every try of Helm and every remediation may take the release's
   * timeout, and fetching the chart and starting the pod take their time.
   */
  static long deadlineSeconds(ReleaseSettings settings) {
    long retries = Math.max(retries(settings, "install"), retries(settings, "upgrade"));
    long operations = retries == 0 ? 1 : 2 * (retries + 1);
    return operations * settings.timeout().toSeconds() + 120;
  }

  /** Endless retries count as none: the deadline must come. */
  private static long retries(ReleaseSettings settings, String action) {
    return settings.inlined().tree().get(action) instanceof Map<?, ?> map
            && map.get("remediation") instanceof Map<?, ?> remediation
            && remediation.get("retries") instanceof Long retries
        ? Math.max(0, Math.min(retries, 100))
        : 0;
  }

  static List<Manifest> sorted(List<Manifest> objects) {
    return objects.stream()
        .sorted(java.util.Comparator.comparing(Manifest::kind).thenComparing(Manifest::name))
        .distinct()
        .toList();
  }
}
