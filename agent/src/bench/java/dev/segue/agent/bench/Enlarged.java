// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.Values;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Groups with more values than their file says. */
final class Enlarged {
  private Enlarged() {}

  /** Returns the group with about so many bytes of distinct values in each application. */
  static ApplicationGroup of(ApplicationGroup group, int bytes) {
    List<Application> applications =
        group.applications().stream().map(application -> enlarged(application, bytes)).toList();
    return new ApplicationGroup(
        group.name(),
        group.namespace(),
        group.origin(),
        group.interval(),
        group.parallelism(),
        group.lifecycle(),
        applications);
  }

  private static Application enlarged(Application small, int bytes) {
    Map<String, @Nullable Object> values = new TreeMap<>(small.release().values().tree());
    for (int i = 0; i < bytes / 50; i++) {
      values.put("setting-" + i, "of " + small.name() + ", as it is in every line " + i);
    }
    ReleaseSettings release = small.release();
    return new Application(
        small.name(),
        small.origin(),
        small.dependencies(),
        small.softDependencies(),
        small.chart(),
        new ReleaseSettings(
            release.targetNamespace(),
            release.interval(),
            release.timeout(),
            new Values(values),
            release.valuesFrom(),
            release.sensitive(),
            release.inlined()),
        small.subcharts(),
        small.workflow(),
        small.deletion());
  }
}
