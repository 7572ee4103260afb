// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A product: applications that go out together, in order. Valid in itself: names are unique,
 * dependencies exist and have no cycle.
 *
 * @param namespace where its Flux and Argo objects live; null for the agent's default
 * @param origin where it is declared
 * @param interval how often it is compared with the cluster although nothing moved; null for the
 *     agent's default
 * @param parallelism the most releases at a time; 0 for no limit
 * @param lifecycle how it is handled over time
 * @param applications in the file's order
 */
public record ApplicationGroup(
    GroupName name,
    @Nullable Namespace namespace,
    Origin origin,
    @Nullable Duration interval,
    int parallelism,
    Lifecycle lifecycle,
    List<Application> applications) {
  public ApplicationGroup {
    applications = List.copyOf(applications);
  }

  /** Returns this group as that file would declare it, on the same lines. */
  public ApplicationGroup declaredIn(RepoPath file) {
    return new ApplicationGroup(
        name,
        namespace,
        origin.in(file),
        interval,
        parallelism,
        lifecycle,
        applications.stream().map(application -> application.declaredIn(file)).toList());
  }
}
