// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of versions as Helm and Flux read it (Masterminds semver 3): {@code 1.2.3}, {@code ^1.2},
 * {@code ~1.2.3}, {@code >=1 <2 || 3.x}, {@code 1.2 - 1.9}, {@code *}. A space or comma is "and",
 * {@code ||} is "or". Prereleases are in it only where a version of the same "and" names one.
 */
public final class VersionRange {
  private static final int MAX_LENGTH = 512;
  private static final int MAX_GROUPS = 32;
  private static final String VERSION =
      "v?(?:[0-9]++|[xX*])(?:\\.(?:[0-9]++|[xX*]))?+(?:\\.(?:[0-9]++|[xX*]))?+"
          + "(?:-[0-9A-Za-z-]++(?:\\.[0-9A-Za-z-]++)*+)?+"
          + "(?:\\+[0-9A-Za-z-]++(?:\\.[0-9A-Za-z-]++)*+)?+";
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*+(!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|)\\s*+(" + VERSION + ")(?:\\s*+,|\\s++|$)");
  private static final Pattern HYPHEN =
      Pattern.compile("\\s*+(" + VERSION + ")\\s++-\\s++(" + VERSION + ")\\s*+");

  private final String text;
  private final List<List<VersionTerm>> groups;

  private VersionRange(String text, List<List<VersionTerm>> groups) {
    this.text = text;
    this.groups = groups;
  }

  /**
   * Returns the range; throws IllegalArgumentException, which says the rule, when {@code text} is
   * none.
   */
  public static VersionRange parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a version range must have at most " + MAX_LENGTH + " characters");
    }
    String[] alternatives = HYPHEN.matcher(text).replaceAll(">= $1, <= $2 ").split("\\|\\|", -1);
    if (alternatives.length > MAX_GROUPS) {
      throw new IllegalArgumentException(
          "a version range must have at most " + MAX_GROUPS + " alternatives");
    }
    List<List<VersionTerm>> groups = new ArrayList<>();
    for (String alternative : alternatives) {
      groups.add(terms(text, alternative));
    }
    return new VersionRange(text, List.copyOf(groups));
  }

  private static List<VersionTerm> terms(String text, String alternative) {
    List<VersionTerm> terms = new ArrayList<>();
    Matcher matcher = TERM.matcher(alternative);
    int position = 0;
    do {
      if (!matcher.region(position, alternative.length()).lookingAt()) {
        throw notARange(text);
      }
      terms.add(
          VersionTerm.parse(matcher.group(1), matcher.group(2)).orElseThrow(() -> notARange(text)));
      position = matcher.end();
    } while (position < alternative.length());
    if (matcher.group().endsWith(",")) {
      throw notARange(text);
    }
    return List.copyOf(terms);
  }

  private static IllegalArgumentException notARange(String text) {
    return new IllegalArgumentException(
        "a version must be a semantic version or a range of them, such as \"1.2.3\", \"^1.2\" or"
            + " \">=1.2 <2\"; got \""
            + text
            + "\"");
  }

  /** Whether {@code version} is in the range; a prerelease only where the range names one. */
  public boolean matches(SemanticVersion version) {
    return groups.stream().anyMatch(terms -> matches(terms, version));
  }

  /** As {@link #matches(SemanticVersion)}; false when {@code version} is no semantic version. */
  public boolean matches(String version) {
    return SemanticVersion.find(version).filter(this::matches).isPresent();
  }

  private static boolean matches(List<VersionTerm> terms, SemanticVersion version) {
    boolean prereleases = terms.stream().anyMatch(VersionTerm::namesPrerelease);
    return (prereleases || !version.isPrerelease())
        && terms.stream().allMatch(term -> term.matches(version));
  }

  /**
   * Returns the one of {@code versions} that Helm takes: the very text of the range if it is among
   * them, else the newest that is in the range (of equals the last in text order, so the answer
   * does not depend on theirs); empty when none is. What is no semantic version is passed over.
   */
  public Optional<String> newest(Collection<String> versions) {
    if (versions.contains(text)) {
      return Optional.of(text);
    }
    record Candidate(SemanticVersion version, String text) {}
    return versions.stream()
        .flatMap(v -> SemanticVersion.find(v).map(found -> new Candidate(found, v)).stream())
        .filter(candidate -> matches(candidate.version()))
        .max(Comparator.comparing(Candidate::version).thenComparing(Candidate::text))
        .map(Candidate::text);
  }

  /** The range as it was written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionRange range && text.equals(range.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
