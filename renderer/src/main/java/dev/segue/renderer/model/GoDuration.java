// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go, Kubernetes and Flux write them: {@code 90s}, {@code 1h30m}, {@code 1.5h}. */
public final class GoDuration {
  private static final int MAX_LENGTH = 64;

  /** Two hundred years: more fits into no duration of Go's. */
  private static final long MAX_MILLIS = Duration.ofDays(200 * 365).toMillis();

  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ms|s|m|h)");

  private GoDuration() {}

  /**
   * Reads a positive duration in hours, minutes, seconds and milliseconds; throws
   * IllegalArgumentException, which says the rule, when {@code text} is none.
   */
  public static Duration parse(String text) {
    BigDecimal millis = BigDecimal.ZERO;
    int position = 0;
    Matcher matcher = PART.matcher(text);
    while (text.length() <= MAX_LENGTH
        && matcher.region(position, text.length()).lookingAt()
        && position < text.length()) {
      millis = millis.add(new BigDecimal(matcher.group(1)).multiply(unit(matcher.group(2))));
      position = matcher.end();
    }
    if (position == 0
        || position < text.length()
        || millis.compareTo(BigDecimal.ONE) < 0
        || millis.compareTo(BigDecimal.valueOf(MAX_MILLIS)) > 0) {
      throw new IllegalArgumentException(
          "a duration must be positive and written in h, m, s or ms, such as \"90s\", \"5m\" or"
              + " \"1h30m\"; got \""
              + text
              + "\"");
    }
    return Duration.ofMillis(millis.setScale(0, RoundingMode.FLOOR).longValueExact());
  }

  /** Writes it shortly, to the millisecond: {@code 1h30m}, {@code 90s} as {@code 1m30s}. */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(unit);
    }
  }

  private static BigDecimal unit(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "h" -> 3_600_000;
          case "m" -> 60_000;
          case "s" -> 1_000;
          default -> 1;
        });
  }
}
