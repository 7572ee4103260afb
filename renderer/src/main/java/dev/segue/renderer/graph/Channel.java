// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.graph.Spot.Bus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows between two layers: which line turns aside in which of them. */
final class Channel {
  private Channel() {}

  /**
   * Gives every line that does not go straight down a row, so that none lies on another. Returns
   * how many rows there are; -1 when lines would have to pass each other in the same column.
   */
  static int route(List<Spot> upper) {
    List<Bus> open = new ArrayList<>();
    for (Spot spot : upper) {
      for (Bus bus : spot.out) {
        bus.track = -1;
        if (!bus.straight()) {
          open.add(bus);
        }
      }
    }
    open.sort(Comparator.comparingInt(Bus::left).thenComparingInt(Bus::right));
    Map<Bus, Set<Bus>> above = above(open);
    int rows = 0;
    while (!open.isEmpty()) {
      List<Bus> row = new ArrayList<>();
      int end = Integer.MIN_VALUE;
      for (Bus bus : open) {
        boolean free = above.getOrDefault(bus, Set.of()).stream().noneMatch(open::contains);
        if (free && bus.left() > end) {
          row.add(bus);
          end = bus.right() + 1;
        }
      }
      if (row.isEmpty()) {
        return -1;
      }
      for (Bus bus : row) {
        bus.track = rows;
      }
      open.removeAll(row);
      rows++;
    }
    return rows;
  }

  /**
   * A line that leaves in the column in which another one arrives must turn aside above that one.
   */
  private static Map<Bus, Set<Bus>> above(List<Bus> buses) {
    Map<Integer, Bus> leaving = new HashMap<>();
    buses.forEach(bus -> leaving.put(bus.column(), bus));
    Map<Bus, Set<Bus>> above = new HashMap<>();
    for (Bus bus : buses) {
      for (int port : bus.ports()) {
        Bus other = leaving.get(port);
        if (other != null && other != bus) {
          above.computeIfAbsent(bus, unused -> new HashSet<>()).add(other);
        }
      }
    }
    return above;
  }
}
