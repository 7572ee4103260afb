// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.Ending;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.agent.testing.Story;
import dev.segue.renderer.model.CommitId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An agent dies before or after each effect that it has, one boundary in each run, until a story
 * ends before the agent would have died. What comes of it is what comes of it when nobody dies.
 */
@Execution(ExecutionMode.CONCURRENT)
final class KilledEverywhereIT {
  private static final int NEVER = Integer.MAX_VALUE;

  @TempDir static Path chartCache;
  @TempDir Path folder;
  private final List<String> deaths = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(Story.class)
  void endsAsIfNobodyHadDied(Story story) throws Exception {
    Ending unharmed = endOf(story, NEVER);

    for (int nth = 1; deaths.size() == nth - 1; nth++) {
      Ending killed = endOf(story, nth);
      assertThat(killed).as("killed at boundary %d: %s", nth, deaths).isEqualTo(unharmed);
    }

    assertThat(deaths)
        .contains("source.poll", "source.poll done", "status.commit", "status.commit done")
        .contains("cluster.apply", "cluster.apply done", "cluster.create", "cluster.create done");
  }

  /** Runs the story in a world of its own; the first agent dies at that boundary. */
  private Ending endOf(Story story, int boundary) throws Exception {
    Path place = Files.createTempDirectory(folder, "world");
    try (ReleaseLab lab = new ReleaseLab(place, chartCache)) {
      story.before(lab);
      story.begin(lab);
      lab.start(2, Duration.ZERO).calls().killAtBoundary(boundary);
      story.live(lab, lab.life());
      Optional<CommitId> told = lab.statusTip();
      if (lab.calls().dead()) {
        deaths.add(lab.calls().deadAt());
        story.live(lab.start(2, Duration.ZERO), lab.life());
      }
      lab.start(2, Duration.ZERO);
      story.live(lab, lab.life()); // one more finds nothing left to do
      assertThat(told.map(lab::statusHas)).as("only appended to").isNotEqualTo(Optional.of(false));
      return Ending.of(lab, Story.SHOP);
    }
  }
}
