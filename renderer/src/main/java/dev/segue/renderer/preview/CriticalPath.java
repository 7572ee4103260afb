// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The releases that wait for each other and take longest together.
 *
 * @param releases in the order in which they are applied or, where nothing is, go; empty when
 *     nothing is done
 * @param longest the most releases that wait for each other, in their order
 * @param usual how long {@code releases} usually take; null when that is not known of all that
 *     change, and they are then those that take longest by their timeouts
 * @param atMost how long {@code releases} take by their timeouts
 */
public record CriticalPath(
    List<ReleaseName> releases,
    List<ReleaseName> longest,
    @Nullable Duration usual,
    Duration atMost) {
  static final CriticalPath NONE = new CriticalPath(List.of(), List.of(), null, Duration.ZERO);

  public CriticalPath {
    releases = List.copyOf(releases);
    longest = List.copyOf(longest);
  }

  static CriticalPath of(Plan plan, Map<ReleaseName, Duration> durations) {
    Set<ReleaseName> timed = plan.timed();
    if (timed.isEmpty()) {
      return NONE;
    }
    boolean known = durations.keySet().containsAll(timed);
    List<ReleaseName> path =
        plan.criticalPath(
            release ->
                known
                    ? durations.getOrDefault(release, Duration.ZERO).toMillis()
                    : plan.timeout(release).toMillis());
    return new CriticalPath(
        path,
        plan.criticalPath(release -> 1),
        known ? sum(path, release -> durations.getOrDefault(release, Duration.ZERO)) : null,
        sum(path, plan::timeout));
  }

  private static Duration sum(
      List<ReleaseName> path, java.util.function.Function<ReleaseName, Duration> duration) {
    return path.stream().map(duration).reduce(Duration.ZERO, Duration::plus);
  }

  /** How long the releases usually take, if that is known. */
  public Optional<Duration> usually() {
    return Optional.ofNullable(usual);
  }

  /** Such as {@code db → web (2 steps, usually 3m20s, at most 10m by their timeouts)}. */
  public String text() {
    if (releases.isEmpty()) {
      return "none";
    }
    return names(releases)
        + " ("
        + releases.size()
        + (releases.size() == 1 ? " step, " : " steps, ")
        + (usual == null ? "" : "usually " + GoDuration.format(usual) + ", ")
        + "at most "
        + GoDuration.format(atMost)
        + " by their timeouts)"
        + (longest.size() > releases.size()
            ? "; the longest chain has " + longest.size() + " steps: " + names(longest)
            : "");
  }

  private static String names(List<ReleaseName> releases) {
    return releases.stream().map(ReleaseName::value).collect(Collectors.joining(" → "));
  }
}
