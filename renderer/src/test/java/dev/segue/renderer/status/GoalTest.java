// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.testing.Products;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoalTest {
  private static final String FAILED = "f".repeat(64);
  private static final String OTHER = "0".repeat(64);
  private static final CommitId GOOD = Products.COMMIT_1;
  private static final CommitId COMMIT = Products.COMMIT_2;
  private static final Held HELD =
      new Held(COMMIT.hex(), FAILED, 3, "attempt 3: release db failed");

  /** Attempt 3 failed, where something is held; it is retried by what names it or a later one. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing failed,                          ROLLBACK, good, free, none,  same,  Desired",
    "nothing failed and it was never good,    ROLLBACK, none, free, none,  same,  Desired",
    "failed and was good,                     ROLLBACK, good, held, none,  same,  Back",
    "a first install failed,                  ROLLBACK, none, held, none,  same,  Nothing",
    "failed and the file holds,               HOLD,     good, held, none,  same,  Stay",
    "a first install failed and it holds,     HOLD,     none, held, none,  same,  Stay",
    "failed and the file removes,             REMOVE,   good, held, none,  same,  Nothing",
    "a first install failed and it removes,   REMOVE,   none, held, none,  same,  Nothing",
    "failed and Git moved,                    ROLLBACK, good, held, none,  moved, Desired",
    "failed and Git moved and it holds,       HOLD,     good, held, none,  moved, Desired",
    "failed and Git moved and it removes,     REMOVE,   none, held, none,  moved, Desired",
    "failed and a range found a newer chart,  ROLLBACK, good, held, none,  range, Back",
    "failed and asked again,                  ROLLBACK, good, held, 3,     same,  Desired",
    "failed after the way back and asked,     ROLLBACK, good, held, 4,     same,  Desired",
    "failed again after it was asked,         ROLLBACK, good, held, 2,     same,  Back",
    "holds and asked again,                   HOLD,     good, held, 3,     same,  Desired",
    "removes and asked again,                 REMOVE,   good, held, 3,     same,  Desired"
  })
  void followsTheTable(
      String name,
      OnFailure onFailure,
      String good,
      String held,
      String retry,
      String git,
      String goal) {
    Requests requests =
        retry.equals("none")
            ? Requests.NONE
            : new Requests(
                null, null, new Requests.Retry(Integer.parseInt(retry), "jane", ""), null);
    Goal found =
        Goal.of(
            Optional.of(report(held.equals("held") ? HELD : null)),
            git.equals("same") ? FAILED : OTHER,
            git.equals("moved") ? CommitId.parse("4".repeat(40)) : COMMIT,
            onFailure,
            good.equals("good") ? Optional.of(GOOD) : Optional.empty(),
            requests);
    assertThat(found.getClass().getSimpleName()).as(name).isEqualTo(goal);
    if (found instanceof Goal.Back back) {
      assertThat(back).isEqualTo(new Goal.Back(GOOD, HELD));
    } else if (found instanceof Goal.Stay stay) {
      assertThat(stay.held()).isEqualTo(HELD);
    } else if (found instanceof Goal.Nothing nothing) {
      assertThat(nothing.held()).isEqualTo(HELD);
    }
  }

  @Test
  void aGroupWithoutAReportGoesOut() {
    assertThat(
            Goal.of(
                Optional.empty(),
                FAILED,
                COMMIT,
                OnFailure.ROLLBACK,
                Optional.empty(),
                Requests.NONE))
        .isEqualTo(new Goal.Desired());
  }

  @Test
  void goesBackWhereAsked() {
    CommitId to = CommitId.parse("3".repeat(40));
    assertThat(asked(null, to, FAILED))
        .isEqualTo(
            new Goal.Back(
                to, new Held(COMMIT.hex(), FAILED, 7, "a rollback was asked for by jane")));
  }

  @Test
  void goesBackWhereAskedRatherThanToTheLastGoodAndStillSaysWhatFailed() {
    CommitId to = CommitId.parse("3".repeat(40));
    assertThat(asked(HELD, to, FAILED)).isEqualTo(new Goal.Back(to, HELD));
  }

  @Test
  void whatWasAskedOfAnotherWishNoLongerCounts() {
    assertThat(asked(null, GOOD, OTHER)).isEqualTo(new Goal.Desired());
    assertThat(asked(HELD, CommitId.parse("3".repeat(40)), OTHER))
        .isEqualTo(new Goal.Back(GOOD, HELD));
  }

  private static Goal asked(@Nullable Held held, CommitId to, String from) {
    return Goal.of(
        Optional.of(report(held)),
        FAILED,
        COMMIT,
        OnFailure.ROLLBACK,
        Optional.of(GOOD),
        new Requests(null, null, null, new Requests.Rollback(to.hex(), from, "jane", "")));
  }

  private static StatusReport report(@Nullable Held held) {
    return new StatusReport(
        GroupName.parse("shop"),
        Phase.RELEASED,
        COMMIT.hex(),
        "f:1",
        new Attempt(7, Purpose.RELEASE, Attempt.Result.SUCCEEDED, COMMIT.hex(), FAILED, ""),
        held,
        List.of(),
        List.of(),
        List.of());
  }
}
