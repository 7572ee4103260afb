// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.QuietPorts.Gate;
import dev.segue.renderer.model.GroupName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When groups are looked at, how often, and by how many at a time. */
final class ReconcilerTest {
  private final QuietPorts ports = new QuietPorts();
  private Reconciler reconciler = ports.reconciler(4, Duration.ofMinutes(10));

  @AfterEach
  void close() {
    ports.gate(Gate.OPEN);
    reconciler.close();
  }

  @Test
  void aPollThatFindsNothingNewAsksGitOnceAndNobodyElseWhateverTheNumberOfGroups()
      throws Exception {
    ports.declare(200);
    reconciler.poll();
    settle();
    assertThat(ports.observed()).hasSize(200);
    ports.forget();

    for (int poll = 0; poll < 50; poll++) {
      reconciler.poll();
    }

    assertThat(ports.polls()).isEqualTo(50);
    assertThat(ports.calls()).allMatch(call -> call.startsWith("status.re")).hasSize(100);
    assertThat(reconciler.settled()).isTrue();
  }

  @Test
  void comparesAGroupAgainAfterItsIntervalFromWhatIsWatched() throws Exception {
    ports.declare(3);
    reconciler.poll();
    settle();
    ports.forget();

    ports.advance(Duration.ofMinutes(11));
    reconciler.poll();
    settle();

    assertThat(ports.observed()).hasSize(3);
    assertThat(ports.calls())
        .allMatch(call -> call.startsWith("cluster.observe") || call.startsWith("status.re"));
  }

  @Test
  void aGroupsOwnIntervalCounts() throws Exception {
    ports.declare(List.of("often"), "1m");
    reconciler.poll();
    settle();
    ports.forget();

    ports.advance(Duration.ofMinutes(2));
    reconciler.poll();
    settle();

    assertThat(ports.observed()).containsExactly("often");
  }

  @Test
  void looksOnlyAtTheGroupThatChangedInTheCluster() throws Exception {
    ports.declare(5);
    reconciler.start();
    reconciler.poll();
    settle();
    ports.forget();

    ports.change(GroupName.parse("group-3"));
    Awaitility.await().until(() -> !ports.observed().isEmpty());
    settle();

    assertThat(ports.observed()).containsExactly("group-3");
  }

  @Test
  void manyChangesDuringALookAreOneMoreLook() throws Exception {
    ports.declare(1);
    reconciler.start();
    reconciler.poll();
    settle();
    ports.forget();
    ports.gate(Gate.CLOSED);

    ports.change(GroupName.parse("group-0"));
    Awaitility.await().until(() -> ports.observed().size() == 1);
    IntStream.range(0, 100).forEach(i -> ports.change(GroupName.parse("group-0")));
    ports.gate(Gate.OPEN);
    settle();

    assertThat(ports.observed()).hasSize(2);
  }

  @Test
  void isNeverSettledWhileAGroupIsStillToBeLookedAt() throws Exception {
    reconciler.start();
    for (int round = 1; round <= 150; round++) {
      ports.declare(8);
      ports.forget();
      CountDownLatch polled = new CountDownLatch(1);
      Thread poller =
          new Thread(
              () -> {
                pollQuietly();
                polled.countDown();
              });
      poller.start();
      IntStream.range(0, 8).forEach(i -> ports.change(GroupName.parse("group-" + i)));
      polled.await();
      while (!reconciler.settled()) {
        Thread.onSpinWait();
      }
      assertThat(ports.sawNewest()).as("round " + round).hasSize(8);
      poller.join();
    }
  }

  private void pollQuietly() {
    try {
      reconciler.poll();
    } catch (RepoException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aListenerThatThrowsHoldsUpNobody() throws Exception {
    reconciler.close();
    reconciler =
        ports.reconciler(
            1,
            Duration.ofMinutes(10),
            (group, outcome) -> {
              throw new IllegalStateException("a listener");
            });
    ports.declare(3);

    reconciler.poll();
    settle();

    assertThat(ports.observed()).hasSize(3);
  }

  @Test
  void worksForTheGroupsThatAreOursAndNoOthers() throws Exception {
    Set<String> ours = ConcurrentHashMap.newKeySet();
    ours.addAll(List.of("group-1", "group-2"));
    reconciler.close();
    reconciler =
        ports.reconciler(
            4,
            Duration.ofMinutes(10),
            new Mandate(group -> ours.contains(group.value()) ? 1 : 0),
            (group, outcome) -> {});
    ports.declare(4);
    reconciler.start();
    reconciler.poll();
    settle();
    assertThat(ports.observed()).containsExactlyInAnyOrder("group-1", "group-2");
    assertThat(reconciler.outcomes()).hasSize(2);

    ports.forget();
    ours.add("group-3");
    ours.remove("group-1");
    reconciler.mandateChanged();
    assertThat(reconciler.outcomes()).containsOnlyKeys(GroupName.parse("group-2"));
    ports.change(GroupName.parse("group-3"));
    assertThat(reconciler.settled()).isFalse();
    assertThat(ports.observed()).as("before what others wrote is read").isEmpty();

    reconciler.poll();
    settle();
    assertThat(ports.calls().get(0)).startsWith("status.refresh");
    assertThat(ports.observed()).containsOnly("group-2", "group-3");
    ports.forget();

    ports.change(GroupName.parse("group-1"));
    ports.advance(Duration.ofMinutes(11));
    reconciler.poll();
    settle();
    assertThat(ports.observed()).containsOnly("group-2", "group-3");
  }

  @Test
  void anErrorInOnePassIsOneGroupsOutcome() throws Exception {
    ports.declare(3);
    ports.breakPassesOf("group-1");

    reconciler.poll();
    settle();

    assertThat(reconciler.outcomes().get(GroupName.parse("group-1")))
        .isInstanceOf(Outcome.Failed.class);
    assertThat(reconciler.outcomes()).hasSize(3);
  }

  @Test
  void closingBeginsNothingMoreAndEndsWithinTenSeconds() throws Exception {
    ports.gate(Gate.CLOSED);
    ports.declare(100);
    reconciler.poll();
    Awaitility.await().until(() -> ports.observed().size() == 4);

    Instant begin = Instant.now();
    Thread closing = new Thread(reconciler::close);
    closing.start();
    closing.join(TimeUnit.SECONDS.toMillis(12));

    assertThat(closing.isAlive()).isFalse();
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
    ports.gate(Gate.OPEN);
    assertThat(ports.observed()).hasSize(4);
  }

  private void settle() {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(reconciler::settled);
  }
}
