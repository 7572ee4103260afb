// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.status.Pages;
import dev.segue.renderer.status.Reports;
import dev.segue.renderer.testing.Products;
import dev.segue.renderer.yaml.YamlWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What takes longest of a plan that deletes and does nothing else. */
class CriticalPathTest {
  private static final DesiredGroup BEFORE =
      Products.group("shop").app("db").app("cache").app("api", "db").app("web", "api").desired();
  private static final String PATH = "web → api → db";

  private static Plan removal() {
    DesiredGroup nothing =
        DesiredGroup.nothing(
            BEFORE.group().name(),
            Products.NAMESPACE,
            new Origin(RepoPath.parse("shop.yaml"), 1),
            Products.COMMIT_2);
    return plan(nothing, Purpose.REMOVE);
  }

  private static Plan plan(DesiredGroup after, Purpose purpose) {
    return Planner.plan(
        after,
        purpose,
        Products.inventory(BEFORE),
        Products.live(BEFORE),
        Map.of(),
        release -> Optional.empty());
  }

  private static GroupPreview preview(Plan plan, Map<ReleaseName, Duration> durations) {
    return new GroupPreview(
        plan.desired().group().name(),
        "site-a",
        Products.COMMIT_1,
        Products.COMMIT_2,
        plan,
        "",
        List.of(),
        List.of(),
        new TreeMap<>(),
        durations);
  }

  @Test
  void isTheReverseOfTheOrderInWhichEverythingWasReleased() {
    GroupPreview preview = preview(removal(), Map.of());

    assertThat(preview.criticalPath().text())
        .isEqualTo(PATH + " (3 steps, at most 30m by their timeouts)");
    assertThat(PreviewText.write(List.of(preview), Palette.PLAIN, Detail.OBJECTS))
        .contains("critical path: " + PATH + " (3 steps");
    assertThat(PreviewMarkdown.write(List.of(preview), PreviewMarkdown.GITHUB))
        .contains("Critical path: " + PATH + " (3 steps");
    assertThat(YamlWriter.write(PreviewJson.data(List.of(preview))))
        .contains(
            """
                releases:
                - web
                - api
                - db
                usualSeconds: null
                atMostSeconds: 1800
                longest:
                - web
                - api
                - db
            """);
  }

  @Test
  void standsOnTheAgentsPageToo() {
    Plan plan = removal();
    Reports reports = new Reports(Optional.empty(), Instant.EPOCH);

    assertThat(Pages.plan(plan, reports.planned(plan, 1, "shop-1", null), List.of()))
        .contains("Critical path: " + PATH + " (3 steps, at most 30 min by their timeouts)\n");
  }

  @Test
  void knowsHowLongTheRemovalsTook() {
    Map<ReleaseName, Duration> durations = new TreeMap<>();
    List.of("web", "api", "db")
        .forEach(name -> durations.put(ReleaseName.parse(name), Duration.ofSeconds(10)));
    durations.put(ReleaseName.parse("cache"), Duration.ofMinutes(2));

    assertThat(preview(removal(), durations).criticalPath().text())
        .isEqualTo(
            "cache (1 step, usually 2m, at most 10m by their timeouts); the longest chain has 3"
                + " steps: "
                + PATH);
  }

  @Test
  void leavesOutWhatStays() {
    DesiredGroup less = Products.group("shop").app("db").app("cache").desired();

    assertThat(preview(plan(less, Purpose.RELEASE), Map.of()).criticalPath().text())
        .isEqualTo("web → api (2 steps, at most 20m by their timeouts)");
  }

  @Test
  void isNoneWhereNothingIsDone() {
    assertThat(preview(plan(BEFORE, Purpose.RELEASE), Map.of()).criticalPath().text())
        .isEqualTo("none");
  }
}
