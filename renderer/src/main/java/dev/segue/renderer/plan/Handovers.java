// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.plan;

import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What goes from one Helm release to another: the objects of sub-charts that become releases of
 * their own, and of those that are so no longer. It is the same whether it begins or goes on after
 * an attempt that did not reach its end: what that attempt did is seen in what is live.
 */
final class Handovers {
  private final DesiredGroup desired;
  private final Inventory inventory;
  private final Map<ReleaseName, LiveRelease> live;
  private final Map<ReleaseName, SortedSet<String>> yielded = new TreeMap<>();
  private final Map<ReleaseName, SortedSet<String>> taken = new TreeMap<>();

  Handovers(DesiredGroup desired, Inventory inventory, Map<ReleaseName, LiveRelease> live) {
    this.desired = desired;
    this.inventory = inventory;
    this.live = live;
    for (DesiredRelease release : desired.releases().values()) {
      from(release).ifPresent(part -> add(yielded, part));
    }
    for (DeployedRelease release : inventory.releases().values()) {
      if (release.dissolved() || live.containsKey(release.name())) {
        into(release).flatMap(owner -> release.part()).ifPresent(part -> add(taken, part));
      }
    }
  }

  private static void add(Map<ReleaseName, SortedSet<String>> moves, ChartPin.Derivation part) {
    moves.computeIfAbsent(part.application(), name -> new TreeSet<>()).add(part.subchart());
  }

  /** The sub-charts whose objects leave that release for releases of their own. */
  SortedSet<String> yielded(ReleaseName application) {
    return yielded.getOrDefault(application, new TreeSet<>());
  }

  /** The sub-charts whose objects that release takes over. */
  SortedSet<String> taken(ReleaseName application) {
    return taken.getOrDefault(application, new TreeSet<>());
  }

  /**
   * Whether the objects of a release that is not there are there. A part that its application never
   * had is installed as anything else.
   */
  boolean adopts(DesiredRelease release) {
    boolean loose =
        !live.containsKey(release.name())
            && inventory.find(release.name()).filter(DeployedRelease::dissolved).isPresent();
    return loose || from(release).isPresent();
  }

  /**
   * Returns the part that a release is, where its application's release has its objects now, or may
   * have them.
   */
  private Optional<ChartPin.Derivation> from(DesiredRelease release) {
    return DeployedRelease.part(release.chart().pin())
        .filter(part -> live.containsKey(part.application()))
        .filter(
            part ->
                isUnknown(part.application()) || (!live.containsKey(release.name()) && had(part)));
  }

  private boolean had(ChartPin.Derivation part) {
    return inventory
        .find(part.application())
        .filter(owner -> owner.has(part.subchart()))
        .isPresent();
  }

  /**
   * Whether a release is in a form that no record tells of, and that is not the wanted one; or not
   * surely: what failed to yield is compared with what it was before when it does so again.
   */
  private boolean isUnknown(ReleaseName application) {
    LiveRelease now = live.get(application);
    DesiredRelease wanted = desired.releases().get(application);
    return now != null
        && wanted != null
        && now.isBetween()
        && !(now.digest().equals(LiveRelease.yielded(wanted.remaining()))
            && now.state() == LiveRelease.State.READY);
  }

  /** Returns the release that is to have the objects of a part that is no longer wanted. */
  Optional<ReleaseName> into(DeployedRelease release) {
    if (desired.releases().containsKey(release.name())) {
      return Optional.empty();
    }
    return release
        .part()
        .filter(part -> desired.releases().containsKey(part.application()))
        .filter(
            part ->
                desired
                    .included()
                    .getOrDefault(part.application(), java.util.List.of())
                    .contains(part.subchart()))
        .map(ChartPin.Derivation::application);
  }

  /** Such as {@code sub-charts "details" and "reviews"}. */
  static String named(SortedSet<String> subcharts) {
    String names =
        subcharts.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    int last = names.lastIndexOf(", ");
    return subcharts.size() == 1
        ? "sub-chart " + names
        : "sub-charts " + names.substring(0, last) + " and " + names.substring(last + 2);
  }
}
