// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.renderer.model.GroupName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class SimulatedTimeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void runsEventsInTheOrderOfTheirTimeThenOfTheirScheduling() {
    SimulatedTime time = SimulatedTime.manual(START);
    List<String> order = new ArrayList<>();
    time.schedule(Duration.ofSeconds(2), () -> order.add("late"));
    time.schedule(Duration.ofSeconds(1), () -> order.add("first"));
    time.schedule(Duration.ofSeconds(1), () -> order.add("second"));

    time.advance(Duration.ofSeconds(1));

    assertThat(order).containsExactly("first", "second");
    assertThat(time.now()).isEqualTo(START.plusSeconds(1));
  }

  @Test
  void standsStillWhileAnEventRuns() {
    SimulatedTime time = SimulatedTime.manual(START);
    List<Instant> seen = new ArrayList<>();
    time.schedule(
        Duration.ofSeconds(3),
        () -> {
          seen.add(time.now());
          time.schedule(Duration.ofSeconds(4), () -> seen.add(time.now()));
        });

    time.advance(Duration.ofMinutes(1));

    assertThat(seen).containsExactly(START.plusSeconds(3), START.plusSeconds(7));
  }

  @Test
  void runsByItselfAtAMultipleOfTheRealTime() {
    List<Instant> seen = new CopyOnWriteArrayList<>();
    try (SimulatedTime time = SimulatedTime.spedUp(START, 10_000)) {
      Duration hour = Duration.ofHours(1);
      time.schedule(hour, () -> seen.add(time.now()));

      await().atMost(Duration.ofSeconds(10)).until(() -> !seen.isEmpty());
      assertThat(seen.get(0)).isBetween(START.plus(hour), START.plus(hour.multipliedBy(2)));
    }
  }

  @Test
  void runsAWorkflowByItself() throws Exception {
    SimpleCharts charts = new SimpleCharts().with("db", "1.1.0").with("web", "1.1.0");
    SimulatedTime time = SimulatedTime.spedUp(START, 1000);
    try (EmbeddedCluster cluster = new EmbeddedCluster(charts, time, line -> {})) {
      cluster.create(Dags.of("a", "b: a"));

      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  cluster
                      .find("Workflow", "default", "dag")
                      .filter(workflow -> Rehearsal.phase(workflow).equals("Succeeded"))
                      .isPresent());
    }
  }

  @Test
  void tellsTheWatcherWithoutHoldingTheClustersLock() throws Exception {
    GroupName shop = GroupName.parse("shop");
    ReentrantLock reconciler = new ReentrantLock();
    AtomicInteger seen = new AtomicInteger();
    SimulatedTime time = SimulatedTime.spedUp(START, 1000);
    try (EmbeddedCluster cluster = new EmbeddedCluster(new SimpleCharts(), time, line -> {})) {
      cluster.watch(
          group -> {
            reconciler.lock();
            try {
              seen.addAndGet(cluster.observe(group).size());
            } finally {
              reconciler.unlock();
            }
          });

      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                reconciler.lock();
                try {
                  cluster.create(
                      Rehearsal.read("two-releases.yaml", Map.of("NAME", "one", "COLOUR", "red")));
                  return seen.get() > 3 && !cluster.observe(shop).isEmpty();
                } finally {
                  reconciler.unlock();
                }
              });
    }
  }
}
