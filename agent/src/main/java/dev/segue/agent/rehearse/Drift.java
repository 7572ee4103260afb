// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.time.Instant;

/**
 * An object of a release is not as it was rendered, and what Flux says of that (atomic_release.go).
 *
 * @param object such as {@code ConfigMap/shop/web}
 */
record Drift(String object) {
  static Drift of(Manifest object, ReleaseSpec spec) {
    ObjectKey key = ObjectKey.of(object, spec.releaseNamespace());
    String namespace = key.namespace().isEmpty() ? "" : key.namespace() + "/";
    return new Drift(key.kind() + "/" + namespace + key.name());
  }

  void mark(ReleaseSpec spec, ReleaseStatus status, Instant now) {
    String message =
        "Cluster state of release "
            + spec.fullName()
            + ".v"
            + status.latest("version").orElse("1")
            + " has drifted from the desired state:\n"
            + object
            + " changed (0 additions, 1 changes, 0 removals)";
    status.mark(Conditions.DRIFTED, "True", "DriftDetected", message, now);
  }

  /** There is none; says nothing, and leaves what was said, where nobody looks for it. */
  static void none(ReleaseSpec spec, ReleaseStatus status, Instant now) {
    if (spec.detectsDrift()) {
      status.mark(
          Conditions.DRIFTED,
          "False",
          "NoDriftDetected",
          "No drift detected against the cluster state",
          now);
    }
  }

  static String correcting(Duration timeout) {
    return "Running 'correct cluster drift' action with timeout of " + Timestamps.go(timeout);
  }
}
