// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Values;
import java.time.Duration;
import java.util.List;

/**
 * An install or an upgrade, and what Flux says of it.
 *
 * @param digest of the values
 */
record HelmAction(
    ReleaseSpec spec, boolean install, ChartSources.Found found, Values values, String digest) {

  /** Longer for more objects; the same for the same. */
  static Duration duration(List<Manifest> objects) {
    Duration duration =
        Timings.HELM_ACTION.plus(Timings.HELM_PER_OBJECT.multipliedBy(objects.size()));
    return duration.compareTo(Timings.HELM_ACTION_MOST) > 0 ? Timings.HELM_ACTION_MOST : duration;
  }

  String verb() {
    return install ? "install" : "upgrade";
  }

  /** Such as {@code InstallSucceeded}. */
  String reason(String end) {
    return (install ? "Install" : "Upgrade") + end;
  }

  /** Name and version: {@code web@1.2.3}. */
  String chart() {
    return found.chart().name() + "@" + found.version();
  }

  String succeeded(String version) {
    return "Helm "
        + verb()
        + " succeeded for release "
        + spec.fullName()
        + ".v"
        + version
        + " with chart "
        + chart();
  }

  String failed(String why) {
    return "Helm "
        + verb()
        + " failed for release "
        + spec.fullName()
        + " with chart "
        + chart()
        + ": "
        + why;
  }

  ReleaseStatus.Snapshot snapshot(boolean deployed) {
    return new ReleaseStatus.Snapshot(
        install,
        deployed,
        spec.releaseName(),
        spec.releaseNamespace(),
        found.chart().name(),
        found.version(),
        digest);
  }
}
