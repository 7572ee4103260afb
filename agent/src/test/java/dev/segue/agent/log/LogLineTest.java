// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.helpers.BasicMDCAdapter;

final class LogLineTest {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0}"
          + " %replace(%X{cluster}){'(.+)','$1: '}%msg%n%ex{full}";

  private final LoggerContext context = new LoggerContext();

  LogLineTest() {
    context.setMDCAdapter(new BasicMDCAdapter());
  }

  /** Logback's own way to write the same is what it is compared with. */
  @ParameterizedTest
  @CsvSource({
    "INFO, dev.segue.agent.Main, site-a, false",
    "ERROR, dev.segue.agent.Main, '', true",
    "WARN, Main, site-a, true"
  })
  void isAsLogbacksPatternHasIt(String level, String logger, String cluster, boolean fails) {
    PatternLayoutEncoder peer = new PatternLayoutEncoder();
    peer.setContext(context);
    peer.setPattern(PATTERN);
    peer.start();
    Throwable thrown = new IllegalStateException("because", new IOException("no\nspace"));
    Logger source = context.getLogger(logger);
    LoggingEvent event =
        new LoggingEvent(
            "x",
            source,
            Level.valueOf(level),
            "{} is ü",
            fails ? thrown : null,
            new Object[] {"it"});
    event.setInstant(Instant.parse("2026-03-29T23:59:59.0705Z"));
    event.setMDCPropertyMap(cluster.isEmpty() ? Map.of() : Map.of("cluster", cluster));

    assertThat(new LogLine().doLayout(event))
        .contains("2026-03-29T23:59:59.070Z " + level)
        .isEqualTo(new String(peer.encode(event), StandardCharsets.UTF_8));
  }
}
