// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitsTest {
  private static final String COMMIT = "1".repeat(40);

  @Test
  void saysWhatEachWaitsForToTheRoot() {
    assertThat(
            why(
                release("db", State.FAILED, "the image cannot be pulled"),
                release("cache", State.RELEASED, ""),
                release("api", State.OMITTED, "", "db", "cache"),
                release("web", State.OMITTED, "", "api")))
        .containsExactly(
            "web was not tried, since it waits for api",
            "  api was not tried, since it waits for db",
            "    db failed: the image cannot be pulled");
  }

  @Test
  void saysWhatRunsAndWhatComesAfter() {
    assertThat(
            why(
                release("db", State.RUNNING, ""),
                release("cache", State.PENDING, ""),
                release("web", State.PENDING, "", "db", "cache")))
        .containsExactly(
            "web waits for cache, db",
            "  cache waits for its turn",
            "  db is being released since 2026-11-21T03:00:00Z");
  }

  @Test
  void lookAcrossAReleaseThatIsKept() {
    assertThat(
            why(
                release("db", State.RUNNING, ""),
                kept("api", "db"),
                kept("proxy", "api"),
                release("web", State.PENDING, "", "proxy")))
        .containsExactly("web waits for db", "  db is being released since 2026-11-21T03:00:00Z");
  }

  @Test
  void waitForTheEndOfASoftDependencyOnly() {
    assertThat(
            why(
                release("cache", State.RUNNING, ""),
                soft("web", State.PENDING, "cache"),
                release("tool", State.FAILED, "boom"),
                soft("shell", State.RUNNING, "tool")))
        .containsExactly(
            "web waits for the end of cache",
            "  cache is being released since 2026-11-21T03:00:00Z",
            "tool failed: boom",
            "shell is being released since 2026-11-21T03:00:00Z");
    assertThat(why(release("tool", State.FAILED, "boom"), soft("shell", State.PENDING, "tool")))
        .containsExactly("tool failed: boom", "shell waits for its turn");
  }

  @Test
  void aHardDependencyCountsMoreThanASoftOneOnTheSame() {
    ReleaseStatus api = release("api", State.PENDING, "", "db");
    ReleaseStatus web =
        new ReleaseStatus(
            ReleaseName.parse("web"),
            "upgrade",
            State.PENDING,
            "web",
            "web",
            "1.0.0",
            "",
            List.of(ReleaseName.parse("kept")),
            List.of(ReleaseName.parse("db")),
            "",
            "",
            "");
    assertThat(why(release("db", State.PENDING, ""), kept("kept", "db"), api, web))
        .startsWith("api waits for db")
        .contains("web waits for db");
  }

  @Test
  void tellWhatSeveralWaitForOnce() {
    assertThat(
            why(
                release("db", State.FAILED, "boom"),
                release("queue", State.OMITTED, "", "db"),
                release("api", State.OMITTED, "", "queue"),
                release("web", State.OMITTED, "", "queue")))
        .containsExactly(
            "api was not tried, since it waits for queue",
            "  queue was not tried, since it waits for db",
            "    db failed: boom",
            "web was not tried, since it waits for queue",
            "  queue: see above");
  }

  @Test
  void removalWaitsForWhatStandsOnIt() {
    assertThat(
            why(
                removed("web", State.RUNNING, "api"),
                removed("api", State.PENDING, "db"),
                removed("db", State.PENDING)))
        .containsExactly(
            "db is removed after api",
            "  api is removed after web",
            "    web is being removed since 2026-11-21T03:00:00Z");
  }

  @Test
  void nothingIsSaidOfWhatIsReleased() {
    assertThat(why(release("db", State.RELEASED, ""), kept("web", "db"))).isEmpty();
    assertThat(Waits.ofGroup(report(List.of(), "Succeeded", null), Requests.NONE, Optional.empty()))
        .isEmpty();
  }

  @Test
  void endsInACircleThatSomebodyWrote() {
    assertThat(
            why(
                release("a", State.PENDING, "", "b", "gone"),
                release("b", State.PENDING, "", "a"),
                release("c", State.PENDING, "", "c")))
        .containsExactly(
            "c waits for its turn", "a waits for b", "  b waits for a", "    a: see above");
  }

  @Property(tries = 300)
  void everyReleaseThatIsNotThereIsSaidOnce(
      @ForAll @Size(min = 1, max = 9) List<State> states,
      @ForAll @Size(min = 9, max = 9) List<@IntRange(max = 511) Integer> edges) {
    List<ReleaseStatus> releases = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      List<String> before = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        if ((edges.get(i) >> j & 1) == 1) {
          before.add("r" + j);
        }
      }
      State state = states.get(i);
      String[] names = before.toArray(String[]::new);
      releases.add(
          edges.get(i) % 3 == 0 ? soft("r" + i, state, names) : release("r" + i, state, "", names));
    }
    List<Waits.Wait> waits = Waits.of(report(releases, "Progressing", null));
    List<String> lines = Waits.lines(waits);
    for (Waits.Wait wait : waits) {
      assertThat(lines)
          .filteredOn(line -> line.strip().startsWith(wait.release().name() + " "))
          .isNotEmpty();
      assertThat(wait.on().keySet()).doesNotContain(wait.release().name());
    }
    assertThat(lines.size()).isLessThanOrEqualTo(waits.size() * (1 + waits.size()));
  }

  @Test
  void saysWhatEndsTheWaitOfAGroup() {
    String digest = "d".repeat(64);
    assertThat(group("AwaitingApproval", "plan waits", Requests.NONE, digest))
        .containsExactly("shop waits for approval; `segue approve shop " + digest + "` gives it");
    assertThat(group("OutsideWindow", "waits for a window", Requests.NONE, digest))
        .containsExactly("shop waits for a window");
    assertThat(group("Suspended", "suspended by `spec.suspend`", Requests.NONE, digest))
        .containsExactly("shop is suspended by `spec.suspend`; taking that back ends it");
    Requests asked =
        new Requests(
            new Requests.Suspend("jane", "2026-11-21T03:00:00Z"),
            null,
            null,
            new Requests.Rollback(COMMIT, digest, "jo", ""));
    assertThat(group("Suspended", "suspended by jane", asked, digest))
        .containsExactly(
            "shop is suspended by jane at 2026-11-21T03:00:00Z; `segue resume shop` ends that",
            "shop was asked to go back to commit "
                + COMMIT
                + " by jo; `segue retry shop` takes that back");
  }

  @Test
  void passesOverWhatWasAskedOfWhatHasPassed() {
    String digest = "d".repeat(64);
    Requests stale =
        new Requests(
            null,
            new Requests.Approve("e".repeat(64), "jane", ""),
            new Requests.Retry(1, "jane", ""),
            new Requests.Rollback(COMMIT, "e".repeat(64), "jane", ""));
    StatusReport report = report(List.of(), "RolledBack", new Held(COMMIT, digest, 2, "boom"));
    StatusReport later =
        new StatusReport(
            report.group(),
            report.phase(),
            COMMIT,
            "f:1",
            new Attempt(2, Purpose.RELEASE, Attempt.Result.FAILED, COMMIT, digest, ""),
            report.held(),
            report.conditions(),
            List.of(),
            List.of());
    assertThat(Waits.open(later, stale, Optional.empty())).isEqualTo(Requests.NONE);
    Requests fresh =
        new Requests(
            null,
            null,
            new Requests.Retry(2, "jane", ""),
            new Requests.Rollback(COMMIT, digest, "jane", ""));
    assertThat(Waits.open(later, fresh, Optional.empty())).isEqualTo(fresh);
    assertThat(Waits.ofGroup(later, fresh, Optional.empty()))
        .containsExactly(
            "shop was asked to go back to commit "
                + COMMIT
                + " by jane; `segue retry shop` takes that back",
            "commit " + COMMIT + " is held: boom; another try was asked by jane");
  }

  @Test
  void saysWhatEndsAHold() {
    Held held = new Held(COMMIT, "d".repeat(64), 2, "attempt 2: release db failed");
    assertThat(
            Waits.ofGroup(report(List.of(), "RolledBack", held), Requests.NONE, Optional.empty()))
        .containsExactly(
            "commit "
                + COMMIT
                + " is held: attempt 2: release db failed; another commit, or `segue retry shop`,"
                + " ends that");
  }

  private static List<String> group(
      String reason, String message, Requests requests, String digest) {
    StatusReport report =
        new StatusReport(
            GroupName.parse("shop"),
            Phase.WAITING,
            COMMIT,
            "f:1",
            Attempt.NONE,
            null,
            List.of(new Condition("Ready", Condition.Status.UNKNOWN, reason, message, "")),
            List.of(),
            List.of());
    AttemptRecord next =
        new AttemptRecord(
            report.group(),
            new Attempt(1, Purpose.RELEASE, Attempt.Result.PLANNED, COMMIT, digest, ""),
            COMMIT,
            "f:1",
            Digest.parse(digest).hex(),
            "",
            "",
            "",
            "",
            "",
            List.of());
    return Waits.ofGroup(report, requests, Optional.of(next));
  }

  private static List<String> why(ReleaseStatus... releases) {
    return Waits.lines(Waits.of(report(List.of(releases), "Progressing", null)));
  }

  private static StatusReport report(
      List<ReleaseStatus> releases, String reason, @Nullable Held held) {
    return new StatusReport(
        GroupName.parse("shop"),
        Phase.PLANNED,
        COMMIT,
        "f:1",
        Attempt.NONE,
        held,
        List.of(new Condition("Ready", Condition.Status.UNKNOWN, reason, "m", "")),
        releases,
        List.of());
  }

  private static ReleaseStatus release(
      String name, State state, String message, String... dependencies) {
    return status(name, "upgrade", state, name, message, names(dependencies), List.of());
  }

  private static ReleaseStatus soft(String name, State state, String... dependencies) {
    return status(name, "upgrade", state, name, "", List.of(), names(dependencies));
  }

  private static ReleaseStatus kept(String name, String... dependencies) {
    return status(name, "keep", State.RELEASED, "", "", names(dependencies), List.of());
  }

  private static ReleaseStatus removed(String name, State state, String... dependencies) {
    return status(name, "delete", state, "delete-" + name, "", names(dependencies), List.of());
  }

  private static ReleaseStatus status(
      String name,
      String action,
      State state,
      String task,
      String message,
      List<ReleaseName> hard,
      List<ReleaseName> soft) {
    String started = state == State.RUNNING ? "2026-11-21T03:00:00Z" : "";
    return new ReleaseStatus(
        ReleaseName.parse(name),
        action,
        state,
        task,
        name,
        "1.0.0",
        "",
        hard,
        soft,
        started,
        "",
        message);
  }

  private static List<ReleaseName> names(String... names) {
    return Arrays.stream(names).map(ReleaseName::parse).toList();
  }
}
