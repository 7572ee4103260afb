// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a retry strategy's {@code expression} that is supported: comparisons of {@code
 * lastRetry.exitCode}, {@code .status}, {@code .duration} and {@code .message}, with or without
 * {@code asInt()}, and {@code contains} and {@code matches} of them, joined by {@code &&} or {@code
 * ||} (the latter binds less), no brackets around them.
 */
record RetryExpression(List<List<Term>> alternatives) {
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(!?)\\s*(?:asInt\\(\\s*(lastRetry\\.[a-zA-Z]+)\\s*\\)|(lastRetry\\.[a-zA-Z]+))\\s*"
              + "(==|!=|<=|>=|<|>|contains|matches)\\s*"
              + "(?:\"([^\"]*)\"|'([^']*)'|(-?[0-9]+(?:\\.[0-9]+)?))\\s*");
  private static final Pattern JOINT = Pattern.compile("&&|\\|\\|");
  private static final List<String> VARIABLES =
      List.of("lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message");

  /** Reads an expression; "" is met by everything. */
  static RetryExpression parse(String text) throws WorkflowException {
    List<List<Term>> alternatives = new ArrayList<>();
    if (text.isBlank()) {
      return new RetryExpression(alternatives);
    }
    alternatives.add(new ArrayList<>());
    Matcher term = TERM.matcher(text);
    Matcher joint = JOINT.matcher(text);
    int at = 0;
    while (true) {
      term.region(at, text.length());
      String variable = "";
      if (term.lookingAt()) {
        variable = term.group(2) == null ? term.group(3) : term.group(2);
      }
      if (!VARIABLES.contains(variable) || !term.group(1).isEmpty()) {
        throw WorkflowException.unsupported("the retry expression \"" + text + "\"");
      }
      alternatives.get(alternatives.size() - 1).add(term(term, variable));
      if (term.end() == text.length()) {
        return new RetryExpression(alternatives);
      }
      joint.region(term.end(), text.length());
      if (!joint.lookingAt()) {
        throw WorkflowException.unsupported("the retry expression \"" + text + "\"");
      }
      if (joint.group().equals("||")) {
        alternatives.add(new ArrayList<>());
      }
      at = joint.end();
    }
  }

  private static Term term(Matcher term, String variable) {
    String literal =
        term.group(5) != null
            ? term.group(5)
            : term.group(6) != null ? term.group(6) : term.group(7);
    return new Term(variable, term.group(4), literal, term.group(2) != null);
  }

  /** Whether the variables of the last try, by their names, meet it. */
  boolean isMetBy(Map<String, String> variables) {
    return alternatives.isEmpty()
        || alternatives.stream()
            .anyMatch(terms -> terms.stream().allMatch(term -> term.isMetBy(variables)));
  }

  record Term(String variable, String operator, String literal, boolean asNumber) {
    boolean isMetBy(Map<String, String> variables) {
      String live = variables.getOrDefault(variable, "");
      return switch (operator) {
        case "contains" -> live.contains(literal);
        case "matches" -> Pattern.compile(literal).matcher(live).find();
        case "==" -> asNumber ? compare(live) == 0 : live.equals(literal);
        case "!=" -> asNumber ? compare(live) != 0 : !live.equals(literal);
        case "<" -> compare(live) < 0;
        case "<=" -> compare(live) <= 0;
        case ">" -> compare(live) > 0;
        default -> compare(live) >= 0;
      };
    }

    private int compare(String live) {
      try {
        return Double.compare(Double.parseDouble(live), Double.parseDouble(literal));
      } catch (NumberFormatException e) {
        return live.compareTo(literal);
      }
    }
  }
}
