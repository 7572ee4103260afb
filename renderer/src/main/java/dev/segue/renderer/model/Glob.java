// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern for paths: {@code *} and {@code ?} within a segment, {@code **} for any number of
 * segments (none too), {@code {a,b}} for alternatives. Takes time linear in path and pattern,
 * whatever they are, and knows which folders need no look.
 */
public final class Glob {
  private static final int MAX_ALTERNATIVES = 1000;

  private static final Pattern WILDCARD = Pattern.compile("[*?{]");
  private static final Pattern YAML = Pattern.compile("\\.ya?ml$");

  private final String text;
  private final List<String[]> alternatives;
  private final boolean literal;

  private Glob(String text, List<String[]> alternatives) {
    this.text = text;
    this.alternatives = alternatives;
    this.literal = !WILDCARD.matcher(text).find();
  }

  /** Throws IllegalArgumentException with a message that says what a glob must be. */
  public static Glob parse(String text) {
    String normal = text.replaceAll("/+", "/").replaceAll("^(\\./)+|/$", "");
    if (normal.equals(".")) {
      normal = "";
    }
    check(!text.startsWith("/") && !normal.matches("(.*/)?\\.{1,2}(/.*)?"), "be relative", text);
    check(!text.contains("\\") && !text.contains("["), "not hold a backslash or bracket", text);
    List<String> expanded = new ArrayList<>();
    expand(normal, expanded, text);
    return new Glob(normal, expanded.stream().map(each -> each.split("/", -1)).toList());
  }

  /** Whether it names one file or folder, without any wildcard. */
  public boolean isLiteral() {
    return literal;
  }

  /** The path that a literal glob names; "" for the root. */
  public String path() {
    return text;
  }

  /**
   * The named folder above everything that can match, "" for the root; a literal file's own folder.
   */
  public String literalFolder() {
    if (literal) {
      return YAML.matcher(text).find()
          ? text.substring(0, Math.max(0, text.lastIndexOf('/')))
          : text;
    }
    int wildcard = WILDCARD.matcher(text).results().findFirst().orElseThrow().start();
    return text.substring(0, Math.max(0, text.lastIndexOf('/', wildcard)));
  }

  public boolean matches(String path) {
    String[] segments = path.split("/", -1);
    return alternatives.stream().anyMatch(each -> reach(each, segments)[each.length]);
  }

  /** Whether a path below {@code folder} could match. */
  public boolean mayMatchBelow(String folder) {
    if (folder.isEmpty()) {
      return true;
    }
    String[] segments = folder.split("/", -1);
    for (String[] pattern : alternatives) {
      boolean[] reached = reach(pattern, segments);
      for (int i = 0; i < pattern.length; i++) {
        if (reached[i]) {
          return true;
        }
      }
    }
    return false;
  }

  /** Which numbers of pattern segments can have been used up when all of the path is. */
  private static boolean[] reach(String[] pattern, String[] path) {
    boolean[] reached = new boolean[pattern.length + 1];
    reached[0] = true;
    skipDoubleStars(pattern, reached);
    for (String segment : path) {
      boolean[] next = new boolean[pattern.length + 1];
      for (int i = 0; i < pattern.length; i++) {
        if (reached[i] && pattern[i].equals("**")) {
          next[i] = true;
        } else if (reached[i] && matchesSegment(pattern[i], segment)) {
          next[i + 1] = true;
        }
      }
      skipDoubleStars(pattern, next);
      reached = next;
    }
    return reached;
  }

  private static void skipDoubleStars(String[] pattern, boolean[] reached) {
    for (int i = 0; i < pattern.length; i++) {
      if (reached[i] && pattern[i].equals("**")) {
        reached[i + 1] = true;
      }
    }
  }

  /** Goes back to the last star only, which is enough. */
  private static boolean matchesSegment(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      char wanted = p < pattern.length() ? pattern.charAt(p) : 0;
      if (p < pattern.length() && wanted == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && (wanted == '?' || wanted == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private static void expand(String text, List<String> expanded, String whole) {
    int open = text.indexOf('{');
    if (open < 0) {
      check(text.indexOf('}') < 0, "close only braces that it opened", whole);
      check(expanded.size() < MAX_ALTERNATIVES, "not mean more than 1000 alternatives", whole);
      expanded.add(text);
      return;
    }
    int close = text.indexOf('}', open);
    check(close > open && text.indexOf('}') == close, "close every brace", whole);
    String inner = text.substring(open + 1, close);
    check(inner.indexOf('{') < 0, "not nest braces", whole);
    for (String each : inner.split(",", -1)) {
      expand(text.substring(0, open) + each + text.substring(close + 1), expanded, whole);
    }
  }

  private static void check(boolean condition, String must, String glob) {
    if (!condition) {
      throw new IllegalArgumentException("a glob must " + must + "; got \"" + glob + "\"");
    }
  }
}
