// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * A time that comes again and again in which changes may begin.
 *
 * <p>It opens whenever the clock in {@code timeZone} shows a time of {@code schedule}, as a
 * Kubernetes CronJob begins: not on the day on which the clock is put forward over that time, twice
 * on the day on which it is put back.
 *
 * @param schedule when it opens: five fields as in a Kubernetes CronJob, in {@code timeZone}
 * @param duration how long it stays open: from {@link #MIN_DURATION} to {@link #MAX_DURATION}
 */
public record ReleaseWindow(String schedule, Duration duration, ZoneId timeZone) {
  public static final Duration MIN_DURATION = Duration.ofMinutes(1);
  public static final Duration MAX_DURATION = Duration.ofDays(7);

  /** A time that no day of so many clock changes has is in none. */
  private static final int MAX_CHANGES = 64;

  /** Throws IllegalArgumentException ("… must …; got …") for what is no window. */
  public ReleaseWindow {
    checkSchedule(schedule);
    if (duration.compareTo(MIN_DURATION) < 0 || duration.compareTo(MAX_DURATION) > 0) {
      throw new IllegalArgumentException(
          "a window's duration must be from "
              + GoDuration.format(MIN_DURATION)
              + " to "
              + GoDuration.format(MAX_DURATION)
              + "; got \""
              + duration
              + '"');
    }
  }

  /**
   * Returns {@code text}; throws IllegalArgumentException ("… must …; got …") where it is no
   * schedule, or one that never comes.
   */
  public static String checkSchedule(String text) {
    CronSchedule.parse(text);
    return text;
  }

  /**
   * Whether it is open at that moment: from each opening, inclusive, until its duration is over.
   */
  public boolean isOpen(Instant now) {
    CronSchedule cron = CronSchedule.parse(schedule);
    ZoneRules rules = timeZone.getRules();
    Instant shut = now.minus(duration);
    Instant until = now;
    while (until.isAfter(shut)) {
      // Between two changes of the clock, the wall's time is as regular as UTC.
      ZoneOffset offset = rules.getOffset(until);
      ZoneOffsetTransition change = rules.previousTransition(until.plusNanos(1));
      Instant begin = change == null ? Instant.MIN : change.getInstant();
      Optional<Instant> opened =
          cron.last(LocalDateTime.ofInstant(until, offset)).map(time -> time.toInstant(offset));
      if (opened.isPresent() && opened.get().isAfter(shut) && !opened.get().isBefore(begin)) {
        return true;
      }
      if (change == null) {
        return false;
      }
      until = begin.minusNanos(1);
    }
    return false;
  }

  /** Returns when it opens next after {@code now}; empty for never. */
  public Optional<Instant> opens(Instant now) {
    CronSchedule cron = CronSchedule.parse(schedule);
    ZoneRules rules = timeZone.getRules();
    Instant begin = now;
    LocalDateTime after = LocalDateTime.ofInstant(now, rules.getOffset(now));
    for (int i = 0; i < MAX_CHANGES; i++) {
      ZoneOffset offset = rules.getOffset(begin);
      ZoneOffsetTransition change = rules.nextTransition(begin);
      Optional<Instant> opens = cron.next(after).map(time -> time.toInstant(offset));
      if (opens.isEmpty() || change == null || opens.get().isBefore(change.getInstant())) {
        return opens;
      }
      begin = change.getInstant();
      after = change.getDateTimeAfter().minusNanos(1);
    }
    return Optional.empty();
  }
}
