// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.Ending;
import dev.segue.agent.testing.Life;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.agent.testing.Story;
import dev.segue.renderer.model.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts, refusals, slow answers and clocks that jump; what comes of it is what comes of it in a good
 * world. A fault at "… done" comes after the effect: it happened, and its answer was lost.
 */
final class FaultyWorldIT {
  @TempDir static Path chartCache;
  private static final Map<Story, Ending> UNHARMED = new EnumMap<>(Story.class);
  @TempDir Path folder;

  /** Happens once the agent has started and before it does anything. */
  @FunctionalInterface
  private interface Harm {
    void on(ReleaseLab lab);
  }

  @ParameterizedTest
  @CsvSource({
    "FIRST_RELEASE, cluster.observe",
    "FIRST_RELEASE, cluster.apply",
    "FIRST_RELEASE, cluster.apply done",
    "FIRST_RELEASE, cluster.create",
    "FIRST_RELEASE, cluster.create done",
    "FIRST_RELEASE, cluster.collect",
    "FIRST_RELEASE, cluster.collect done",
    "FAILED_UPGRADE, cluster.create done",
    "COMMIT_WHILE_A_WORKFLOW_RUNS, cluster.patch",
    "COMMIT_WHILE_A_WORKFLOW_RUNS, cluster.patch done",
    "REMOVAL, cluster.create done"
  })
  void triesAgainWhatTheClusterDidNotDoOrDidNotAnswer(Story story, String call) throws Exception {
    harmed(
        story,
        lab ->
            lab.calls()
                .fail(
                    call,
                    cluster(ProblemCode.CLUSTER_UNREACHABLE, "cut off"),
                    cluster(ProblemCode.CLUSTER_CONFLICT, "409"),
                    cluster(ProblemCode.CLUSTER_OVERLOADED, "429"),
                    cluster(ProblemCode.CLUSTER_FAILED, "500")));
  }

  @ParameterizedTest
  @CsvSource({
    "FIRST_RELEASE, source.poll",
    "FIRST_RELEASE, source.poll done",
    "FIRST_RELEASE, status.commit",
    "FIRST_RELEASE, status.commit done",
    "FAILED_UPGRADE, status.commit done",
    "REMOVAL, status.commit done"
  })
  void triesAgainWhatGitDidNotTakeOrDidNotAnswer(Story story, String call) throws Exception {
    harmed(
        story,
        lab ->
            lab.calls()
                .fail(
                    call,
                    new RepoException(ProblemCode.GIT_UNREACHABLE, true, "cut off", null),
                    new RepoException(
                        ProblemCode.GIT_FAILED, true, "No space left on device", null)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Story.class,
      names = {"FIRST_RELEASE", "FAILED_UPGRADE", "REMOVAL"})
  void slowAnswersChangeNothing(Story story) throws Exception {
    harmed(story, lab -> lab.calls().atBoundaries(name -> LockSupport.parkNanos(30_000_000L)));
  }

  @ParameterizedTest
  @EnumSource(Story.class)
  void aClockThatJumpsChangesNothing(Story story) throws Exception {
    harmed(
        story,
        lab -> {
          lab.agentsClockIsWrongBy(Duration.ofDays(1));
          lab.calls().atBoundaries(name -> jump(lab, name));
        });
  }

  /** A day ahead until something was applied or patched, and an hour behind from then on. */
  private static void jump(ReleaseLab lab, String boundary) {
    if (boundary.equals("cluster.create done") || boundary.equals("cluster.patch done")) {
      lab.agentsClockIsWrongBy(Duration.ofHours(-1));
    }
  }

  private static ClusterException cluster(ProblemCode code, String message) {
    return new ClusterException(code, true, message, null);
  }

  private void harmed(Story story, Harm harm) throws Exception {
    Ending unharmed = UNHARMED.get(story);
    if (unharmed == null) {
      unharmed = endOf(story, lab -> {});
      UNHARMED.put(story, unharmed);
    }
    assertThat(endOf(story, harm)).isEqualTo(unharmed);
  }

  private Ending endOf(Story story, Harm harm) throws Exception {
    Path place = Files.createTempDirectory(folder, "world");
    try (ReleaseLab lab = new ReleaseLab(place, chartCache)) {
      story.before(lab);
      story.begin(lab);
      lab.start(2, Duration.ZERO);
      harm.on(lab);
      story.live(lab, impatient(lab));
      return Ending.of(lab, Story.SHOP);
    }
  }

  /** Looks again at once at what failed, where an agent alone waits a while. */
  private static Life impatient(ReleaseLab lab) {
    Life life = lab.life();
    return new Life() {
      @Override
      public void poll() {
        life.poll();
      }

      @Override
      public boolean dead() {
        return life.dead();
      }

      @Override
      public boolean settled() {
        if (lab.outcome(Story.SHOP) instanceof Outcome.Failed failed && failed.retryable()) {
          life.poll();
          return false;
        }
        return life.settled();
      }
    };
  }
}
