// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentHealthTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Optional<Instant> busySince = Optional.empty();
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final AgentHealth health = new AgentHealth(() -> busySince, Duration.ofMinutes(1), clock);

  @Test
  void isReadyWhenTheClusterAndGitHaveAnsweredOnce() {
    assertThat(health.missing()).contains("the API server has not answered yet");
    health.watching();
    assertThat(health.missing()).contains("Git has not answered yet");
    health.polled();
    assertThat(health.missing()).as("a poll that failed").contains("Git has not answered yet");
    health.fetched();
    assertThat(health.missing()).isEmpty();
  }

  @Test
  void waitsForTheClusterForEver() {
    now = now.plus(Duration.ofDays(3));
    assertThat(health.fault()).isEmpty();
  }

  @Test
  void anAgentThatStandsByIsReadyAndSaysSo() {
    health.standingBy(() -> "segue: other_1");
    assertThat(health.missing()).isEmpty();
    assertThat(health.state()).isEqualTo("standby: segue: other_1");
    now = now.plus(Duration.ofDays(3));
    assertThat(health.fault()).as("it does not poll").isEmpty();
    health.watching();
    assertThat(health.state()).isEqualTo("ok");
    assertThat(health.missing()).contains("Git has not answered yet");
  }

  @Test
  void anAgentThatTakesOverIsReadyNoSoonerThanItWatches() {
    health.standingBy(() -> "segue: other_1");
    health.beginning();
    assertThat(health.missing()).contains("the API server has not answered yet");
    assertThat(health.state()).isEqualTo("ok");
    health.watching();
    health.fetched();
    assertThat(health.missing()).isEmpty();
  }

  @Test
  void missesPollsThatNoLongerEnd() {
    health.watching();
    now = now.plus(Duration.ofMinutes(61));
    assertThat(health.fault()).isEmpty();
    now = now.plus(Duration.ofSeconds(1));
    assertThat(health.fault()).contains("no poll has ended for 1h1m1s");
    health.polled();
    assertThat(health.fault()).isEmpty();
  }

  @Test
  void missesAPassThatDoesNotEnd() {
    health.watching();
    busySince = Optional.of(now);
    now = now.plus(Duration.ofHours(1));
    health.polled();
    assertThat(health.fault()).isEmpty();
    now = now.plus(Duration.ofSeconds(1));
    health.polled();
    assertThat(health.fault()).contains("a pass has not ended for 1h1s");
  }
}
