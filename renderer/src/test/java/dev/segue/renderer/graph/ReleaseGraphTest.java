// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReleaseGraphTest {
  @Test
  void ordersDependenciesFirstAndTiesByName() {
    ReleaseGraph graph = graph("c b a d", "a>b", "a>c");
    assertThat(graph.order()).extracting(ReleaseName::value).containsExactly("a", "b", "c", "d");
    assertThat(graph.levels()).containsExactly(names("a d"), names("b c"));
  }

  @Test
  void keepsAHardEdgeThatOnlyASoftPathWouldReplace() {
    ReleaseGraph graph = graph("a b c", "a>c", "a~b", "b>c");
    assertThat(graph.reduction()).containsExactly(edge("a~b"), edge("a>c"), edge("b>c"));
  }

  @Test
  void leavesOutWhatAPathOfHardEdgesSays() {
    ReleaseGraph graph = graph("a b c", "a>c", "a>b", "b>c");
    assertThat(graph.reduction()).containsExactly(edge("a>b"), edge("b>c"));
  }

  @Test
  void carriesTheOrderAcrossAReleaseThatIsKept() {
    assertThat(graph("a b c", "a>b", "b>c").over(Set.copyOf(names("a c"))).edges())
        .containsExactly(edge("a>c"));
  }

  @Test
  void carriesASoftEdgeSoftly() {
    assertThat(graph("a b c", "a~b", "b>c").over(Set.copyOf(names("a c"))).edges())
        .containsExactly(edge("a~c"));
  }

  @Test
  void prefersTheHardWayAroundAKeptRelease() {
    assertThat(graph("a b c d", "a~b", "b>d", "a>c", "c>d").over(Set.copyOf(names("a d"))).edges())
        .containsExactly(edge("a>d"));
  }

  @Test
  void findsTheLongestPathByWeight() {
    ReleaseGraph graph = graph("a b c d", "a>b", "b>d", "c>d");
    assertThat(graph.criticalPath(release -> 1)).isEqualTo(names("a b d"));
    assertThat(graph.criticalPath(release -> release.value().equals("c") ? 9 : 1))
        .isEqualTo(names("c d"));
  }

  @Test
  void refusesACycle() {
    assertThatThrownBy(() -> graph("a b", "a>b", "b>a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesOutOfARecordedOrderWhatClosesACycleSoftEdgesFirst() {
    assertThat(
            ReleaseGraph.withoutCycles(
                    names("a b c"), List.of(edge("b~a"), edge("a>b"), edge("b>c"), edge("c>a")))
                .edges())
        .containsExactly(edge("c>a"), edge("a>b"));
    assertThat(ReleaseGraph.withoutCycles(names("a"), List.of(edge("a>a"))).edges()).isEmpty();
  }

  /** What the reduced, carried graph says of two chosen releases is what the whole graph says. */
  @Property(tries = 300)
  void orderOverAnyChoiceIsTheOrderOfTheWhole(
      @ForAll @IntRange(min = 1, max = 12) int size, @ForAll long seed) {
    Random random = new Random(seed);
    List<ReleaseName> all =
        IntStream.range(0, size).mapToObj(i -> ReleaseName.parse("r" + i)).toList();
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        if (random.nextInt(3) == 0) {
          edges.add(new Edge(all.get(i), all.get(j), random.nextInt(3) == 0));
        }
      }
    }
    ReleaseGraph whole = ReleaseGraph.of(all, edges);
    Set<ReleaseName> chosen =
        all.stream().filter(name -> random.nextBoolean()).collect(Collectors.toSet());
    ReleaseGraph part = whole.over(chosen);
    ReleaseGraph reduced = ReleaseGraph.of(chosen, part.reduction());
    for (ReleaseName name : chosen) {
      Set<ReleaseName> expected = new HashSet<>(whole.descendants(List.of(name)));
      expected.retainAll(chosen);
      assertThat(reduced.descendants(List.of(name))).containsExactlyInAnyOrderElementsOf(expected);
      Set<ReleaseName> hard = new HashSet<>(hardOnly(whole).descendants(List.of(name)));
      hard.retainAll(chosen);
      assertThat(hardOnly(reduced).descendants(List.of(name)))
          .containsExactlyInAnyOrderElementsOf(hard);
    }
  }

  private static ReleaseGraph hardOnly(ReleaseGraph graph) {
    return ReleaseGraph.of(
        graph.order(), graph.edges().stream().filter(edge -> !edge.soft()).toList());
  }

  private static ReleaseGraph graph(String releases, String... edges) {
    return ReleaseGraph.of(
        names(releases), Arrays.stream(edges).map(ReleaseGraphTest::edge).toList());
  }

  private static Edge edge(String text) {
    boolean soft = text.contains("~");
    String[] ends = text.split("[>~]", -1);
    return new Edge(ReleaseName.parse(ends[0]), ReleaseName.parse(ends[1]), soft);
  }

  private static List<ReleaseName> names(String text) {
    return Arrays.stream(text.split(" ", -1)).map(ReleaseName::parse).toList();
  }
}
