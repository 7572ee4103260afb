// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GoDuration;
import java.time.Duration;
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
