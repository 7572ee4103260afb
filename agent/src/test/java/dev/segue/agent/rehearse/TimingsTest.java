// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingsTest {
  /** A step sees every five seconds what became of Helm's action. */
  @ParameterizedTest
  @ValueSource(longs = {8, 30, 64, 300})
  void aStepOfTheEmbeddedClusterLastsAboutThatLong(long seconds) {
    Duration action = Timings.actionOfStep(Duration.ofSeconds(seconds));
    long untilReady = action.toMillis() + 1800;
    long step = 2000 + 5000 * ((untilReady + 4999) / 5000) + 1000;

    assertThat(Duration.ofMillis(step).minusSeconds(seconds).abs())
        .isLessThanOrEqualTo(Duration.ofMillis(2500));
  }
}
