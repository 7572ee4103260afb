// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationsTest {
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final ReleaseName WEB = ReleaseName.parse("web");

  private static AttemptRecord attempt(String action, State state, long seconds) {
    return new AttemptRecord(
        GroupName.parse("shop"),
        Attempt.NONE,
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        List.of(
            new AttemptRecord.Entry(
                WEB,
                action,
                "web",
                "",
                "1",
                List.of(),
                state,
                THEN.toString(),
                seconds < 0 ? "" : THEN.plusSeconds(seconds).toString(),
                "")));
  }

  private static Durations upgrades(long... newestFirst) {
    return Durations.of(
        Arrays.stream(newestFirst)
            .mapToObj(seconds -> attempt("upgrade", State.RELEASED, seconds))
            .toList());
  }

  @Test
  void takesTheMedianOfTheLastFive() {
    assertThat(upgrades(10, 40, 20, 30, 50, 9000, 9000, 9000).of(WEB, "upgrade"))
        .contains(Duration.ofSeconds(30));
    assertThat(upgrades(10, 40).of(WEB, "repair")).contains(Duration.ofSeconds(40));
  }

  @Test
  void takesNothingFromWhatFailedOrHasNoEnd() {
    Durations durations =
        Durations.of(
            List.of(
                attempt("upgrade", State.FAILED, 300),
                attempt("upgrade", State.RELEASED, -1),
                attempt("delete", State.DELETED, 7)));

    assertThat(durations.of(WEB, "upgrade")).isEmpty();
    assertThat(durations.of(WEB, "delete")).contains(Duration.ofSeconds(7));
    assertThat(durations.of(ReleaseName.parse("db"), "delete")).isEmpty();
  }

  @Test
  void takesAnUpgradeForAnInstallOnlyWhereNoInstallIsKnown() {
    assertThat(upgrades(40).of(WEB, "install")).contains(Duration.ofSeconds(40));
    assertThat(
            Durations.of(
                    List.of(
                        attempt("upgrade", State.RELEASED, 40),
                        attempt("install", State.RELEASED, 90)))
                .of(WEB, "install"))
        .contains(Duration.ofSeconds(90));
    assertThat(upgrades(40).of(WEB, "delete")).isEmpty();
  }
}
