// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.GroupName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads options' values. */
final class Converters {
  private static final int MAX_SPEED = 100_000;

  private Converters() {}

  /** A positive duration; a plain number is minutes. */
  static final class Timeout implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return GoDuration.parse(text.matches("[0-9]+") ? text + "m" : text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "must be positive and in h, m or s, such as \"90s\" or \"1h30m\", or a number of minutes; got \""
                + text
                + "\"");
      }
    }
  }

  /** A group's name. */
  static final class Group implements ITypeConverter<GroupName> {
    @Override
    public GroupName convert(String text) {
      try {
        return GroupName.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The first digits of a plan's digest, as {@code segue status} tells it. */
  static final class PlanDigest implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      String hex = text.startsWith("sha256:") ? text.substring(7) : text;
      if (!hex.matches("[0-9a-f]{12,64}")) {
        throw new TypeConversionException(
            "must be 12 to 64 hex digits of a plan's digest; got \"" + text + "\"");
      }
      return hex;
    }
  }

  /** The first digits of a commit. */
  static final class Commit implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!text.matches("[0-9a-f]{7,64}")) {
        throw new TypeConversionException(
            "must be 7 to 64 hex digits of a commit; got \"" + text + "\"");
      }
      return text;
    }
  }

  /** A time, as Instant writes it, or the first digits of a commit; of a date its last second. */
  static final class Moment implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (text.matches("[0-9a-f]{7,64}")) {
        return text;
      }
      try {
        Instant time =
            text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")
                ? LocalDate.parse(text)
                    .plusDays(1)
                    .atStartOfDay()
                    .toInstant(ZoneOffset.UTC)
                    .minusSeconds(1)
                : OffsetDateTime.parse(text).toInstant();
        return time.toString();
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "must be a time such as \"2026-11-21T03:00:00Z\", a date, or 7 to 64 hex digits of a"
                + " commit; got \""
                + text
                + "\"");
      }
    }
  }

  /** How an answer is written. */
  static final class Format implements ITypeConverter<Actions.Output> {
    @Override
    public Actions.Output convert(String text) {
      return switch (text) {
        case "text" -> Actions.Output.TEXT;
        case "yaml" -> Actions.Output.YAML;
        case "json" -> Actions.Output.JSON;
        default ->
            throw new TypeConversionException(
                "must be \"text\", \"yaml\" or \"json\"; got \"" + text + "\"");
      };
    }
  }

  /** How a plan is written. */
  static final class PlanFormat implements ITypeConverter<Actions.PlanOutput> {
    @Override
    public Actions.PlanOutput convert(String text) {
      return switch (text) {
        case "text" -> Actions.PlanOutput.TEXT;
        case "markdown" -> Actions.PlanOutput.MARKDOWN;
        case "yaml" -> Actions.PlanOutput.YAML;
        case "json" -> Actions.PlanOutput.JSON;
        default ->
            throw new TypeConversionException(
                "must be \"text\", \"markdown\", \"yaml\" or \"json\"; got \"" + text + "\"");
      };
    }
  }

  /** How much of a plan is written. */
  static final class Detail implements ITypeConverter<Actions.PlanDetail> {
    @Override
    public Actions.PlanDetail convert(String text) {
      return switch (text) {
        case "objects" -> Actions.PlanDetail.OBJECTS;
        case "changes" -> Actions.PlanDetail.CHANGES;
        case "all" -> Actions.PlanDetail.ALL;
        default ->
            throw new TypeConversionException(
                "must be \"objects\", \"changes\" or \"all\"; got \"" + text + "\"");
      };
    }
  }

  /** A whole number from 1. */
  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (!text.matches("[1-9][0-9]{0,8}")) {
        throw new TypeConversionException("must be a whole number from 1; got \"" + text + "\"");
      }
      return Integer.valueOf(text);
    }
  }

  /** How many times as fast as real time. */
  static final class Speed implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      int speed = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
      if (speed < 1 || speed > MAX_SPEED) {
        throw new TypeConversionException(
            "must be a whole number from 1 to " + MAX_SPEED + "; got \"" + text + "\"");
      }
      return speed;
    }
  }
}
