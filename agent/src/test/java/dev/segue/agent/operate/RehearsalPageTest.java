// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Rehearsed;
import dev.segue.renderer.status.Rehearsed.Case;
import dev.segue.renderer.status.Rehearsed.End;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearsalPageTest {
  private static final String OLD = "a".repeat(40);
  private static final String NEW = "b".repeat(40);
  private static final ReleaseName WEB = ReleaseName.parse("web");

  private static Case ending(End end, String message, ReleaseName... failing) {
    return new Case(
        List.of(failing),
        end,
        end == End.BACK ? OLD : "",
        List.of(WEB),
        List.of(),
        List.of(),
        Duration.ofSeconds(75),
        message);
  }

  private static Rehearsed group(String reason, Case... cases) {
    return group(reason, List.of(), cases);
  }

  private static Rehearsed group(String reason, List<String> refusals, Case... cases) {
    return new Rehearsed(
        GroupName.parse("shop"),
        OLD,
        NEW,
        List.of(
            new AttemptRecord.Entry(
                WEB, "upgrade", "web", "1", "2", List.of(reason), State.PENDING, "", "", "")),
        refusals,
        List.of("a note"),
        Map.of(),
        Duration.ofSeconds(30),
        List.of(cases));
  }

  private static RehearsalPage page(Rehearsed... groups) {
    return new RehearsalPage(List.of(groups), List.of());
  }

  @ParameterizedTest(name = "{0} with a failure: {1}; without one: {2}")
  @CsvSource({
    "UNCHANGED, true, true",
    "RELEASED, true, true",
    "REMOVED, true, true",
    "BACK, true, false",
    "HELD, true, false",
    "STUCK, false, false"
  })
  void isFineWhenEveryCaseEndsAsItIsTo(End end, boolean withFailure, boolean without) {
    assertThat(page(group("r", ending(end, "", WEB))).of(Format.TEXT).fine())
        .isEqualTo(withFailure);
    assertThat(page(group("r", ending(end, ""))).of(Format.TEXT).fine()).isEqualTo(without);
  }

  @Test
  void isNotFineWhereAnApiServerWouldRefuseSomething() {
    List<String> refusals = List.of("the API server will refuse web");
    RehearsalPage page = page(group("r", refusals, ending(End.RELEASED, "")));

    assertThat(page.of(Format.TEXT).fine()).isFalse();
    assertThat(page.of(Format.TEXT).text())
        .contains("not fine")
        .contains("\n  the API server will refuse web\n");
    assertThat(page.markdown()).contains("**not fine**").contains("- the API server will refuse");
    assertThat(page.of(Format.JSON).text()).contains("\"fine\": false");
  }

  @Test
  void saysFirstThatItIsSimulated() {
    assertThat(page().of(Format.TEXT).text()).startsWith("Simulated: ");
    assertThat(page().markdown()).contains("Simulated: ");
    assertThat(page().of(Format.JSON).text()).contains("\"simulated\": true");
  }

  @Test
  void coloursVerdictsOnlyWhereThatIsTaken() {
    RehearsalPage page =
        page(group("r", ending(End.RELEASED, ""), ending(End.STUCK, "SG1205: no", WEB)));

    assertThat(page.of(Format.COLOURED).text())
        .contains("\u001b[32mfine\u001b[0m", "\u001b[31mnot fine\u001b[0m");
    assertThat(page.of(Format.TEXT).text())
        .doesNotContain("\u001b")
        .contains("web fails: SG1205: no", "1m15s", "  a note");
  }

  @Test
  void letsNothingFromGitFormThePage() {
    RehearsalPage page =
        page(group("<b>\n| @jane **x** `y`\u001b[2J", ending(End.BACK, "a\n# b", WEB)));

    assertThat(page.markdown())
        .contains("&lt;b>", "\\| @\u200bjane \\*\\*x\\*\\* \\`y\\`")
        .doesNotContain("\n# b", "\u001b", "@jane");
    assertThat(page.of(Format.TEXT).text()).doesNotContain("\n# b", "\u001b");
  }

  @Test
  void namesTheGroupsWithWhichNothingWouldBeDone() {
    RehearsalPage page = new RehearsalPage(List.of(), List.of(GroupName.parse("core5g")));

    assertThat(page.of(Format.TEXT).text()).contains("Nothing would be done with core5g.");
    assertThat(page.of(Format.TEXT).fine()).isTrue();
    assertThat(page().of(Format.TEXT).text()).contains("No group is declared or released.");
  }
}
