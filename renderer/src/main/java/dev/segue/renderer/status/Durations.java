// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** How long the steps of releases took, by the attempts of the past. Unchanging once made. */
public final class Durations {
  /** How many of the last ones count. */
  public static final int LAST = 5;

  private static final String INSTALL = "install";
  private static final String DELETE = "delete";
  private static final String CHANGE = "upgrade";

  private final Map<ReleaseName, Map<String, List<Duration>>> known = new TreeMap<>();

  private Durations() {}

  /**
   * Returns what those attempts tell.
   *
   * @param attempts newest first
   */
  public static Durations of(List<AttemptRecord> attempts) {
    Durations durations = new Durations();
    for (AttemptRecord attempt : attempts) {
      for (AttemptRecord.Entry entry : attempt.releases()) {
        boolean well = entry.state() == State.RELEASED || entry.state() == State.DELETED;
        between(entry.startedAt(), entry.finishedAt())
            .filter(took -> well)
            .ifPresent(took -> durations.add(entry.release(), kind(entry.action()), took));
      }
    }
    return durations;
  }

  private void add(ReleaseName release, String kind, Duration took) {
    List<Duration> last =
        known
            .computeIfAbsent(release, unused -> new TreeMap<>())
            .computeIfAbsent(kind, unused -> new ArrayList<>());
    if (last.size() < LAST) {
      last.add(took);
    }
  }

  private static String kind(String action) {
    return action.equals(INSTALL) || action.equals(DELETE) ? action : CHANGE;
  }

  private static Optional<Duration> between(String started, String finished) {
    try {
      Duration took = Duration.between(Instant.parse(started), Instant.parse(finished));
      return took.isNegative() ? Optional.empty() : Optional.of(took);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the median of the last ones of that release and action, of two in the middle the
   * longer; of an install those of its upgrades where no install is known, and the other way round.
   */
  public Optional<Duration> of(ReleaseName release, String action) {
    Map<String, List<Duration>> all = known.getOrDefault(release, Map.of());
    String kind = kind(action);
    String instead = kind.equals(INSTALL) ? CHANGE : kind.equals(CHANGE) ? INSTALL : kind;
    return Optional.ofNullable(all.getOrDefault(kind, all.get(instead))).map(Durations::median);
  }

  private static Duration median(List<Duration> durations) {
    List<Duration> sorted = durations.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** The releases of which anything is known; sorted. */
  public Set<ReleaseName> releases() {
    return Collections.unmodifiableSet(known.keySet());
  }
}
