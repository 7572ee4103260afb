// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a HelmRelease asks for, with Flux's defaults.
 *
 * @param ownNamespace that of the HelmRelease
 */
record ReleaseSpec(Manifest release, String ownNamespace) {
  private static final Duration RETRY_INTERVAL = Duration.ofMinutes(5);

  String releaseName() {
    return release
        .text("spec", "releaseName")
        .or(() -> release.text("spec", "targetNamespace").map(ns -> ns + "-" + release.name()))
        .orElse(release.name());
  }

  String releaseNamespace() {
    return release.text("spec", "targetNamespace").orElse(ownNamespace);
  }

  String fullName() {
    return releaseNamespace() + "/" + releaseName();
  }

  /** The retries that are granted; without end for -1 and for RetryOnFailure. */
  long retries(boolean install) {
    String action = install ? "install" : "upgrade";
    long retries = release.number("spec", action, "remediation", "retries").orElse(0L);
    return retriesOnFailure(action) || retries < 0 ? Long.MAX_VALUE : retries;
  }

  /** The time between a failure and the retry. */
  Duration retryInterval(String action) {
    return retriesOnFailure(action)
        ? release
            .text("spec", action, "strategy", "retryInterval")
            .flatMap(Timestamps::parse)
            .orElse(RETRY_INTERVAL)
        : Timings.HELM_PREPARATION;
  }

  private boolean retriesOnFailure(String action) {
    return release
        .text("spec", action, "strategy", "name")
        .filter("RetryOnFailure"::equals)
        .isPresent();
  }

  /** Whether a pass compares the release's objects with what was rendered. */
  boolean detectsDrift() {
    return correctsDrift() || driftMode().equals("warn");
  }

  boolean correctsDrift() {
    return driftMode().equals("enabled");
  }

  private String driftMode() {
    return release.text("spec", "driftDetection", "mode").orElse("");
  }

  /**
   * Whether the common metadata are not those that were written last. Flux looks at them only when
   * the spec has changed, and takes for written what it only tried to write (state.go, release.go).
   */
  boolean hasOtherCommonMetadata(ReleaseStatus status) {
    boolean observed =
        status.number("observedGeneration") == release.number("metadata", "generation").orElse(1L);
    return !observed && !commonMetadataDigest().equals(status.text("observedCommonMetadataDigest"));
  }

  /** The digest of the common metadata; "" when there are none. */
  String commonMetadataDigest() {
    Map<String, @Nullable Object> metadata = release.map("spec", "commonMetadata");
    return metadata.isEmpty() ? "" : Digest.of(YamlWriter.write(metadata)).toString();
  }

  Duration timeout(String action) {
    return release
        .text("spec", action, "timeout")
        .or(() -> release.text("spec", "timeout"))
        .flatMap(Timestamps::parse)
        .orElse(Timings.HELM_TIMEOUT);
  }

  /** Returns what is said of the first of {@code dependsOn} that is not ready; empty for none. */
  Optional<String> unreadyDependency(ObjectStore store) {
    for (Map<String, @Nullable Object> dependency : release.maps("spec", "dependsOn")) {
      String namespace = Fields.text(dependency.getOrDefault("namespace", ownNamespace));
      String name = Fields.text(dependency.get("name"));
      ObjectKey key = new ObjectKey(HelmController.GROUP, HelmController.KIND, namespace, name);
      if (store.get(key).filter(ReleaseSpec::isReady).isEmpty()) {
        return Optional.of("dependency '" + namespace + "/" + name + "' is not ready");
      }
    }
    return Optional.empty();
  }

  private static boolean isReady(Manifest release) {
    return release
            .number("metadata", "generation")
            .equals(release.number("status", "observedGeneration"))
        && new Conditions(release.at("status", "conditions")).isTrue(Conditions.READY);
  }
}
