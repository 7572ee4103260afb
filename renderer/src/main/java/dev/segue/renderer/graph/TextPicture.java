// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import dev.segue.renderer.graph.Spot.Bus;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A graph drawn with letters: layer below layer, what waits below what it waits for, hard lines
 * solid and soft ones dotted. A line may fork, and cross another; two lines never join, so each can
 * be followed. Implied edges are left out.
 */
public final class TextPicture {
  private static final int TRIES = 4;

  private final Layering layering;
  private final Strokes strokes;
  private final Function<ReleaseName, Label> labels;
  private final List<StringBuilder> lines = new ArrayList<>();

  private TextPicture(Layering layering, Strokes strokes, Function<ReleaseName, Label> labels) {
    this.layering = layering;
    this.strokes = strokes;
    this.labels = labels;
  }

  /**
   * What is drawn for a release.
   *
   * @param text in letters of one column each
   * @param colour the number of an ANSI colour; "" for none
   */
  public record Label(String text, String colour) {}

  /**
   * The letters that lines are made of.
   *
   * @param junctions by where they lead: 1 up, 2 down, 4 left, 8 right, added
   */
  public record Strokes(
      String junctions, char softVertical, char softHorizontal, char hardHead, char softHead) {
    public static final Strokes UNICODE = new Strokes("   │ ┘┐┤ └┌├─┴┬┼", '┊', '┈', '▼', '▽');
    public static final Strokes ASCII = new Strokes("   | +++ +++-+++", ':', '.', 'v', ':');

    private char of(int ways, boolean soft) {
      if (soft && ways == UP + DOWN) {
        return softVertical;
      }
      return soft && ways == LEFT + RIGHT ? softHorizontal : junctions.charAt(ways);
    }
  }

  private static final int UP = 1;
  private static final int DOWN = 2;
  private static final int LEFT = 4;
  private static final int RIGHT = 8;

  /**
   * Returns the picture, its lines ended with a line break; empty when it would be wider than
   * {@code columns} or too tangled to be followed.
   */
  public static Optional<String> draw(
      ReleaseGraph graph, Function<ReleaseName, Label> labels, Strokes strokes, int columns) {
    Optional<Layering> placed =
        Layering.of(graph, release -> labels.apply(release).text().length(), columns);
    if (placed.isEmpty()) {
      return Optional.empty();
    }
    Layering layering = placed.get();
    TextPicture picture = new TextPicture(layering, strokes, labels);
    return picture.draw() && layering.width() <= columns
        ? Optional.of(picture.text())
        : Optional.empty();
  }

  private boolean draw() {
    for (int layer = 0; layer < layering.layers().size(); layer++) {
      List<Spot> spots = layering.layers().get(layer);
      int rows = Channel.route(spots);
      for (int i = 0; rows < 0 && i < TRIES; i++) {
        layering.shift(layer + 1);
        rows = Channel.route(spots);
      }
      if (rows < 0) {
        return false;
      }
      lines.add(names(spots));
      if (layer + 1 < layering.layers().size()) {
        for (int row = 0; row < rows; row++) {
          lines.add(row(spots, row));
        }
        lines.add(heads(spots));
      }
    }
    return true;
  }

  private StringBuilder names(List<Spot> spots) {
    StringBuilder line = new StringBuilder();
    int column = 0;
    for (Spot spot : spots) {
      ReleaseName release = spot.release;
      Label label =
          release == null
              ? new Label(String.valueOf(strokes.of(UP + DOWN, spot.in.get(0).soft)), "")
              : labels.apply(release);
      if (spot.width() > label.text().length() + 2) {
        label = stretched(label, spot.width());
      }
      int left = spot.x - (label.text().length() - 1) / 2;
      line.append(" ".repeat(Math.max(0, left - column)));
      line.append(painted(label));
      column = left + label.text().length();
    }
    return line;
  }

  /** So that it is seen which of the lines above arrive there. */
  private static Label stretched(Label label, int width) {
    int room = width - 2 - label.text().length();
    String before = " ".repeat(room / 2);
    String after = " ".repeat(room - room / 2);
    return new Label("[" + before + label.text() + after + "]", label.colour());
  }

  private static String painted(Label label) {
    return label.colour().isEmpty()
        ? label.text()
        : "\u001b[" + label.colour() + "m" + label.text() + "\u001b[0m";
  }

  private StringBuilder row(List<Spot> spots, int row) {
    char[] line = " ".repeat(layering.width()).toCharArray();
    List<Bus> buses = spots.stream().flatMap(spot -> spot.out.stream()).toList();
    for (Bus bus : buses) {
      if (bus.track == row) {
        for (int column = bus.left(); column <= bus.right(); column++) {
          line[column] = strokes.of(ways(bus, column), bus.soft);
        }
      }
    }
    for (Bus bus : buses) { // what goes down lies over what goes across
      if (bus.track < 0 || bus.track > row) {
        line[bus.column()] = strokes.of(UP + DOWN, bus.soft);
      }
      if (bus.track >= 0 && bus.track < row) {
        bus.ports().forEach(port -> line[port] = strokes.of(UP + DOWN, bus.soft));
      }
    }
    return new StringBuilder(String.valueOf(line));
  }

  /** Where the line leads to from this column of its row. */
  private static int ways(Bus bus, int column) {
    return (bus.column() == column ? UP : 0)
        + (bus.ports().contains(column) ? DOWN : 0)
        + (column > bus.left() ? LEFT : 0)
        + (column < bus.right() ? RIGHT : 0);
  }

  private StringBuilder heads(List<Spot> spots) {
    char[] line = " ".repeat(layering.width()).toCharArray();
    for (Spot spot : spots) {
      for (Bus bus : spot.out) {
        for (Spot to : bus.to) {
          char head = bus.soft ? strokes.softHead() : strokes.hardHead();
          line[to.ports().getOrDefault(bus, to.x)] =
              to.release == null ? strokes.of(UP + DOWN, bus.soft) : head;
        }
      }
    }
    return new StringBuilder(String.valueOf(line));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.toString().stripTrailing()).append('\n'));
    return text.toString();
  }
}
