// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.Health;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthOfAllTest {
  private Optional<Instant> busySince = Optional.empty();
  private final AgentHealth a = health();
  private final AgentHealth b = health();
  private final Health all = new HealthOfAll(Map.of("site-b", b, "site-a", a));

  private AgentHealth health() {
    return new AgentHealth(() -> busySince, Duration.ofMinutes(1), Clock.systemUTC());
  }

  @Test
  void namesTheClustersThatAreNotReady() {
    assertThat(all.missing())
        .contains(
            "site-a: the API server has not answered yet;"
                + " site-b: the API server has not answered yet");
    a.watching();
    a.fetched();
    assertThat(all.missing()).contains("site-b: the API server has not answered yet");
    b.watching();
    b.fetched();
    assertThat(all.missing()).isEmpty();
    assertThat(all.fault()).isEmpty();
  }

  @Test
  void tellsHowEachClusterIs() {
    a.watching();
    b.standingBy(() -> "segue: other_1");
    assertThat(all.state()).isEqualTo("site-a: ok; site-b: standby: segue: other_1");
  }

  @Test
  void saysWhyAnAgentCannotWorkUntilItBeginsAgain() {
    a.watching();
    a.fetched();
    b.watching();
    b.fetched();
    b.failed("SG2201: cannot connect to the cluster");
    assertThat(all.missing()).contains("site-b: SG2201: cannot connect to the cluster");
    assertThat(all.fault()).as("to start anew would end the others").isEmpty();
    b.beginning();
    b.watching();
    assertThat(all.missing())
        .as("what was fetched before")
        .contains("site-b: Git has not answered yet");
  }

  @Test
  void anyThatHangsIsAFault() {
    busySince = Optional.of(Clock.systemUTC().instant().minus(Duration.ofHours(2)));
    assertThat(all.fault().orElse(""))
        .startsWith("site-a: a pass has not ended for 2h")
        .contains("; site-b: a pass has not ended for 2h");
  }
}
