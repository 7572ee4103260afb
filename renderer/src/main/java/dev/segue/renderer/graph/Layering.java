// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.graph.Spot.Bus;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * Where the releases of a graph stand in a text picture: in layers, each below everything it waits
 * for, ordered so that few lines cross, as straight below each other as the order lets them.
 */
final class Layering {
  private static final int SWEEPS = 12;
  private static final int SPACE = 2;

  /** Nobody follows more lines and releases than this. */
  private static final int MAX_SPOTS = 150;

  /** Lines that pass stay straight before releases do. */
  private static final int WEIGHT_OF_A_LINE = 8;

  private final List<List<Spot>> layers = new ArrayList<>();

  private Layering() {}

  /**
   * Returns where they stand; empty when they surely take more than {@code columns}, or there are
   * too many lines to follow.
   *
   * @param width of what is drawn for a release
   */
  static Optional<Layering> of(ReleaseGraph graph, ToIntFunction<ReleaseName> width, int columns) {
    Layering layering = new Layering();
    layering.place(graph, width);
    int spots = layering.layers.stream().mapToInt(List::size).sum();
    if (spots > MAX_SPOTS || layering.leastWidth() > columns) {
      return Optional.empty();
    }
    layering.order();
    layering.align();
    return Optional.of(layering);
  }

  /** What they take when they stand as near as they can. */
  private int leastWidth() {
    return layers.stream()
        .mapToInt(layer -> layer.stream().mapToInt(spot -> spot.width() + SPACE).sum() - SPACE)
        .max()
        .orElse(0);
  }

  /** From the top down, each layer from left to right. */
  List<List<Spot>> layers() {
    return layers;
  }

  /** The width of it all. */
  int width() {
    return layers.stream()
        .flatMap(List::stream)
        .mapToInt(spot -> spot.x + spot.after() + 1)
        .max()
        .orElse(0);
  }

  /** Moves this layer and those below it to the right. */
  void shift(int layer) {
    layers.subList(layer, layers.size()).forEach(spots -> spots.forEach(spot -> spot.x++));
  }

  private void place(ReleaseGraph graph, ToIntFunction<ReleaseName> width) {
    Map<ReleaseName, Spot> spots = new LinkedHashMap<>();
    for (List<ReleaseName> level : graph.levels()) {
      List<Spot> layer = new ArrayList<>();
      for (ReleaseName release : level) {
        Spot spot = new Spot(release, layers.size(), width.applyAsInt(release));
        spots.put(release, spot);
        layer.add(spot);
      }
      layers.add(layer);
    }
    Map<Spot, List<Edge>> leaving = new LinkedHashMap<>();
    for (Edge edge : graph.reduction()) {
      Spot from = spots.get(edge.dependency());
      if (from != null) {
        leaving.computeIfAbsent(from, unused -> new ArrayList<>()).add(edge);
      }
    }
    for (Spot spot : spots.values()) {
      List<Edge> edges = leaving.getOrDefault(spot, List.of());
      lead(spot, targets(edges, false, spots), false);
      lead(spot, targets(edges, true, spots), true);
    }
  }

  private static List<Spot> targets(List<Edge> edges, boolean soft, Map<ReleaseName, Spot> spots) {
    List<Spot> targets = new ArrayList<>();
    for (Edge edge : edges) {
      Spot target = spots.get(edge.dependant());
      if (edge.soft() == soft && target != null) {
        targets.add(target);
      }
    }
    return targets;
  }

  /** Leads one line down from {@code from}, past layers, to all of {@code targets}. */
  private void lead(Spot from, List<Spot> targets, boolean soft) {
    int last = targets.stream().mapToInt(target -> target.layer).max().orElse(-1);
    Spot at = from;
    for (int layer = from.layer + 1; layer <= last; layer++) {
      int here = layer;
      Bus bus = new Bus(at, soft);
      targets.stream().filter(target -> target.layer == here).forEach(bus.to::add);
      if (layer < last) {
        at = new Spot(null, layer, 1);
        layers.get(layer).add(at);
        bus.to.add(at);
      }
      bus.from.out.add(bus);
      bus.to.forEach(spot -> spot.in.add(bus));
    }
  }

