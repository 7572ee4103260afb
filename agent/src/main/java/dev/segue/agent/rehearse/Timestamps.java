// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and durations as Kubernetes, Argo and Flux write and read them. */
final class Timestamps {
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");

  private Timestamps() {}

  /** RFC 3339 with whole seconds, as {@code metav1.Time}. */
  static String of(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** As Go prints a time of whole seconds: {@code 2026-01-01 00:00:00 +0000 UTC}. */
  static String goTime(Instant instant) {
    return of(instant).replace('T', ' ').replace("Z", " +0000 UTC");
  }

  /** Reads {@code 90}, {@code 90s} or {@code 1m30s}; empty when it is none of them. */
  static Optional<Duration> parse(String text) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      long unit =
          switch (part.group(2)) {
            case "ms" -> 1L;
            case "s" -> 1000L;
            case "m" -> 60_000L;
            default -> 3_600_000L;
          };
      sum = sum.plusMillis(Math.round(Double.parseDouble(part.group(1)) * unit));
      end = part.end();
    }
    return end == 0 || end != text.length() ? Optional.empty() : Optional.of(sum);
  }

  /** As Go writes a duration of whole seconds: {@code 5m0s}. */
  static String go(Duration duration) {
    String text = "";
    if (duration.toHours() > 0) {
      text = duration.toHours() + "h";
    }
    if (duration.toMinutes() > 0) {
      text += duration.toMinutesPart() + "m";
    }
    return text + duration.toSecondsPart() + "s";
  }

  /** {@code +01:23}, minutes and seconds; the minutes may pass 59. */
  static String offset(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return String.format(Locale.ROOT, "+%02d:%02d", seconds / 60, seconds % 60);
  }
}
