// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in a layer of a text picture: a release, or a line that passes on its way down. */
final class Spot {
  /** Null for a line that passes. */
  final @Nullable ReleaseName release;

  final int layer;
  final List<Bus> in = new ArrayList<>();
  final List<Bus> out = new ArrayList<>();

  /** The width of what is drawn there. */
  private final int drawn;

  /** The column of its middle. */
  int x;

  Spot(@Nullable ReleaseName release, int layer, int drawn) {
    this.release = release;
    this.layer = layer;
    this.drawn = drawn;
  }

  /**
   * All lines of one kind that leave a spot: they are one line that forks, and no other line ever
   * joins it.
   */
  static final class Bus {
    final Spot from;
    final boolean soft;
    final List<Spot> to = new ArrayList<>();

    /** The row of its horizontal part; -1 when it goes straight down. */
    int track = -1;

    Bus(Spot from, boolean soft) {
      this.from = from;
      this.soft = soft;
    }

    /** The column in which it leaves. */
    int column() {
      return from.out.indexOf(this) + from.x;
    }

    /** The columns in which it arrives. */
    List<Integer> ports() {
      return to.stream().map(spot -> spot.ports().get(this)).toList();
    }

    int left() {
      return Math.min(column(), ports().stream().mapToInt(Integer::intValue).min().orElse(0));
    }

    int right() {
      return Math.max(column(), ports().stream().mapToInt(Integer::intValue).max().orElse(0));
    }

    boolean straight() {
      return left() == right();
    }
  }

  /** The columns in which lines arrive, one for each, in the order in which they come. */
  Map<Bus, Integer> ports() {
    Map<Bus, Integer> ports = new HashMap<>();
    int column = x - (in.size() - 1);
    for (Bus bus : in.stream().sorted(Comparator.comparingInt(Bus::column)).toList()) {
      ports.put(bus, column);
      column += 2;
    }
    return ports;
  }

  int width() {
    return Math.max(Math.max(drawn, 2 * in.size() - 1), out.size() > 1 ? 2 : 1);
  }

  /** The columns that it takes before its middle. */
  int before() {
    return (width() - 1) / 2;
  }

  /** The columns that it takes after its middle. */
  int after() {
    return width() - 1 - before();
  }
}
