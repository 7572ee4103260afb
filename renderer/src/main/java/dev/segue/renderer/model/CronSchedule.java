// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The five fields of a cron line, as a Kubernetes CronJob has them, on a clock without time zone.
 * Beyond it, Sunday may be 7.
 */
final class CronSchedule {
  private static final int MAX_LENGTH = 256;
  private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
  private static final Pattern PLAIN = Pattern.compile("[0-9A-Za-z*/,-]+");
  private static final Pattern BEGINS_AT_SUNDAY = Pattern.compile("(?i)\\bSUN(?=-)");
  private static final Pattern FIRST_NUMBER = Pattern.compile("^[0-9]{1,2}");

  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private static final int DAY_OF_MONTH = 2;
  private static final int MONTH = 3;
  private static final int DAY_OF_WEEK = 4;
  private static final List<String> NAMES =
      List.of("minute", "hour", "day of month", "month", "day of week");
  private static final List<String> RANGES =
      List.of("0-59", "0-23", "1-31", "1-12 or JAN-DEC", "0-7 or SUN-SAT");

  /** Every February has 28 days, so only later ones may be in no month. */
  private static final int IN_EVERY_MONTH = 28;

  /** A leap year's beginning. */
  private static final LocalDateTime LEAP_YEAR = LocalDateTime.of(2028, 1, 1, 0, 0);

  private final ExecutionTime times;

  private CronSchedule(ExecutionTime times) {
    this.times = times;
  }

  /**
   * Reads a schedule; throws IllegalArgumentException ("… must …; got …") for one that is none or
   * that never comes, such as on the 30th of February.
   */
  static CronSchedule parse(String text) {
    List<String> fields =
        text.length() > MAX_LENGTH ? List.of() : List.of(BLANKS.split(text.strip(), -1));
    if (fields.size() != NAMES.size()) {
      throw new IllegalArgumentException(
          "a schedule must have the five fields of a cron line in at most "
              + MAX_LENGTH
              + " characters: minute, hour, day of month, month, day of week"
              + got(text));
    }
    List<String> read = new ArrayList<>(fields);
    // Sunday is 7 to the library, where the begin of a range must be 0.
    read.set(DAY_OF_WEEK, BEGINS_AT_SUNDAY.matcher(read.get(DAY_OF_WEEK)).replaceAll("0"));
    CronSchedule schedule =
        tryOf(read).orElseThrow(() -> new IllegalArgumentException(fault(read, text)));
    if (!comes(read)) {
      throw new IllegalArgumentException(
          "a schedule must come at some time; none of its months has a day \""
              + fields.get(DAY_OF_MONTH)
              + '"'
              + got(text));
    }
    return schedule;
  }

  private static String got(String text) {
    return "; got \"" + text + '"';
  }

  private static Optional<CronSchedule> tryOf(List<String> fields) {
    if (!fields.stream().allMatch(field -> PLAIN.matcher(field).matches())) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(fields));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static CronSchedule of(List<String> fields) {
    Cron cron = PARSER.parse(String.join(" ", fields)).validate();
    return new CronSchedule(ExecutionTime.forCron(cron));
  }

  /** Names the first field that is wrong by itself. */
  private static String fault(List<String> fields, String text) {
    int wrong = 0;
    while (wrong < fields.size() - 1 && tryOf(alone(wrong, fields.get(wrong))).isPresent()) {
      wrong++;
    }
    return "a schedule must have "
        + RANGES.get(wrong)
        + " for the "
        + NAMES.get(wrong)
        + ", or *, or ranges, steps and lists of them; it has \""
        + fields.get(wrong)
        + '"'
        + got(text);
  }

  private static List<String> alone(int index, String field) {
    List<String> fields = new ArrayList<>(List.of("*", "*", "*", "*", "*"));
    fields.set(index, field);
    return fields;
  }

  /** Without this, asking for a time that never comes walks through a thousand years. */
  private static boolean comes(List<String> fields) {
    int day = firstDay(fields.get(DAY_OF_MONTH));
    if (day <= IN_EVERY_MONTH || !fields.get(DAY_OF_WEEK).equals("*")) {
      return true;
    }
    CronSchedule months = of(List.of("0", "0", "1", fields.get(MONTH), "*"));
    LocalDateTime end = LEAP_YEAR.plusYears(1);
    Optional<LocalDateTime> month = months.next(LEAP_YEAR.minusSeconds(1));
    while (month.isPresent() && month.get().isBefore(end)) {
      if (month.get().toLocalDate().lengthOfMonth() >= day) {
        return true;
      }
      month = months.next(month.get());
    }
    return false;
  }

  /** The smallest of its days. */
  private static int firstDay(String field) {
    return Pattern.compile(",")
        .splitAsStream(field)
        .map(FIRST_NUMBER::matcher)
        .mapToInt(number -> number.find() ? Integer.parseInt(number.group()) : 1)
        .min()
        .orElse(1);
  }

  /** Returns the last time until {@code time}, inclusive. */
  Optional<LocalDateTime> last(LocalDateTime time) {
    LocalDateTime after = time.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    return times.lastExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }

  /** Returns the first time after {@code time}, exclusive. */
  Optional<LocalDateTime> next(LocalDateTime time) {
    return times.nextExecution(time.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }
}
