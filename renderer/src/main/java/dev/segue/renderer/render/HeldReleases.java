// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HelmReleases while objects change hands. Helm deletes no object that has its {@code keep}: on an
 * upgrade it looks at the live object, on an uninstall at the last manifest; both have it after a
 * pass of Flux with the annotation in {@code commonMetadata}, which reaches no pod.
 */
final class HeldReleases {
  private static final String POLICY = "helm.sh/resource-policy";
  private static final String KEEP = "keep";

  private static final long FLUX_TIMEOUT_SECONDS = 300;

  private final GroupName group;
  private final String namespace;
  private final CommitId commit;

  HeldReleases(GroupName group, String namespace, CommitId commit) {
    this.group = group;
    this.namespace = namespace;
    this.commit = commit;
  }

  /**
   * Returns a release as it is, with its objects kept.
   *
   * @param quiet whether no hook is to run, on its removal neither
   */
  Manifest hold(LiveRelease live, boolean quiet, String token) {
    return kept(asItIs(live, token), quiet);
  }

  /** Returns a release as it is, with its objects no longer kept. */
  Manifest free(LiveRelease live, String token) {
    Manifest release = asItIs(live, token);
    Map<String, @Nullable Object> annotations =
        new LinkedHashMap<>(release.map("spec", "commonMetadata", "annotations"));
    annotations.remove(POLICY);
    annotations.remove(Labels.HELD_BY);
    return forced(
        with(release, List.of("spec", "commonMetadata", "annotations"), annotations), token);
  }

  /** Returns what Helm releases in any case, since Flux may not see that objects are kept. */
  static Manifest forced(Manifest helmRelease, String token) {
    return with(helmRelease, List.of("metadata", "annotations", Labels.FORCE_AT), token);
  }

  /** Returns what is wanted, with its objects kept and no hook run. */
  static Manifest adopting(Manifest helmRelease) {
    return kept(labelled(helmRelease, LiveRelease.HELD), true);
  }

  /** Returns what is wanted, while what it has no longer is on its way to other releases. */
  static Manifest yielding(Manifest helmRelease, DesiredRelease desired) {
    return labelled(helmRelease, LiveRelease.yielded(desired.remaining()));
  }

  private Manifest asItIs(LiveRelease live, String token) {
    Map<String, @Nullable Object> metadata =
        Objects.metadata(
            live.object(),
            namespace,
            Objects.labels(
                group, Labels.RELEASE, live.release().value(), Labels.DIGEST, live.whenHeld()));
    metadata.put(
        "annotations",
        Objects.map(
            Labels.REQUESTED_AT, token, Labels.RESET_AT, token, Labels.COMMIT, commit.hex()));
    Map<String, @Nullable Object> spec = new LinkedHashMap<>(live.spec());
    spec.put("suspend", false);
    return Objects.object("helm.toolkit.fluxcd.io/v2", "HelmRelease", metadata, spec);
  }

  private static Manifest labelled(Manifest helmRelease, String digest) {
    return with(helmRelease, List.of("metadata", "labels", Labels.DIGEST), digest);
  }

  /** What fails is left as it failed: a remedy would go back to what is not kept. */
  private static Manifest kept(Manifest helmRelease, boolean quiet) {
    Manifest kept =
        with(helmRelease, List.of("spec", "commonMetadata", "annotations", POLICY), KEEP);
    String token = helmRelease.annotation(Labels.REQUESTED_AT).orElse("");
    kept = with(kept, List.of("spec", "commonMetadata", "annotations", Labels.HELD_BY), token);
    for (String action : List.of("install", "upgrade", "uninstall")) {
      Map<String, @Nullable Object> settings = new LinkedHashMap<>(kept.map("spec", action));
      settings.remove("remediation");
      settings.remove("strategy");
      if (quiet) {
        settings.put("disableHooks", true);
      }
      if (!settings.isEmpty() || kept.at("spec", action) != null) {
        kept = with(kept, List.of("spec", action), settings);
      }
    }
    return kept;
  }

  private static Manifest with(Manifest manifest, List<String> path, Object value) {
    return new Manifest(with(manifest.fields(), path, value));
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> map, List<String> path, Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(map);
    String key = path.get(0);
    changed.put(
        key,
        path.size() == 1
            ? value
            : with(PlainData.map(map.get(key)), path.subList(1, path.size()), value));
    return changed;
  }

  /** How long a pass over a release as it is may take. */
  static long deadlineSeconds(LiveRelease live) {
    String timeout = PlainData.text(live.spec(), "timeout");
    long seconds = timeout.isEmpty() ? FLUX_TIMEOUT_SECONDS : GoDuration.parse(timeout).toSeconds();
    return seconds + 120;
  }
}
