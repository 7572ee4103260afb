// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Approval;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.ReleaseWindow;
import dev.segue.renderer.plan.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
  private static final String PLAN = "a".repeat(64);
  private static final String OTHER = "b".repeat(64);
  private static final Instant NIGHT = Instant.parse("2026-11-21T03:00:00Z");
  private static final Instant DAY = Instant.parse("2026-11-21T12:00:00Z");
  private static final ReleaseWindow AT_NIGHT =
      new ReleaseWindow("0 2 * * *", Duration.ofHours(2), ZoneOffset.UTC);
  private static final ReleaseWindow IN_THE_EVENING =
      new ReleaseWindow("0 20 * * *", Duration.ofHours(1), ZoneOffset.UTC);

  /** Who asks for what: {@code me} suspends; {@code plan} or {@code other} is what is approved. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing stands against it,          -,    -,     automatic, -,         -,     RELEASE,  open",
    "the file suspends,                  file, -,     automatic, -,         -,     RELEASE,  Suspended",
    "somebody suspends,                  me,   -,     automatic, -,         -,     RELEASE,  Suspended",
    "a suspended group is not mended,    me,   -,     automatic, -,         -,     CORRECT,  Suspended",
    "a suspended group does not go back, me,   -,     automatic, -,         -,     ROLLBACK, Suspended",
    "a suspended group is not removed,   me,   -,     automatic, -,         -,     REMOVE,   Suspended",
    "suspended whatever was approved,    file, plan,  manual,    -,         -,     RELEASE,  Suspended",
    "nobody approved,                    -,    -,     manual,    -,         -,     RELEASE,  AwaitingApproval",
    "another plan was approved,          -,    other, manual,    -,         -,     RELEASE,  AwaitingApproval",
    "this plan was approved,             -,    plan,  manual,    -,         -,     RELEASE,  open",
    "drift is mended after approval,     -,    -,     manual,    -,         -,     CORRECT,  AwaitingApproval",
    "a removal needs approval,           -,    -,     manual,    -,         -,     REMOVE,   AwaitingApproval",
    "the way back needs no approval,     -,    -,     manual,    -,         -,     ROLLBACK, open",
    "caution needs approval,             -,    -,     automatic, caution,   -,     REMOVE,   AwaitingApproval",
    "caution and approval,               -,    plan,  automatic, caution,   -,     REMOVE,   open",
    "outside the windows,                -,    -,     automatic, -,         day,   RELEASE,  OutsideWindow",
    "within a window,                    -,    -,     automatic, -,         night, RELEASE,  open",
    "drift waits for a window,           -,    -,     automatic, -,         day,   CORRECT,  OutsideWindow",
    "a removal waits for a window,       -,    -,     automatic, -,         day,   REMOVE,   OutsideWindow",
    "the way back waits for no window,   -,    -,     automatic, -,         day,   ROLLBACK, open",
    "approved and outside the windows,   -,    plan,  manual,    -,         day,   RELEASE,  OutsideWindow",
    "approved and within a window,       -,    plan,  manual,    -,         night, RELEASE,  open"
  })
  void followsTheTable(
      String name,
      String suspended,
      String approved,
      String approval,
      String caution,
      String windows,
      Purpose purpose,
      String gate) {
    Lifecycle lifecycle =
        lifecycle(
            suspended.equals("file"),
            approval.equals("manual") ? Approval.MANUAL : Approval.AUTOMATIC,
            windows.equals("-") ? List.of() : List.of(AT_NIGHT, IN_THE_EVENING));
    Requests requests =
        new Requests(
            suspended.equals("me") ? new Requests.Suspend("me", "") : null,
            approved.equals("-")
                ? null
                : new Requests.Approve(approved.equals("plan") ? PLAN : OTHER, "jane", ""),
            null,
            null);
    Instant now = windows.equals("day") ? DAY : NIGHT;
    Gate found = Gate.of(lifecycle, requests, purpose, PLAN, caution.replace("-", ""), now);
    assertThat(found instanceof Gate.Closed closed ? closed.reason() : "open")
        .as(name)
        .isEqualTo(gate);
  }

  @Test
  void namesWhoOpensIt() {
    assertThat(closed(Requests.NONE, List.of(), "3 of 4 groups go").message())
        .isEqualTo("3 of 4 groups go; plan " + PLAN + " waits for approval");
    Requests given = new Requests(null, new Requests.Approve(PLAN, "jane", ""), null, null);
    assertThat(Gate.of(manual(List.of()), given, Purpose.RELEASE, PLAN, "", DAY))
        .isEqualTo(new Gate.Open("jane"));
    Requests suspended = new Requests(new Requests.Suspend("jo", ""), null, null, null);
    assertThat(closed(suspended, List.of(), "").message()).isEqualTo("suspended by jo");
  }

  @Test
  void saysWhenTheNextWindowOpensAndOnlyThenEndsByItself() {
    Gate.Closed closed =
        (Gate.Closed)
            Gate.of(
                lifecycle(false, Approval.AUTOMATIC, List.of(AT_NIGHT, IN_THE_EVENING)),
                Requests.NONE,
                Purpose.RELEASE,
                PLAN,
                "",
                DAY);
    assertThat(closed.until()).contains(Instant.parse("2026-11-21T20:00:00Z"));
    assertThat(closed.message())
        .isEqualTo("waits for a window; the next opens at 2026-11-21T20:00:00Z");
    assertThat(closed(Requests.NONE, List.of(AT_NIGHT), "").until()).isEqualTo(Optional.empty());
  }

  private static Gate.Closed closed(
      Requests requests, List<ReleaseWindow> windows, String caution) {
    return (Gate.Closed) Gate.of(manual(windows), requests, Purpose.RELEASE, PLAN, caution, DAY);
  }

  private static Lifecycle manual(List<ReleaseWindow> windows) {
    return lifecycle(false, Approval.MANUAL, windows);
  }

  private static Lifecycle lifecycle(
      boolean suspend, Approval approval, List<ReleaseWindow> windows) {
    return new Lifecycle(
        Lifecycle.DEFAULT.onFailure(),
        Lifecycle.DEFAULT.deletion(),
        Lifecycle.DEFAULT.drift(),
        approval,
        suspend,
        windows,
        null);
  }
}
