// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FairShareTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "one holds all,             a a a a,     3",
    "two more than we,          a a us a,    3",
    "the last of the most,      b a a b b c, 4",
    "one more than we,          a us a,      -1",
    "we hold as much,           us a us a,   -1",
    "we hold all,               us us,       -1",
    "two shards and one holder, a a,         1",
    "a single shard,            a,           -1",
    "one is free,               a - a a,     -1",
    "nobody holds any,          - -,         -1",
  })
  void asksOneThatHoldsTwoMoreForItsLast(String name, String holders, int expected) {
    assertThat(FairShare.unfair(seen(holders), "us").orElse(-1)).as(name).isEqualTo(expected);
  }

  private static List<String> seen(String holders) {
    return List.of(holders.split(" ")).stream().map(each -> each.replace("-", "")).toList();
  }

  /** However many agents are added to one that holds all: it ends, and it ends even. */
  @Test
  void whatIsAskedForEndsWithEvenShares() {
    for (int shards = 1; shards <= 12; shards++) {
      for (int agents = 1; agents <= shards; agents++) {
        List<String> holders = new ArrayList<>(Collections.nCopies(shards, "0"));
        int moves = 0;
        for (OptionalInt next = next(holders, agents); next.isPresent(); moves++) {
          assertThat(moves).as("each takes more from the uneven").isLessThan(shards * shards);
          next = next(holders, agents);
        }
        for (int agent = 0; agent < agents; agent++) {
          assertThat(Collections.frequency(holders, "" + agent))
              .isBetween(shards / agents, (shards + agents - 1) / agents);
        }
      }
    }
  }

  /** Moves a shard to the first agent that asks for one. */
  private static OptionalInt next(List<String> holders, int agents) {
    for (String agent : IntStream.range(0, agents).mapToObj(String::valueOf).toList()) {
      OptionalInt wanted = FairShare.unfair(holders, agent);
      if (wanted.isPresent()) {
        holders.set(wanted.getAsInt(), agent);
        return wanted;
      }
    }
    return OptionalInt.empty();
  }

  @Test
  void asksNotBeforeSharesWereUnevenForAWhile() {
    FairShare patient = new FairShare("us", Duration.ofHours(1));
    FairShare hasty = new FairShare("us", Duration.ZERO);

    assertThat(hasty.wanted(seen("a a"))).as("seen first").isEmpty();
    assertThat(hasty.wanted(seen("a a"))).hasValue(1);
    assertThat(hasty.wanted(seen("a us"))).isEmpty();
    assertThat(hasty.wanted(seen("a a"))).as("seen first again").isEmpty();
    assertThat(patient.wanted(seen("a a"))).isEmpty();
    assertThat(patient.wanted(seen("a a"))).isEmpty();
  }
}
