// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.graph.TextPicture.Label;
import dev.segue.renderer.graph.TextPicture.Strokes;
import dev.segue.renderer.model.ReleaseName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextPictureTest {
  private static final int WIDE = 2000;

  private static Optional<String> draw(ReleaseGraph graph, Strokes strokes, int columns) {
    return TextPicture.draw(graph, release -> new Label(release.value(), ""), strokes, columns);
  }

  @Test
  void drawsHardLinesSolidAndSoftOnesDotted() {
    ReleaseGraph graph =
        ReleaseGraph.of(
            List.of(name("db"), name("cache"), name("web")),
            List.of(
                new Edge(name("db"), name("web"), false),
                new Edge(name("cache"), name("web"), true)));

    assertThat(draw(graph, Strokes.UNICODE, 80))
        .hasValue(
            """
            cache  db
              └┐ ┌─┘
               ▽ ▼
               web
            """);
    assertThat(draw(graph, Strokes.ASCII, 80).orElseThrow())
        .matches("[\\n -~]*")
        .contains("++ +-+", " : v\n");
  }

  @Test
  void isNotDrawnWhereItDoesNotFit() {
    ReleaseGraph graph = RandomGraph.of(14, 3, 7);
    int width =
        draw(graph, Strokes.UNICODE, WIDE)
            .orElseThrow()
            .lines()
            .mapToInt(String::length)
            .max()
            .orElseThrow();

    assertThat(draw(graph, Strokes.UNICODE, width - 2)).isEmpty();
    assertThat(draw(RandomGraph.of(400, 50, 7), Strokes.UNICODE, WIDE)).isEmpty();
  }

  /** Whoever follows the lines with a finger finds the edges, all of them and no other. */
  @Property(tries = 400)
  void canBeReadBack(
      @ForAll @IntRange(min = 1, max = 14) int size,
      @ForAll @IntRange(min = 2, max = 6) int sparse,
      @ForAll long seed) {
    ReleaseGraph graph = RandomGraph.of(size, sparse, seed);
    Optional<String> picture = draw(graph, Strokes.UNICODE, WIDE);

    assertThat(picture).isPresent();
    assertThat(new Finger(picture.get()).edges())
        .as(picture.get())
        .containsExactlyInAnyOrderElementsOf(graph.reduction());
    assertThat(draw(graph, Strokes.UNICODE, WIDE)).isEqualTo(picture);
  }

  private static ReleaseName name(String text) {
    return ReleaseName.parse(text);
  }

  /** Follows the lines of a picture. */
  private static final class Finger {
    private static final String UP = "│┊┘┤└├┴┼▼▽";
    private static final String DOWN = "│┊┐┤┌├┬┼";
    private static final String LEFT = "─┈┘┐┤┴┬┼";
    private static final String RIGHT = "─┈└┌├┴┬┼";
    private static final Pattern NAME = Pattern.compile("r[0-9]+x*");

    private final List<String> lines;
    private final Set<Edge> edges = new HashSet<>();
    private final Set<List<Integer>> seen = new HashSet<>();

    Finger(String picture) {
      lines = picture.lines().toList();
    }

    Set<Edge> edges() {
      for (int row = 0; row < lines.size(); row++) {
        Matcher matcher = NAME.matcher(lines.get(row));
        while (matcher.find()) {
          ReleaseName from = name(matcher.group());
          int reach = Math.max(1, matcher.end() - matcher.start());
          for (int column = matcher.start(); column <= matcher.start() + reach; column++) {
            seen.clear();
            follow(from, row + 1, column, 1, 0);
          }
        }
      }
      return edges;
    }

    private char at(int row, int column) {
      boolean inside = row < lines.size() && column >= 0 && column < lines.get(row).length();
      return inside ? lines.get(row).charAt(column) : ' ';
    }

    private void follow(ReleaseName from, int row, int column, int down, int right) {
      char c = at(row, column);
      String entrance = down > 0 ? UP : right > 0 ? LEFT : RIGHT;
      if (entrance.indexOf(c) < 0) {
        if (right != 0 && "│┊".indexOf(c) >= 0) {
          follow(from, row, column + right, 0, right); // passes below a line
        }
        return;
      }
      if (!seen.add(List.of(row, column))) {
        return;
      }
      if (c == '▼' || c == '▽') {
        edges.add(new Edge(from, arrived(row + 1, column), c == '▽'));
        return;
      }
      if (DOWN.indexOf(c) >= 0) {
        follow(from, row + 1, column, 1, 0);
      }
      if (RIGHT.indexOf(c) >= 0 && right >= 0) {
        follow(from, row, column + 1, 0, 1);
      }
      if (LEFT.indexOf(c) >= 0 && right <= 0) {
        follow(from, row, column - 1, 0, -1);
      }
    }

    /** The name below, or the one whose brackets the column is in. */
    private ReleaseName arrived(int row, int column) {
      Matcher matcher = Pattern.compile("\\[ *r[0-9]+x* *]|r[0-9]+x*").matcher(lines.get(row));
      while (matcher.find()) {
        if (column >= matcher.start() - 1 && column <= matcher.end()) {
          return name(matcher.group().replaceAll("[\\[\\] ]", ""));
        }
      }
      throw new AssertionError("nothing below row " + row + ", column " + column);
    }
  }
}
