// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.AgentProcess;
import dev.segue.agent.testing.Ending;
import dev.segue.agent.testing.ReleaseLab;
import dev.segue.agent.testing.Story;
import dev.segue.renderer.model.CommitId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Agents in processes of their own, each ended by SIGKILL at the first moment at which none before
 * it died, until one lives to the end. {@link KilledEverywhereIT} kills at each boundary alone,
 * without processes.
 */
@Execution(ExecutionMode.CONCURRENT)
final class KilledProcessIT {
  @TempDir(factory = TempDirFactory.Standard.class)
  static Path chartCache;

  @TempDir(factory = TempDirFactory.Standard.class)
  Path folder;

  /** Not before a collection: whoever lives then leaves it to the next attempt. */
  private static final List<String> EVERY_KIND =
      List.of(
          "source.poll",
          "source.poll done",
          "status.commit",
          "status.commit done",
          "cluster.apply",
          "cluster.apply done",
          "cluster.create",
          "cluster.create done",
          "cluster.collect done");

  @Test
  void aFirstReleaseGoesOnAfterEveryKindOfBoundary() throws Exception {
    assertThat(
            deaths(
                Story.FIRST_RELEASE,
                (boundary, told) -> EVERY_KIND.contains(boundary) ? boundary : ""))
        .containsAll(EVERY_KIND);
  }

  @Test
  void aWayBackGoesOnAfterEachThingTold() throws Exception {
    assertThat(
            deaths(
                Story.FAILED_UPGRADE,
                (boundary, told) -> boundary.equals("status.commit done") ? told : ""))
        .containsExactlyInAnyOrder(
            "",
            "shop: plan attempt 2",
            "shop: attempt 2 failed",
            "shop: plan attempt 3",
            "shop: attempt 3 rolledback");
  }

  @Test
  void aRemovalGoesOnAfterItWasPlannedAndBegun() throws Exception {
    Set<String> deadly = Set.of("cluster.create", "cluster.create done");
    assertThat(deaths(Story.REMOVAL, (boundary, told) -> deadly.contains(boundary) ? boundary : ""))
        .containsAll(deadly);
  }

  /**
   * Runs the story and returns the moments at which agents died.
   *
   * @param moments makes of a boundary and what the branch says last the moment that it is: an
   *     agent dies at each once; "" for none
   */
  private Set<String> deaths(Story story, BinaryOperator<String> moments) throws Exception {
    Ending unharmed = unharmed(story);
    Set<String> deaths = new HashSet<>(Set.of(""));
    List<CommitId> tips = new ArrayList<>();

    try (ReleaseLab lab = new ReleaseLab(Files.createDirectory(folder.resolve("w")), chartCache)) {
      story.before(lab);
      story.begin(lab);
      Predicate<String> deadly = boundary -> deaths.add(moments.apply(boundary, told(lab)));
      boolean died = true;
      AgentProcess next = agent(lab, deadly);
      while (died) {
        try (AgentProcess agent = next.begin()) {
          next = agent(lab, deadly); // starts while the other lives
          story.live(lab, agent);
          died = agent.dead();
        }
        lab.statusTip().ifPresent(tips::add);
      }
      next.close();

      assertThat(Ending.of(lab, Story.SHOP)).as("killed at %s", deaths).isEqualTo(unharmed);
      assertThat(tips).as("only appended to").allMatch(lab::statusHas);
    }
    return deaths;
  }

  private static String told(ReleaseLab lab) {
    List<String> told = lab.statusCommits();
    return told.isEmpty() ? "" : told.get(told.size() - 1).lines().findFirst().orElse("");
  }

  private Ending unharmed(Story story) throws Exception {
    try (ReleaseLab lab = new ReleaseLab(Files.createDirectory(folder.resolve("u")), chartCache)) {
      story.before(lab);
      story.begin(lab);
      story.live(lab.start(2, Duration.ZERO), lab.life());
      return Ending.of(lab, Story.SHOP);
    }
  }

  private AgentProcess agent(ReleaseLab lab, Predicate<String> deadly) throws Exception {
    return new AgentProcess(
        lab, folder.resolve("mirror"), chartCache, deadly, folder.resolve("printed").toFile());
  }
}
