// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Which of two sources of groups has which: a name is claimed by whoever declares it, and by
 * whoever released it until that is removed. Safe for several threads.
 */
public final class Claims {
  /** Where groups come from. */
  public enum Side {
    GIT,
    OBJECTS;

    private Side other() {
      return this == GIT ? OBJECTS : GIT;
    }
  }

  private final Map<Side, Map<GroupName, String>> places = new EnumMap<>(Side.class);
  private final Map<Side, Consumer<GroupName>> listeners = new EnumMap<>(Side.class);

  /** Has {@code changed} told, on any thread, of groups that the other side took up or gave up. */
  synchronized void listen(Side side, Consumer<GroupName> changed) {
    listeners.put(side, changed);
  }

  /** Says that there is no such side. */
  public void none(Side side) {
    claim(side, Map.of());
  }

  /** Says what a side claims from now on, each group with its place as people know it. */
  void claim(Side side, Map<GroupName, String> all) {
    Set<GroupName> changed = new HashSet<>();
    Optional<Consumer<GroupName>> listener;
    synchronized (this) {
      if (!places.containsKey(side)) { // the other side waits for it with all that it has
        changed.addAll(places.getOrDefault(side.other(), Map.of()).keySet());
      }
      Map<GroupName, String> before = places.getOrDefault(side, Map.of());
      places.put(side, new TreeMap<>(all));
      before.keySet().stream().filter(group -> !all.containsKey(group)).forEach(changed::add);
      all.keySet().stream().filter(group -> !before.containsKey(group)).forEach(changed::add);
      listener = Optional.ofNullable(listeners.get(side.other()));
    }
    listener.ifPresent(changed::forEach);
  }

  /** Says that a side has no more to do with a group. */
  void giveUp(Side side, GroupName group) {
    Optional<Consumer<GroupName>> listener = Optional.empty();
    synchronized (this) {
      Map<GroupName, String> all = places.get(side);
      if (all != null && all.remove(group) != null) {
        listener = Optional.ofNullable(listeners.get(side.other()));
      }
    }
    listener.ifPresent(tell -> tell.accept(group));
  }

  /** Where the other side has the group; empty when it does not have it. */
  synchronized Optional<String> elsewhere(Side side, GroupName group) {
    return Optional.ofNullable(places.getOrDefault(side.other(), Map.of()).get(group));
  }

  /** Whether both sides have said what they claim: before, nobody knows whose a group is. */
  synchronized boolean complete() {
    return places.size() == Side.values().length;
  }
}