  /** The usual sweeps: each spot goes to the middle of what it is joined with; the best is kept. */
  private void order() {
    Map<Spot, Integer> index = new HashMap<>();
    remember(index);
    List<List<Spot>> best = copy();
    int fewest = crossings(index);
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 0; i < layers.size(); i++) {
        List<Spot> layer = layers.get(down ? i : layers.size() - 1 - i);
        Map<Spot, Double> middle = new HashMap<>();
        layer.forEach(spot -> middle.put(spot, middle(spot, index, down)));
        layer.sort(Comparator.comparingDouble(spot -> middle.getOrDefault(spot, 0.0)));
        remember(index);
      }
      int now = crossings(index);
      if (now < fewest) {
        fewest = now;
        best = copy();
      }
    }
    layers.clear();
    layers.addAll(best);
  }

  private List<List<Spot>> copy() {
    List<List<Spot>> copy = new ArrayList<>();
    layers.forEach(layer -> copy.add(new ArrayList<>(layer)));
    return copy;
  }

  private void remember(Map<Spot, Integer> index) {
    for (List<Spot> layer : layers) {
      for (int i = 0; i < layer.size(); i++) {
        index.put(layer.get(i), i);
      }
    }
  }

  private static double middle(Spot spot, Map<Spot, Integer> index, boolean down) {
    List<Spot> joined = new ArrayList<>();
    if (down) {
      spot.in.forEach(bus -> joined.add(bus.from));
    } else {
      spot.out.forEach(bus -> joined.addAll(bus.to));
    }
    ToDoubleFunction<Spot> place = other -> index.getOrDefault(other, 0);
    return joined.stream().mapToDouble(place).average().orElse(place.applyAsDouble(spot));
  }

  private int crossings(Map<Spot, Integer> index) {
    int crossings = 0;
    for (List<Spot> layer : layers) {
      List<int[]> lines = new ArrayList<>();
      for (Spot from : layer) {
        for (Bus bus : from.out) {
          for (Spot to : bus.to) {
            lines.add(new int[] {index.getOrDefault(from, 0), index.getOrDefault(to, 0)});
          }
        }
      }
      for (int i = 0; i < lines.size(); i++) {
        for (int[] other : lines.subList(i + 1, lines.size())) {
          int[] line = lines.get(i);
          crossings += (line[0] - other[0]) * (line[1] - other[1]) < 0 ? 1 : 0;
        }
      }
    }
    return crossings;
  }

  private void align() {
    for (List<Spot> layer : layers) {
      settle(layer, spot -> 0);
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 0; i < layers.size(); i++) {
        settle(layers.get(down ? i : layers.size() - 1 - i), spot -> wanted(spot, down));
      }
    }
    int left =
        layers.stream()
            .flatMap(List::stream)
            .mapToInt(spot -> spot.x - spot.before())
            .min()
            .orElse(0);
    layers.forEach(layer -> layer.forEach(spot -> spot.x -= left));
  }

  /** Where a spot would stand if there were no others. */
  private static double wanted(Spot spot, boolean down) {
    List<Integer> columns = new ArrayList<>();
    if (down) {
      spot.in.forEach(bus -> columns.add(bus.column()));
    } else {
      spot.out.forEach(bus -> columns.addAll(bus.ports()));
    }
    return columns.stream().mapToInt(Integer::intValue).average().orElse(spot.x);
  }

  /**
   * Puts the spots of a layer as near as they can to where they want to be, in their order and
   * apart: blocks of neighbours that would overlap stand at the middle of their wishes.
   */
  private static void settle(List<Spot> layer, ToDoubleFunction<Spot> wish) {
    List<double[]> blocks = new ArrayList<>(); // wish, weight, how many
    int[] offsets = new int[layer.size()];
    for (int i = 0; i < layer.size(); i++) {
      Spot spot = layer.get(i);
      if (i > 0) {
        Spot left = layer.get(i - 1);
        offsets[i] = offsets[i - 1] + left.after() + spot.before() + 1 + SPACE;
      }
      double weight = spot.release == null ? WEIGHT_OF_A_LINE : 1;
      double[] block = {wish.applyAsDouble(spot) - offsets[i], weight, 1};
      while (!blocks.isEmpty() && blocks.get(blocks.size() - 1)[0] > block[0]) {
        double[] before = blocks.remove(blocks.size() - 1);
        double sum = before[1] + block[1];
        double middle = (before[0] * before[1] + block[0] * block[1]) / sum;
        block = new double[] {middle, sum, before[2] + block[2]};
      }
      blocks.add(block);
    }
    int i = 0;
    for (double[] block : blocks) {
      for (int n = 0; n < block[2]; n++) {
        layer.get(i).x = (int) Math.floor(block[0] + 0.5) + offsets[i];
        i++;
      }
    }
  }
}
