// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Text from Git as a terminal may show it: it moves no cursor, and pretends no line. */
final class Shown {
  private Shown() {}

  /** Returns {@code text} on one line; what a terminal would obey becomes a space. */
  static String line(String text) {
    return Printable.line(text).strip();
  }

  /** The first digits of a commit. */
  static String shortened(String commit) {
    return CommitId.shortened(line(commit));
  }

  /** How long ago that was, such as {@code 5m}; "" when {@code time} is none. */
  static String age(String time, Instant now) {
    return instant(time).map(then -> age(Duration.between(then, now))).orElse("");
  }

  private static String age(Duration age) {
    if (age.compareTo(Duration.ofMinutes(2)) < 0) {
      return Math.max(0, age.toSeconds()) + "s";
    }
    if (age.compareTo(Duration.ofHours(2)) < 0) {
      return age.toMinutes() + "m";
    }
    return age.compareTo(Duration.ofDays(2)) < 0 ? age.toHours() + "h" : age.toDays() + "d";
  }

  /** How long it took, such as {@code 1m5s}; "" when one of them is no time. */
  static String between(String started, String finished) {
    Optional<Duration> took =
        instant(started).flatMap(from -> instant(finished).map(to -> Duration.between(from, to)));
    return took.map(d -> d.isNegative() || d.isZero() ? "0s" : GoDuration.format(d)).orElse("");
  }

  private static Optional<Instant> instant(String time) {
    try {
      return Optional.of(Instant.parse(time));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Such as {@code " by jane at 2026-11-21T03:00:00Z"}; of what is not known nothing. */
  static String by(String who, String at) {
    return (who.isEmpty() ? "" : " by " + line(who)) + (at.isEmpty() ? "" : " at " + line(at));
  }
}
