// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.Health;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the agents of all clusters are: as ill as the worst of them, each cluster by its name. */
final class HealthOfAll implements Health {
  private final SortedMap<String, Health> clusters;

  /**
   * @param clusters by name
   */
  HealthOfAll(Map<String, Health> clusters) {
    this.clusters = new TreeMap<>(clusters);
  }

  @Override
  public Optional<String> fault() {
    return those(Health::fault);
  }

  @Override
  public Optional<String> missing() {
    return those(Health::missing);
  }

  @Override
  public String state() {
    return those(health -> Optional.of(health.state())).orElse("ok");
  }

  /** Those of which there is something to tell. */
  private Optional<String> those(Function<Health, Optional<String>> asked) {
    String told =
        clusters.entrySet().stream()
            .flatMap(
                each ->
                    asked.apply(each.getValue()).map(text -> each.getKey() + ": " + text).stream())
            .collect(Collectors.joining("; "));
    return told.isEmpty() ? Optional.empty() : Optional.of(told);
  }
}
