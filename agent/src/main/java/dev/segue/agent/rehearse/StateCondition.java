// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@code successCondition} or {@code failureCondition}: a Kubernetes label selector whose keys
 * are paths into the live object, with the limits that a selector has. As in Argo, success is the
 * conjunction of the requirements and failure the disjunction.
 */
record StateCondition(List<Requirement> requirements) {
  private static final Pattern KEY = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(?:(?<not>!)\\s*(?<absent>[^\\s=!(),<>]+)"
              + "|(?<key>[^\\s=!(),<>]+)"
              + "(?:\\s*(?<op>==|!=|=|<|>)\\s*(?<value>[^\\s=!(),<>]*)"
              + "|\\s+(?<set>in|notin)\\s*\\((?<values>[^()=!<>]*)\\))?)\\s*");
  private static final int MAX_LENGTH = 63;

  StateCondition {
    requirements = requirements.stream().sorted(Comparator.comparing(Requirement::key)).toList();
  }

  /** Reads a selector; throws IllegalArgumentException, which says what does not parse. */
  static StateCondition parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    Matcher term = TERM.matcher(text);
    int at = 0;
    while (at < text.length()) {
      term.region(at, text.length());
      if (!term.lookingAt() || (term.end() < text.length() && text.charAt(term.end()) != ',')) {
        throw new IllegalArgumentException(
            "unable to parse requirement: found '" + text.substring(at).strip() + "'");
      }
      requirements.add(requirement(term));
      at = term.end() + 1;
      if (at == text.length()) {
        throw new IllegalArgumentException("found '', expected: identifier after ','");
      }
    }
    return new StateCondition(requirements);
  }

  private static Requirement requirement(Matcher term) {
    if (term.group("not") != null) {
      return checked(term.group("absent"), Operator.ABSENT, List.of());
    }
    String key = term.group("key");
    if (term.group("set") != null) {
      Operator operator = term.group("set").equals("in") ? Operator.IN : Operator.NOT_IN;
      List<String> values = List.of(term.group("values").split(",", -1));
      return checked(
          key, operator, values.stream().map(String::strip).distinct().sorted().toList());
    }
    String symbol = term.group("op");
    if (symbol == null) {
      return checked(key, Operator.PRESENT, List.of());
    }
    Operator operator =
        switch (symbol) {
          case "==" -> Operator.DOUBLE_EQUALS;
          case "=" -> Operator.EQUALS;
          case "!=" -> Operator.NOT_EQUALS;
          case "<" -> Operator.LESS;
          default -> Operator.GREATER;
        };
    return checked(key, operator, List.of(term.group("value")));
  }

  private static Requirement checked(String key, Operator operator, List<String> values) {
    if (key.length() > MAX_LENGTH || !KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "key: Invalid value: \""
              + key
              + "\": name part must consist of alphanumeric characters, '-', '_' or '.', at most "
              + MAX_LENGTH);
    }
    for (String value : values) {
      if (value.length() > MAX_LENGTH || !VALUE.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "values["
                + key
                + "]: Invalid value: \""
                + value
                + "\": a valid label must be at most "
                + MAX_LENGTH
                + " alphanumeric characters, '-', '_' or '.'");
      }
      boolean ordered = operator == Operator.LESS || operator == Operator.GREATER;
      if (ordered && !value.matches("-?[0-9]{1,18}")) {
        throw new IllegalArgumentException(
            "for 'Gt', 'Lt' operators, the value must be an integer; got \"" + value + "\"");
      }
    }
    return new Requirement(key, operator, values);
  }

  /** Whether the object satisfies every requirement. */
  boolean isMetBy(Map<String, @Nullable Object> object) {
    return requirements.stream().allMatch(requirement -> requirement.isMetBy(object));
  }

  /** Returns the first requirement that the object satisfies, in the order of their keys. */
  Optional<Requirement> firstMetBy(Map<String, @Nullable Object> object) {
    return requirements.stream().filter(requirement -> requirement.isMetBy(object)).findFirst();
  }

  enum Operator {
    EQUALS("="),
    DOUBLE_EQUALS("=="),
    NOT_EQUALS("!="),
    IN(" in "),
    NOT_IN(" notin "),
    LESS("<"),
    GREATER(">"),
    PRESENT(""),
    ABSENT("!");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }
  }

  record Requirement(String key, Operator operator, List<String> values) {
    Requirement {
      values = List.copyOf(values);
    }

    boolean isMetBy(Map<String, @Nullable Object> object) {
      Optional<String> live = find(object, key);
      return switch (operator) {
        case EQUALS, DOUBLE_EQUALS, IN -> live.isPresent() && values.contains(live.get());
        case NOT_EQUALS, NOT_IN -> live.isEmpty() || !values.contains(live.get());
        case PRESENT -> live.isPresent();
        case ABSENT -> live.isEmpty();
        case LESS -> live.isPresent() && compare(live.get()) < 0;
        case GREATER -> live.isPresent() && compare(live.get()) > 0;
      };
    }

    /** Compares whole numbers; 0, which satisfies neither operator, when the live one is none. */
    private int compare(String live) {
      return live.matches("-?[0-9]{1,18}")
          ? Long.compare(Long.parseLong(live), Long.parseLong(values.get(0)))
          : 0;
    }

    @Override
    public String toString() {
      return switch (operator) {
        case ABSENT -> "!" + key;
        case PRESENT -> key;
        case IN, NOT_IN ->
            key
                + operator.symbol
                + values.stream().sorted().collect(Collectors.joining(",", "(", ")"));
        default -> key + operator.symbol + values.get(0);
      };
    }
  }

  /** Returns what a gjson path of names and indices finds, as a string; empty for nothing. */
  private static Optional<String> find(Map<String, @Nullable Object> object, String path) {
    @Nullable Object node = object;
    for (String step : path.split("\\.", -1)) {
      if (node instanceof Map<?, ?> map && map.containsKey(step)) {
        node = map.get(step);
      } else if (node instanceof List<?> list
          && step.matches("[0-9]{1,6}")
          && Integer.parseInt(step) < list.size()) {
        node = list.get(Integer.parseInt(step));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(Fields.text(node));
  }
}
