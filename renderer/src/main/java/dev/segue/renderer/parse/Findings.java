// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlFault;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Collects the problems of one file. */
public final class Findings {
  private static final int MAX_SHOWN = 80;

  private final String file;
  private final TreeSet<Problem> problems = new TreeSet<>();

  /** Collects for {@code file}, as its problems will name it. */
  public Findings(String file) {
    this.file = file;
  }

  /** Adds a problem; the parameters are those of {@link Problem}. */
  public void add(int line, ProblemCode code, String field, String message, String remedy) {
    problems.add(new Problem(code, file, line, field, message, remedy));
  }

  /** Adds what the YAML reader found. */
  public void add(YamlFault fault) {
    switch (fault.kind()) {
      case SYNTAX -> add(fault.line(), ProblemCode.YAML_SYNTAX, "", fault.message(), hint(fault));
      case DUPLICATE_KEY ->
          add(fault.line(), ProblemCode.DUPLICATE_KEY, "", fault.message(), "Remove one of them.");
      case TOO_LARGE ->
          add(fault.line(), ProblemCode.TOO_LARGE, "", fault.message(), "Split the file.");
    }
  }

  private static String hint(YamlFault fault) {
    if (fault.message().contains("scanning an alias") || fault.message().contains("'@'")) {
      return "Put a text that begins with a special character in quotes, such as \"*\".";
    }
    return fault.message().contains("TAB") ? "Indent with spaces." : "";
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Every problem so far, sorted, each once. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Quotes what a user wrote, for a message of one line: shortened, without control characters. */
  public static String quote(String text) {
    String shown =
        text.codePointCount(0, text.length()) > MAX_SHOWN
            ? text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN)) + "…"
            : text;
    return '"' + shown.replaceAll("[\\p{Cntrl}\u2028\u2029]", " ") + '"';
  }

  /** Returns the question {@code Did you mean "x"?}, or {@code otherwise} when nothing is near. */
  public static String didYouMean(String text, Collection<String> known, String otherwise) {
    return Nearest.of(text, known)
        .map(near -> "Did you mean " + quote(near) + "?")
        .orElse(otherwise);
  }
}
