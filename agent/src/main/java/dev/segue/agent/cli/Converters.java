// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.preview.Detail;
import dev.segue.renderer.preview.PreviewMarkdown;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
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

  /** One of a few words: an enumeration's names in lower case. Shells complete the same words. */
  private abstract static class Word<E extends Enum<E>>
      implements ITypeConverter<E>, Iterable<String> {
    private final List<E> words;

    Word(List<E> words) {
      this.words = words;
    }

    @Override
    public E convert(String text) {
      return words.stream()
          .filter(word -> written(word).equals(text))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("must be " + listed() + "; got \"" + text + "\""));
    }

    @Override
    public Iterator<String> iterator() {
      return words.stream().map(Word::written).iterator();
    }

    private String listed() {
      List<String> quoted = words.stream().map(word -> '"' + written(word) + '"').toList();
      int last = quoted.size() - 1;
      return String.join(", ", quoted.subList(0, last)) + " or " + quoted.get(last);
    }

    private static String written(Enum<?> word) {
      return word.name().toLowerCase(Locale.ROOT);
    }
  }

  /** How an answer is written. */
  static final class Format extends Word<Actions.Output> {
    Format() {
      super(List.of(Actions.Output.TEXT, Actions.Output.YAML, Actions.Output.JSON));
    }
  }

  /** How a plan is written. */
  static final class PageFormat extends Word<Actions.Page> {
    PageFormat() {
      super(List.of(Actions.Page.values()));
    }
  }

  /** How much of a plan is written. */
  static final class HowMuch extends Word<Detail> {
    HowMuch() {
      super(List.of(Detail.values()));
    }
  }

  /** How problems are told. */
  static final class Report extends Word<Actions.Report> {
    Report() {
      super(List.of(Actions.Report.values()));
    }
  }

  /** What is asked of images. */
  static final class Images extends Word<Actions.Images> {
    Images() {
      super(List.of(Actions.Images.TAG, Actions.Images.DIGEST));
    }
  }

  /** A release's name. */
  static final class Release implements ITypeConverter<ReleaseName> {
    @Override
    public ReleaseName convert(String text) {
      try {
        return ReleaseName.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** A namespace. */
  static final class Space implements ITypeConverter<Namespace> {
    @Override
    public Namespace convert(String text) {
      try {
        return Namespace.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** How an order is drawn. */
  static final class Drawing extends Word<Actions.Drawing> {
    Drawing() {
      super(List.of(Actions.Drawing.values()));
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

  /** How many characters a page may have. */
  static final class Room implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      int characters = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
      if (characters < PreviewMarkdown.SHORTEST) {
        throw new TypeConversionException(
            "must be a whole number from " + PreviewMarkdown.SHORTEST + "; got \"" + text + "\"");
      }
      return characters;
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
