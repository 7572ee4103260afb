// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of the spreading. */
final class ShardsTest {
  private static final int GROUPS = 10_000;

  private static List<GroupName> groups() {
    return IntStream.range(0, GROUPS).mapToObj(i -> GroupName.parse("team-" + i)).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8, 16})
  void spreadsTenThousandGroupsWithinATenthOfEvenly(int count) {
    double[] sizes = new double[count];
    groups().forEach(group -> sizes[Shards.of(group, count)]++);
    double even = (double) GROUPS / count;
    assertThat(Arrays.stream(sizes).boxed())
        .allSatisfy(size -> assertThat(size).isBetween(0.9 * even, 1.1 * even));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 16})
  void oneShardMoreTakesItsShareAndNothingElseMoves(int count) {
    long moved =
        groups().stream().filter(g -> Shards.of(g, count) != Shards.of(g, count + 1)).count();
    assertThat((double) moved).isBetween(0.9 * GROUPS / (count + 1), 1.1 * GROUPS / (count + 1));
  }

  @Property
  void whatMovesGoesToTheNewShardAlone(
      @ForAll @AlphaChars @StringLength(min = 1, max = 40) String name,
      @ForAll @IntRange(min = 1, max = 64) int count) {
    GroupName group = GroupName.parse(name.toLowerCase(java.util.Locale.ROOT));
    int before = Shards.of(group, count);
    assertThat(before).isBetween(0, count - 1);
    assertThat(Shards.of(group, count + 1)).isIn(before, count);
  }

  /** Another answer in another version would have two agents work for a group. */
  @Test
  void isTheSameForEver() {
    assertThat(List.of("shop", "core5g", "bookinfo", "podtato-head", "a"))
        .extracting(name -> Shards.of(GroupName.parse(name), 8))
        .containsExactly(7, 1, 1, 4, 4);
  }
}
