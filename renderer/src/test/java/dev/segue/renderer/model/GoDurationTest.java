// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "90s,PT1M30S",
    "1h30m,PT1H30M",
    "1.5h,PT1H30M",
    "5m0s,PT5M",
    "250ms,PT0.25S",
    ".5s,PT0.5S",
    "1h0m0.5s,PT1H0.5S",
    "1.s,PT1S"
  })
  void readsWhatGoReads(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "0",
        "0s",
        "-5m",
        "5 m",
        "5min",
        "m",
        "1d",
        "1h-5m",
        "5m!",
        "0.1ms",
        "1e3s",
        "99999999999h",
        "11111111111111111111111111111111111111111111111111111111111111111111s"
      })
  void refusesWhatIsNoPositiveDuration(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be positive and written in h, m, s or ms");
  }

  @Property
  void readsBackWhatItWrites(@ForAll @LongRange(min = 1, max = 6_000_000_000_000L) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertThat(GoDuration.parse(GoDuration.format(duration))).isEqualTo(duration);
  }
}
