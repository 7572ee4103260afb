// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of a {@link VersionRange}, such as {@code >=1.2} or {@code 3.x}.
 *
 * @param bound the version with 0 for what is open
 * @param open the first part that is {@code x} or not written
 */
record VersionTerm(String operator, SemanticVersion bound, Open open) {
  /** Where a version such as {@code 1.x} stops to be exact. */
  enum Open {
    MAJOR,
    MINOR,
    PATCH,
    NOTHING
  }

  private static final Pattern PARTS =
      Pattern.compile("v?([0-9]+|[xX*])(?:\\.([0-9]+|[xX*]))?(?:\\.([0-9]+|[xX*]))?([-+].*)?");

  /** Returns the term; empty when the version's numbers or its prerelease are none. */
  static Optional<VersionTerm> parse(String operator, String version) {
    Matcher parts = PARTS.matcher(version);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Open open =
        isOpen(parts.group(1))
            ? Open.MAJOR
            : isOpen(parts.group(2))
                ? Open.MINOR
                : isOpen(parts.group(3)) ? Open.PATCH : Open.NOTHING;
    String suffix = parts.group(4) == null ? "" : parts.group(4);
    String exact =
        switch (open) {
          case MAJOR -> "0.0.0" + suffix;
          case MINOR -> parts.group(1) + ".0.0" + suffix;
          case PATCH -> parts.group(1) + "." + parts.group(2) + ".0" + suffix;
          case NOTHING -> version;
        };
    return SemanticVersion.find(exact).map(bound -> new VersionTerm(operator, bound, open));
  }

  private static boolean isOpen(@Nullable String part) {
    return part == null || part.equals("x") || part.equals("X") || part.equals("*");
  }

  boolean namesPrerelease() {
    return bound.isPrerelease();
  }

  /** Prereleases that nobody named are already out. */
  boolean matches(SemanticVersion version) {
    return switch (operator) {
      case "!=" -> isUnequal(version);
      case ">" -> isGreater(version);
      case "<" -> version.compareTo(bound) < 0;
      case ">=", "=>" -> version.compareTo(bound) >= 0;
      case "<=", "=<" -> isAtMost(version);
      case "~", "~>" -> isTilde(version);
      case "^" -> isCaret(version);
      default -> open == Open.NOTHING ? version.compareTo(bound) == 0 : isTilde(version);
    };
  }

  private boolean isUnequal(SemanticVersion version) {
    return switch (open) {
      case NOTHING -> version.compareTo(bound) != 0;
      case PATCH ->
          version.major() != bound.major()
              || version.minor() != bound.minor()
              || SemanticVersion.comparePrereleases(version.prerelease(), bound.prerelease()) != 0;
      case MINOR -> version.major() != bound.major();
      case MAJOR -> version.major() != 0 || version.minor() != 0 || version.patch() != 0;
    };
  }

  /** {@code >11} is 12 and later, {@code >11.1} is 11.2 and later. */
  private boolean isGreater(SemanticVersion version) {
    if (open == Open.MINOR || (open == Open.PATCH && version.major() != bound.major())) {
      return version.major() > bound.major();
    }
    return open == Open.PATCH ? version.minor() > bound.minor() : version.compareTo(bound) > 0;
  }

  /** {@code <=1} takes all of 1, {@code <=1.2} all of 1.2. */
  private boolean isAtMost(SemanticVersion version) {
    if (open == Open.NOTHING) {
      return version.compareTo(bound) <= 0;
    }
    return version.major() < bound.major()
        || (version.major() == bound.major()
            && (open == Open.MINOR || version.minor() <= bound.minor()));
  }

  /** {@code ~1.2.3} is 1.2.3 and later of 1.2, {@code ~1} all of 1, {@code ~*} anything. */
  private boolean isTilde(SemanticVersion version) {
    if (version.compareTo(bound) < 0) {
      return false;
    }
    boolean anything =
        (open == Open.MAJOR || open == Open.NOTHING)
            && bound.major() == 0
            && bound.minor() == 0
            && bound.patch() == 0;
    return anything
        || (version.major() == bound.major()
            && (open == Open.MINOR || version.minor() == bound.minor()));
  }

  /**
   * Up to the next change of the first part that is not 0. {@code ^*} takes 0.0.0 only: so does
   * Masterminds.
   */
  private boolean isCaret(SemanticVersion version) {
    if (version.compareTo(bound) < 0) {
      return false;
    }
    if (bound.major() > 0 || open == Open.MINOR) {
      return version.major() == bound.major();
    }
    if (version.major() > 0) {
      return false;
    }
    if (bound.minor() > 0 || open == Open.PATCH) {
      return version.minor() == bound.minor();
    }
    return version.minor() == 0 && version.patch() == bound.patch();
  }
}
