// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a {@code .helmignore} file, as Helm's {@code internal/ignore} has them: first match
 * wins, a folder that matches hides all below it, {@code **} is refused, a negated rule hides what
 * it does <em>not</em> match.
 */
final class HelmIgnore {
  static final String FILE = ".helmignore";

  private final List<Rule> rules = new ArrayList<>();

  private HelmIgnore() {}

  private record Rule(Pattern pattern, boolean baseNameOnly, boolean negated, boolean folderOnly) {
    boolean matches(String path) {
      String subject = baseNameOnly ? path.substring(path.lastIndexOf('/') + 1) : path;
      return pattern.matcher(subject).matches();
    }
  }

  /** Returns the files of a chart's folder that Helm would load. */
  static SortedMap<String, byte[]> apply(SortedMap<String, byte[]> files, String chart)
      throws ChartException {
    byte[] text = files.get(FILE);
    HelmIgnore ignore = parse(text == null ? null : ChartFiles.text(text), chart);
    TreeMap<String, byte[]> kept = new TreeMap<>();
    files.forEach(
        (path, content) -> {
          if (!path.equals(FILE) && !ignore.hides(path)) {
            kept.put(path, content);
          }
        });
    return kept;
  }

  static HelmIgnore parse(@Nullable String text, String chart) throws ChartException {
    HelmIgnore ignore = new HelmIgnore();
    int line = 0;
    for (String rule : text == null ? List.<String>of() : text.lines().toList()) {
      line++;
      ignore.add(rule.strip(), chart, line);
    }
    ignore.add("templates/.?*", chart, 0); // Helm's only default
    return ignore;
  }

  /** Whether Helm leaves the file out: by a rule for it or for a folder above it. */
  boolean hides(String file) {
    for (int slash = file.indexOf('/'); slash >= 0; slash = file.indexOf('/', slash + 1)) {
      if (hides(file.substring(0, slash), true)) {
        return true;
      }
    }
    return hides(file, false);
  }

  private boolean hides(String path, boolean folder) {
    for (Rule rule : rules) {
      if (rule.negated()) {
        if ((rule.folderOnly() && !folder) || !rule.matches(path)) {
          return true;
        }
      } else if ((folder || !rule.folderOnly()) && rule.matches(path)) {
        return true;
      }
    }
    return false;
  }

  private void add(String text, String chart, int line) throws ChartException {
    if (text.isEmpty() || text.startsWith("#")) {
      return;
    }
    if (text.contains("**")) {
      throw invalid(chart, line, "must not use `**`, which Helm does not know");
    }
    boolean negated = text.startsWith("!");
    String rule = negated ? text.substring(1) : text;
    boolean folderOnly = rule.endsWith("/");
    rule = folderOnly ? rule.substring(0, rule.length() - 1) : rule;
    boolean baseNameOnly = !rule.contains("/");
    rule = rule.startsWith("/") ? rule.substring(1) : rule;
    try {
      rules.add(new Rule(Pattern.compile(regex(rule)), baseNameOnly, negated, folderOnly));
    } catch (PatternSyntaxException e) {
      throw invalid(chart, line, "must have rules that are patterns; got \"" + text + "\"");
    }
  }

  private static ChartException invalid(String chart, int line, String message) {
    return new ChartException(
        ProblemCode.CHART_INVALID, false, chart + "/" + FILE + ":" + line + " " + message, null);
  }

  /** Go's {@code filepath.Match}: {@code *} and {@code ?} do not match a slash. */
  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append("[^/]*");
        case '?' -> regex.append("[^/]");
        case '[' -> {
          int end = glob.indexOf(']', i + 1);
          if (end < 0) {
            throw new PatternSyntaxException("unclosed class", glob, i);
          }
          String body = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
          regex.append('[').append(body.replace("&&", "&\\&")).append(']');
          i = end;
        }
        case '\\' -> {
          if (++i == glob.length()) {
            throw new PatternSyntaxException("nothing after the backslash", glob, i);
          }
          regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }
}
