// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryFileTest {
  @Property(tries = 300)
  void readsWhatItWrote(@ForAll("records") AttemptRecord record) {
    String text = HistoryFile.write(record);
    assertThat(HistoryFile.read(text)).contains(record);
    assertThat(HistoryFile.write(HistoryFile.read(text).orElseThrow())).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no: mapping: here",
        "[]",
        "{}",
        "a: 1\n---\nb: 2",
        "kind: Attempt~kin: Attempt",
        "name: shop~name: No_Name",
        "number: 3~number: 99999999999999",
        "purpose: release~purpose: party",
        "result: failed~result: perhaps",
        "state: failed~state: broken",
        "name: web~name: \"\"",
      })
  void isNoAttemptAfterAnEditThatSpoiltIt(String edit) {
    String good = HistoryFile.write(record(3, "t", State.FAILED));
    assertThat(HistoryFile.read(good)).isPresent();
    int cut = edit.indexOf('~');
    String spoilt = cut < 0 ? edit : good.replace(edit.substring(0, cut), edit.substring(cut + 1));
    assertThat(spoilt).isNotEqualTo(good);
    assertThat(HistoryFile.read(spoilt)).isEmpty();
  }

  @Test
  void standsInAFileOfItsOwn() {
    assertThat(HistoryFile.path(12).value()).isEqualTo("history/12.yaml");
  }

  @Provide
  Arbitrary<AttemptRecord> records() {
    Arbitrary<String> texts =
        Arbitraries.of("", "null", "~", "1.10", "true", "a: b", "- x", "#", "é\u0085\u2028\n\t|`");
    return Combinators.combine(
            Arbitraries.integers().between(0, Integer.MAX_VALUE),
            texts,
            Arbitraries.of(State.values()))
        .as(HistoryFileTest::record);
  }

  private static AttemptRecord record(int number, String text, State state) {
    return new AttemptRecord(
        GroupName.parse("shop"),
        new Attempt(number, Purpose.RELEASE, Attempt.Result.FAILED, text, text, text),
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        text,
        List.of(
            new AttemptRecord.Entry(
                ReleaseName.parse("web"),
                "upgrade",
                text,
                text,
                text,
                List.of(text, "values"),
                state,
                text,
                text,
                text)));
  }
}
