// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as Kubernetes writes them: {@code 2Gi}, {@code 500M}, {@code 1024}. */
final class ByteSize {
  private static final Pattern QUANTITY =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)(|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)");

  private ByteSize() {}

  /** Returns the bytes; throws IllegalArgumentException when {@code text} is no positive size. */
  static long parse(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (matcher.matches()) {
      String unit = matcher.group(2);
      BigDecimal base = BigDecimal.valueOf(unit.endsWith("i") ? 1024 : 1000);
      int power = unit.isEmpty() ? 0 : "kMGTP".indexOf(unit.replace("K", "k").charAt(0)) + 1;
      BigDecimal bytes =
          new BigDecimal(matcher.group(1))
              .multiply(base.pow(power))
              .setScale(0, RoundingMode.FLOOR);
      if (bytes.signum() > 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
        return bytes.longValueExact();
      }
    }
    throw new IllegalArgumentException(
        "a size must be a positive quantity such as \"512Mi\" or \"2Gi\"; got \"" + text + "\"");
  }
}
