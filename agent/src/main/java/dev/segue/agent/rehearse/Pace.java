// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.Durations;
import java.time.Duration;

/** How fast releases are in a rehearsal. */
final class Pace {
  /** What a step is taken to last of which nothing is known. */
  static final Duration OTHERWISE = Duration.ofSeconds(30);

  private Pace() {}

  /** Has the releases of a cluster take as long as they took before. */
  static void set(HelmController helm, Durations durations) {
    helm.lastsOtherwise(Timings.actionOfStep(OTHERWISE));
    for (ReleaseName release : durations.releases()) {
      durations
          .of(release, "install")
          .ifPresent(d -> helm.lasts(release.value(), "install", Timings.actionOfStep(d)));
      durations
          .of(release, "upgrade")
          .ifPresent(d -> helm.lasts(release.value(), "upgrade", Timings.actionOfStep(d)));
      durations
          .of(release, "delete")
          .ifPresent(d -> helm.lasts(release.value(), "uninstall", Timings.uninstallOfStep(d)));
    }
  }
}
