// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A time that comes again and again in which changes may begin.
 *
 * @param schedule when it opens: five fields as in a Kubernetes CronJob, in {@code timeZone}
 * @param duration how long it stays open
 */
public record ReleaseWindow(String schedule, Duration duration, ZoneId timeZone) {
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  /** Throws IllegalArgumentException ("… must …; got …") where {@code schedule} is none. */
  public ReleaseWindow {
    cron(schedule);
  }

  private static Cron cron(String schedule) {
    try {
      return PARSER.parse(schedule).validate();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a schedule must have the five fields of a cron line: minute, hour, day of month, month,"
              + " day of week; got \""
              + schedule
              + "\"",
          e);
    }
  }

  /**
   * Whether it is open at that moment: from each opening, inclusive, until its duration is over.
   */
  public boolean isOpen(Instant now) {
    ExecutionTime times = ExecutionTime.forCron(cron(schedule));
    // A second later, since what opens at this very moment is open.
    return times
        .lastExecution(now.plusSeconds(1).atZone(timeZone))
        .map(opened -> now.isBefore(opened.toInstant().plus(duration)))
        .orElse(false);
  }

  /** Returns when it opens next after {@code now}; empty for never. */
  public Optional<Instant> opens(Instant now) {
    return ExecutionTime.forCron(cron(schedule))
        .nextExecution(now.atZone(timeZone))
        .map(java.time.ZonedDateTime::toInstant);
  }
}
