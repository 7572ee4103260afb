// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.renderer.graph.ReleaseGraph.Edge;
import dev.segue.renderer.model.ReleaseName;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FailureTest {
  private static final ReleaseGraph SHOP =
      ReleaseGraph.of(
          names("db cache api web docs"),
          List.of(
              new Edge(name("db"), name("api"), false),
              new Edge(name("cache"), name("api"), true),
              new Edge(name("api"), name("web"), false),
              new Edge(name("web"), name("docs"), true)));

  @Test
  void leavesOutWhatNeedsItAndWhatNeedsThat() {
    Failure failure = Failure.of(SHOP, names("db"));

    assertThat(failure.failed()).isEqualTo(names("db"));
    assertThat(failure.omitted()).isEqualTo(names("api web"));
    assertThat(failure.released()).isEqualTo(names("cache docs"));
    assertThat(failure.state(name("web"))).isEqualTo(Failure.State.OMITTED);
  }

  @Test
  void runsWhatWaitsForItsEndOnly() {
    Failure failure = Failure.of(SHOP, names("cache"));

    assertThat(failure.omitted()).isEmpty();
    assertThat(failure.released()).isEqualTo(names("db api web docs"));
  }

  @Test
  void whatIsNotTriedCannotFail() {
    Failure failure = Failure.of(SHOP, names("db web"));

    assertThat(failure.failed()).isEqualTo(names("db"));
    assertThat(failure.omitted()).isEqualTo(names("api web"));
  }

  @Test
  void refusesAReleaseThatIsNotThere() {
    assertThatThrownBy(() -> Failure.of(SHOP, names("dbs")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dbs");
  }

  /** Exactly what lies on a path of hard edges from a failed release is left out. */
  @Property(tries = 300)
  void whatIsLeftOutIsTheHardDownstreamOfWhatFailed(
      @ForAll @IntRange(min = 1, max = 14) int size, @ForAll long seed) {
    ReleaseGraph graph = RandomGraph.of(size, 3, seed);
    Random random = new Random(seed);
    List<ReleaseName> failing =
        graph.order().stream().filter(release -> random.nextInt(4) == 0).toList();
    Failure failure = Failure.of(graph, failing);
    ReleaseGraph hard =
        ReleaseGraph.of(
            graph.order(), graph.edges().stream().filter(edge -> !edge.soft()).toList());

    assertThat(failure.omitted()).containsExactlyInAnyOrderElementsOf(hard.descendants(failing));
    Set<ReleaseName> tried = new HashSet<>(failing);
    tried.removeAll(failure.omitted());
    assertThat(failure.failed()).containsExactlyInAnyOrderElementsOf(tried);
    assertThat(failure.failed().size() + failure.omitted().size() + failure.released().size())
        .isEqualTo(size);
  }

  private static ReleaseName name(String text) {
    return ReleaseName.parse(text);
  }

  private static List<ReleaseName> names(String text) {
    return Arrays.stream(text.split(" ", -1)).map(ReleaseName::parse).toList();
  }
}
