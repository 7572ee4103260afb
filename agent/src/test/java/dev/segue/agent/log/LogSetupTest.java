// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogSetupTest {
  private final LoggerContext context = new LoggerContext();

  @ParameterizedTest
  @CsvSource({"'', INFO", "WARN, WARN", "debug, DEBUG", "nonsense, INFO"})
  void oursIsFromTheLevelOnAndLibrariesWarn(String said, String level) {
    LogSetup.setUp(context, said);

    assertThat(context.getLogger("dev.segue.agent.git.GitHttp").getEffectiveLevel())
        .isEqualTo(Level.valueOf(level));
    assertThat(context.getLogger("org.eclipse.jgit.ignore.IgnoreNode").getEffectiveLevel())
        .isEqualTo(Level.WARN);
    assertThat(context.getLogger("io.fabric8.kubernetes.client").getEffectiveLevel())
        .isEqualTo(Level.OFF);
    assertThat(context.getLogger("ROOT").getAppender("stderr"))
        .isInstanceOfSatisfying(
            ConsoleAppender.class,
            stderr -> {
              assertThat(stderr.isStarted()).isTrue();
              assertThat(stderr.getTarget()).isEqualTo("System.err");
            });
  }

  /** Tests name one. */
  @Test
  void leavesItToAFileThatIsNamed() {
    assertThat(System.getProperty("logback.configurationFile")).isNotNull();

    assertThat(new LogSetup().configure(context)).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
    assertThat(context.getLogger("ROOT").getAppender("stderr")).isNull();
  }
}
