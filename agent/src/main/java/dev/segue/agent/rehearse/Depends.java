// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A task's {@code depends}: results of other tasks joined by {@code &&}, {@code ||}, {@code !} and
 * brackets. A name alone means that the task succeeded, was skipped or is a daemon (workflow/common
 * ancestry.go of Argo Workflows).
 */
sealed interface Depends {
  /** Whether the task runs, when the tasks it names have ended with these phases. */
  boolean isMetBy(Map<String, NodePhase> phases);

  /** Adds the tasks it names. */
  void addTasks(Set<String> tasks);

  /** Returns the tasks it names, sorted. */
  default Set<String> tasks() {
    Set<String> tasks = new TreeSet<>();
    addTasks(tasks);
    return tasks;
  }

  /** Reads an expression; throws IllegalArgumentException, which says what is wrong. */
  static Depends parse(String expression) {
    return new Parser(expression).parse();
  }

  /** What the older field {@code dependencies} means. */
  static Depends onAll(List<String> tasks) {
    return new All(tasks.stream().map(Depends::onSuccessOf).toList());
  }

  private static Depends onSuccessOf(String task) {
    return new Any(
        List.of(
            new Result(task, "Succeeded"),
            new Result(task, "Skipped"),
            new Result(task, "Daemoned")));
  }

  record Result(String task, String result) implements Depends {
    @Override
    public boolean isMetBy(Map<String, NodePhase> phases) {
      NodePhase phase = phases.get(task);
      return switch (result) {
        case "Succeeded" -> phase == NodePhase.SUCCEEDED;
        case "Failed" -> phase == NodePhase.FAILED;
        case "Errored" -> phase == NodePhase.ERROR;
        case "Skipped" -> phase == NodePhase.SKIPPED;
        case "Omitted" -> phase == NodePhase.OMITTED;
        default -> false; // Daemoned, and AnySucceeded and AllFailed of groups: there are none here
      };
    }

    @Override
    public void addTasks(Set<String> tasks) {
      tasks.add(task);
    }
  }

  record Not(Depends operand) implements Depends {
    @Override
    public boolean isMetBy(Map<String, NodePhase> phases) {
      return !operand.isMetBy(phases);
    }

    @Override
    public void addTasks(Set<String> tasks) {
      operand.addTasks(tasks);
    }
  }

  record All(List<Depends> operands) implements Depends {
    public All {
      operands = List.copyOf(operands);
    }

    @Override
    public boolean isMetBy(Map<String, NodePhase> phases) {
      return operands.stream().allMatch(operand -> operand.isMetBy(phases));
    }

    @Override
    public void addTasks(Set<String> tasks) {
      operands.forEach(operand -> operand.addTasks(tasks));
    }
  }

  record Any(List<Depends> operands) implements Depends {
    public Any {
      operands = List.copyOf(operands);
    }

    @Override
    public boolean isMetBy(Map<String, NodePhase> phases) {
      return operands.stream().anyMatch(operand -> operand.isMetBy(phases));
    }

    @Override
    public void addTasks(Set<String> tasks) {
      operands.forEach(operand -> operand.addTasks(tasks));
    }
  }

  /** By recursive descent: {@code !} binds before {@code &&}, {@code &&} before {@code ||}. */
  final class Parser {
    private static final Pattern TOKEN =
        Pattern.compile("\\s*(&&|\\|\\||[!()]|[a-zA-Z0-9][-a-zA-Z0-9]*(\\.[A-Za-z]+)?)\\s*");
    private static final Set<String> RESULTS =
        Set.of(
            "Succeeded",
            "Failed",
            "Errored",
            "Skipped",
            "Omitted",
            "Daemoned",
            "AnySucceeded",
            "AllFailed");
    private static final int MAX_DEPTH = 100;

    private final String expression;
    private final Matcher matcher;
    private String token = "";
    private int at;
    private int depth;

    Parser(String expression) {
      this.expression = expression;
      this.matcher = TOKEN.matcher(expression);
    }

    Depends parse() {
      next();
      Depends whole = any();
      if (!token.isEmpty()) {
        throw unexpected();
      }
      return whole;
    }

    private Depends any() {
      List<Depends> operands = new ArrayList<>(List.of(all()));
      while (token.equals("||")) {
        next();
        operands.add(all());
      }
      return operands.size() == 1 ? operands.get(0) : new Any(operands);
    }

    private Depends all() {
      List<Depends> operands = new ArrayList<>(List.of(operand()));
      while (token.equals("&&")) {
        next();
        operands.add(operand());
      }
      return operands.size() == 1 ? operands.get(0) : new All(operands);
    }

    private Depends operand() {
      if (++depth > MAX_DEPTH) {
        throw new IllegalArgumentException("it must be nested at most " + MAX_DEPTH + " deep");
      }
      try {
        if (token.equals("!")) {
          next();
          return new Not(operand());
        }
        if (token.equals("(")) {
          next();
          Depends inner = any();
          if (!token.equals(")")) {
            throw unexpected();
          }
          next();
          return inner;
        }
        return result();
      } finally {
        depth--;
      }
    }

    private Depends result() {
      if (token.isEmpty() || !Character.isLetterOrDigit(token.charAt(0))) {
        throw unexpected();
      }
      String[] parts = token.split("\\.", 2);
      next();
      if (parts.length == 1) {
        return onSuccessOf(parts[0]);
      }
      if (!RESULTS.contains(parts[1])) {
        throw new IllegalArgumentException(
            "task result '" + parts[1] + "' for task '" + parts[0] + "' is invalid");
      }
      return new Result(parts[0], parts[1]);
    }

    private void next() {
      if (at >= expression.length()) {
        token = "";
        return;
      }
      matcher.region(at, expression.length());
      if (!matcher.lookingAt()) {
        throw new IllegalArgumentException(
            "unable to evaluate expression '" + expression + "': unexpected character at " + at);
      }
      token = matcher.group(1);
      at = matcher.end();
    }

    private IllegalArgumentException unexpected() {
      return new IllegalArgumentException(
          "unable to evaluate expression '"
              + expression
              + "': unexpected "
              + (token.isEmpty() ? "end" : "\"" + token + "\""));
    }
  }
}
