// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusFileTest {
  @Property(tries = 300)
  void readsWhatItWrote(@ForAll("reports") StatusReport report) {
    String text = StatusFile.write(report);
    assertThat(StatusFile.read(text)).contains(report);
    assertThat(StatusFile.write(StatusFile.read(text).orElseThrow())).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no: mapping: here",
        "[]",
        "{}",
        "a: 1\n---\nb: 2",
        "phase: Released~Done",
        "number: 3~99999999999999",
        "status: \"True\"~maybe",
        "type: Ready~Unready",
        "name: web~No_Name",
        "state: failed~broken",
      })
  void isNoReportAfterAnEditThatSpoiltIt(String edit) {
    String good =
        StatusFile.write(
            new StatusReport(
                GroupName.parse("shop"),
                StatusReport.Phase.RELEASED,
                "c",
                "f",
                new Attempt(3, Purpose.RELEASE, Attempt.Result.SUCCEEDED, "c", "d", "w"),
                new Held("c", "d", 2, "boom"),
                List.of(new Condition("Ready", Condition.Status.TRUE, "Succeeded", "m", "t")),
                List.of(
                    new ReleaseStatus(
                        ReleaseName.parse("web"),
                        "install",
                        ReleaseStatus.State.FAILED,
                        "web",
                        "web",
                        "1.0.0",
                        "",
                        List.of(),
                        List.of(),
                        "",
                        "",
                        "")),
                List.of()));
    assertThat(StatusFile.read(good)).isPresent();
    int cut = edit.indexOf('~');
    String spoilt = cut < 0 ? edit : good.replace(edit.substring(0, cut), edit.substring(cut + 1));
    assertThat(spoilt).isNotEqualTo(good);
    assertThat(StatusFile.read(spoilt)).isEmpty();
  }

  @Provide
  Arbitrary<StatusReport> reports() {
    Arbitrary<Condition> ready =
        Combinators.combine(Arbitraries.of(Condition.Status.values()), texts(), texts(), texts())
            .as(
                (status, reason, message, time) ->
                    new Condition("Ready", status, reason, message, time));
    return Combinators.combine(
            Arbitraries.of(StatusReport.Phase.values()),
            texts(),
            Arbitraries.integers().between(0, Integer.MAX_VALUE),
            ready,
            releases(),
            texts().list().ofMaxSize(3))
        .as(
            (phase, text, attempt, condition, releases, problems) ->
                new StatusReport(
                    GroupName.parse("shop"),
                    phase,
                    text,
                    text,
                    new Attempt(
                        attempt,
                        attempt % 3 == 0 ? Purpose.ROLLBACK : Purpose.REMOVE,
                        attempt % 5 == 0 ? Attempt.Result.NONE : Attempt.Result.STOPPED,
                        text,
                        text,
                        text),
                    attempt % 2 == 0 ? null : new Held(text, text, attempt, text),
                    List.of(condition),
                    releases,
                    problems));
  }

  /** Names that YAML could take for something else; each waits for those before it. */
  private static Arbitrary<List<ReleaseStatus>> releases() {
    return Combinators.combine(
            Arbitraries.of("yes", "null", "1e3", "0", "web", "5gc", "true", "0x1f")
                .set()
                .ofMaxSize(5),
            Arbitraries.of(ReleaseStatus.State.values()),
            texts(),
            Arbitraries.of(true, false))
        .as(
            (names, state, text, soft) -> {
              List<ReleaseStatus> releases = new ArrayList<>();
              List<ReleaseName> before = new ArrayList<>();
              for (String name : names.stream().sorted().toList()) {
                ReleaseName release = ReleaseName.parse(name);
                releases.add(
                    new ReleaseStatus(
                        release,
                        "install",
                        state,
                        text,
                        text,
                        text,
                        text,
                        soft ? List.of() : before,
                        soft ? before : List.of(),
                        text,
                        text,
                        text));
                before.add(release);
              }
              return releases;
            });
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.of("", "null", "~", "1.10", "true", "2026-11-21T03:00:00Z", "a: b", "- x", "#"),
        Arbitraries.of("aé😀|`<\"'\\:-#{}[]\n\t \u0085\u2028".codePoints().boxed().toList())
            .list()
            .ofMaxSize(20)
            .map(points -> points.stream().map(Character::toString).collect(Collectors.joining())));
  }
}
