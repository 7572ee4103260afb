// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.render.ReadManifests;
import dev.segue.renderer.render.UnreadableManifests;
import java.util.List;

/** Tells of rendered manifests that Flux cannot read; see {@link UnreadableManifests}. */
public final class Manifests {
  private Manifests() {}

  /**
   * Returns what is wrong, at most one finding for each manifest.
   *
   * @param application whose chart rendered them
   */
  public static List<Finding> check(
      String group, ReleaseName release, Application application, ReadManifests read) {
    return UnreadableManifests.of(release, application, read).stream()
        .map(
            problem ->
                new Finding(
                    Finding.Severity.ERROR, Check.CHARTS, group, release.value(), "", problem))
        .toList();
  }
}
