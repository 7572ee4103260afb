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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Agents in processes of their own, each ended by SIGKILL at the first boundary of an effect at
 * which none before it died, until one lives to the end. {@link KilledEverywhereIT} kills at each
 * boundary alone, without processes.
 */
final class KilledProcessIT {
  @TempDir static Path chartCache;
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Story.class,
      names = {"FIRST_RELEASE", "FAILED_UPGRADE", "REMOVAL"})
  void endsAsIfNobodyHadDied(Story story) throws Exception {
    Ending unharmed = unharmed(story);
    Set<String> deaths = new HashSet<>();
    List<CommitId> tips = new ArrayList<>();

    try (ReleaseLab lab = new ReleaseLab(Files.createDirectory(folder.resolve("w")), chartCache)) {
      story.before(lab);
      story.begin(lab);
      boolean died = true;
      AgentProcess next = agent(lab, deaths);
      while (died) {
        try (AgentProcess agent = next.begin()) {
          next = agent(lab, deaths); // starts while the other lives
          story.live(lab, agent);
          died = agent.dead();
        }
        lab.statusTip().ifPresent(tips::add);
      }
      next.close();

      assertThat(Ending.of(lab, Story.SHOP)).as("killed at %s", deaths).isEqualTo(unharmed);
      assertThat(tips).as("only appended to").allMatch(lab::statusHas);
    }
    assertThat(deaths.stream().map(death -> death.replaceFirst(" after .*", "")))
        .contains("source.poll", "source.poll done", "status.commit", "status.commit done")
        .contains("cluster.apply", "cluster.apply done", "cluster.create", "cluster.create done")
        .contains("cluster.collect", "cluster.collect done");
  }

  private Ending unharmed(Story story) throws Exception {
    try (ReleaseLab lab = new ReleaseLab(Files.createDirectory(folder.resolve("u")), chartCache)) {
      story.before(lab);
      story.begin(lab);
      story.live(lab.start(2, Duration.ZERO), lab.life());
      return Ending.of(lab, Story.SHOP);
    }
  }

  private AgentProcess agent(ReleaseLab lab, Set<String> deaths) throws Exception {
    return new AgentProcess(
        lab,
        folder.resolve("mirror"),
        chartCache,
        boundary -> deaths.add(moment(lab, boundary)),
        folder.resolve("printed").toFile());
  }

  /** A boundary, told apart by what the branch says last; that of Git only once. */
  private static String moment(ReleaseLab lab, String boundary) {
    List<String> told = lab.statusCommits();
    return boundary.startsWith("source.") || told.isEmpty()
        ? boundary
        : boundary + " after " + told.get(told.size() - 1).lines().findFirst().orElse("");
  }
}
