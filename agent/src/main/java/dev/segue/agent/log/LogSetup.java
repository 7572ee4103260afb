// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;

/**
 * Sets up the log: to standard error, ours from {@code SEGUE_LOG_LEVEL} on (a system property or a
 * variable; default: INFO), of libraries what they warn of. In code, since to read it from XML
 * takes a tenth of a second at the start of every command. A file that the system property {@code
 * logback.configurationFile} names is taken instead.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  /** From which level on ours is logged: a system property, or else a variable. */
  public static final String LEVEL = "SEGUE_LOG_LEVEL";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    setUp(context, level());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static String level() {
    String variable = System.getenv().getOrDefault(LEVEL, "");
    return System.getProperty(LEVEL, variable);
  }

  /**
   * @param level of ours; INFO where it is none
   */
  static void setUp(LoggerContext context, String level) {
    LogLine line = new LogLine();
    line.setContext(context);
    line.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(line);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setName("stderr");
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    context.getLogger("dev.segue").setLevel(Level.toLevel(level, Level.INFO));
    context.getLogger("io.fabric8").setLevel(Level.OFF); // its failures are told once, by us
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(stderr);
  }
}
