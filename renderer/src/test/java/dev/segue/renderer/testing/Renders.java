// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.diff.ReleaseObjects;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What Helm makes of releases in the namespace {@code shop}, in few words. */
public final class Renders {
  private Renders() {}

  public static ReleaseObjects objects(String... manifests) {
    return ReleaseObjects.rendered(output(manifests), settings(Map.of()));
  }

  public static HelmOutput output(String... manifests) {
    return new HelmOutput(List.of(manifests), List.of(), List.of(), List.of());
  }

  public static HelmOutput hooks(String... hooks) {
    return new HelmOutput(List.of(), List.of(hooks), List.of(), List.of());
  }

  public static HelmOutput crds(String... crds) {
    return new HelmOutput(List.of(), List.of(), List.of(crds), List.of());
  }

  /** Those of a release whose HelmRelease has these fields too. */
  public static ReleaseSettings settings(Map<String, Object> inlined) {
    return settings(Map.of(), List.of(), inlined);
  }

  public static ReleaseSettings settings(
      Map<String, Object> values, List<String> sensitive, Map<String, Object> inlined) {
    return new ReleaseSettings(
        Namespace.parse("shop"),
        Duration.ofMinutes(5),
        Duration.ofMinutes(5),
        new Values(new java.util.TreeMap<>(values)),
        List.of(),
        sensitive,
        new Values(new java.util.TreeMap<>(inlined)));
  }
}
