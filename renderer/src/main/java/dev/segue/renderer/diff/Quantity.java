// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An amount as Kubernetes writes it, such as {@code 10Gi}. */
final class Quantity {
  private static final Pattern FORM =
      Pattern.compile("([+-]?[0-9.]+)([eE][+-]?[0-9]+)?(m|k|[MGTPE]|[KMGTPE]i)?");

  private static final Map<String, BigDecimal> FACTORS =
      Map.ofEntries(
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("P", BigDecimal.TEN.pow(15)),
          Map.entry("E", BigDecimal.TEN.pow(18)),
          Map.entry("Ki", new BigDecimal(1L << 10)),
          Map.entry("Mi", new BigDecimal(1L << 20)),
          Map.entry("Gi", new BigDecimal(1L << 30)),
          Map.entry("Ti", new BigDecimal(1L << 40)),
          Map.entry("Pi", new BigDecimal(1L << 50)),
          Map.entry("Ei", new BigDecimal(1L << 60)));

  private Quantity() {}

  /** Whether both are amounts and the first is less. */
  static boolean isLess(@Nullable Object amount, @Nullable Object other) {
    Optional<BigDecimal> a = parse(amount);
    Optional<BigDecimal> b = parse(other);
    return a.isPresent() && b.isPresent() && a.get().compareTo(b.get()) < 0;
  }

  /** Whether both are amounts and the same: the API server keeps {@code 1000m} as {@code 1}. */
  static boolean isSame(@Nullable Object amount, @Nullable Object other) {
    Optional<BigDecimal> a = parse(amount);
    Optional<BigDecimal> b = parse(other);
    return a.isPresent() && b.isPresent() && a.get().compareTo(b.get()) == 0;
  }

  private static Optional<BigDecimal> parse(@Nullable Object amount) {
    Matcher matcher = FORM.matcher(String.valueOf(amount));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String exponent = matcher.group(2);
      BigDecimal number = new BigDecimal(matcher.group(1) + (exponent == null ? "" : exponent));
      BigDecimal factor = FACTORS.get(String.valueOf(matcher.group(3)));
      return Optional.of(factor == null ? number : number.multiply(factor));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
