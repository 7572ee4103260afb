// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A semantic version as Helm reads one: {@code 1.2.3}, and also {@code v1.2.3}, {@code 1.2} and
 * {@code 1}.
 *
 * <p>The order is that of semver.org: build metadata does not count, so two versions may compare as
 * 0 and not be equal.
 *
 * @param prerelease what stands after {@code -}; "" for a release
 * @param metadata what stands after {@code +}; "" when there is none
 */
public record SemanticVersion(
    long major, long minor, long patch, String prerelease, String metadata)
    implements Comparable<SemanticVersion> {
  private static final int MAX_LENGTH = 256;
  private static final String IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*+";
  private static final Pattern LOOSE =
      Pattern.compile(
          "v?([0-9]++)(?:\\.([0-9]++))?(?:\\.([0-9]++))?"
              + ("(?:-(" + IDENTIFIERS + "))?")
              + ("(?:\\+(" + IDENTIFIERS + "))?"));
  private static final Pattern LEADING_ZERO = Pattern.compile("(?:^|.*\\.)0[0-9]+(?:\\..*|$)");
  private static final Comparator<SemanticVersion> BY_PRECEDENCE =
      Comparator.comparingLong(SemanticVersion::major)
          .thenComparingLong(SemanticVersion::minor)
          .thenComparingLong(SemanticVersion::patch)
          .thenComparing(SemanticVersion::prerelease, SemanticVersion::comparePrereleases);

  /**
   * Returns the version; throws IllegalArgumentException, which says the rule, when {@code text} is
   * none.
   */
  public static SemanticVersion parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a version must be a semantic version such as 1.2.3; got \"" + text + "\""));
  }

  /** Returns the version; empty when {@code text} is none. */
  public static Optional<SemanticVersion> find(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher matcher = LOOSE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String prerelease = orElse(matcher.group(4), "");
    if (LEADING_ZERO.matcher(prerelease).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SemanticVersion(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(orElse(matcher.group(2), "0")),
              Long.parseLong(orElse(matcher.group(3), "0")),
              prerelease,
              orElse(matcher.group(5), "")));
    } catch (NumberFormatException e) {
      return Optional.empty(); // a number beyond 63 bits
    }
  }

  /** Returns this version with other build metadata. */
  public SemanticVersion withMetadata(String other) {
    return new SemanticVersion(major, minor, patch, prerelease, other);
  }

  public boolean isPrerelease() {
    return !prerelease.isEmpty();
  }

  @Override
  public int compareTo(SemanticVersion other) {
    return BY_PRECEDENCE.compare(this, other);
  }

  @Override
  public String toString() {
    return major
        + "."
        + minor
        + "."
        + patch
        + (prerelease.isEmpty() ? "" : "-" + prerelease)
        + (metadata.isEmpty() ? "" : "+" + metadata);
  }

  /** A release comes after its prereleases, a longer list of identifiers after a shorter one. */
  static int comparePrereleases(String left, String right) {
    if (left.isEmpty() || right.isEmpty()) {
      return Boolean.compare(left.isEmpty(), right.isEmpty());
    }
    String[] lefts = left.split("\\.", -1);
    String[] rights = right.split("\\.", -1);
    for (int i = 0; i < Math.min(lefts.length, rights.length); i++) {
      int order = compareIdentifiers(lefts[i], rights[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(lefts.length, rights.length);
  }

  /** Numbers by value and before words, words by their ASCII order. */
  private static int compareIdentifiers(String left, String right) {
    boolean leftIsNumber = isNumber(left);
    if (leftIsNumber != isNumber(right)) {
      return leftIsNumber ? -1 : 1;
    }
    return leftIsNumber && left.length() != right.length()
        ? Integer.compare(left.length(), right.length())
        : left.compareTo(right);
  }

  private static boolean isNumber(String identifier) {
    return identifier.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static String orElse(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }
}
