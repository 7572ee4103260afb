// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value of a document and where it stands. Every method that reads it reports a value of another
 * type as a problem and returns nothing.
 */
public final class Field {
  private final String path;
  private final int line;
  private final YamlNode node;
  private final FieldReader.Context context;

  Field(String path, int line, YamlNode node, FieldReader.Context context) {
    this.path = path;
    this.line = line;
    this.node = node;
    this.context = context;
  }

  /** The path in the document, such as {@code spec.applications[0].name}. */
  public String path() {
    return path;
  }

  public int line() {
    return line;
  }

  /** Reports this value: {@code message} follows the field's name in a sentence. */
  public void report(ProblemCode code, String message, String remedy) {
    context.findings().add(line, code, path, message, remedy);
  }

  /** The value as a string that is not empty. */
  public Optional<String> text() {
    if (!(node instanceof YamlNode.Scalar scalar) || !(scalar.value() instanceof String text)) {
      boolean plain = node instanceof YamlNode.Scalar;
      return wrongType("a string", plain ? "Put it in quotes." : "");
    }
    if (text.isEmpty()) {
      report(ProblemCode.BAD_VALUE, "must not be empty", "");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  /** The value as true or false. */
  public Optional<Boolean> flag() {
    return node instanceof YamlNode.Scalar scalar && scalar.value() instanceof Boolean flag
        ? Optional.of(flag)
        : wrongType("true or false", "");
  }

  /** The value as a whole number from {@code min} to {@code max}. */
  public Optional<Long> number(long min, long max) {
    if (!(node instanceof YamlNode.Scalar scalar)
        || !(scalar.value() instanceof Number number)
        || number instanceof Double) {
      return wrongType("a whole number", "");
    }
    if (!(number instanceof Long whole) || whole < min || whole > max) {
      String range = max == Long.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
      report(
          ProblemCode.BAD_VALUE, "must be " + range + "; got " + Findings.quote(scalar.text()), "");
      return Optional.empty();
    }
    return Optional.of(whole);
  }

  /** The value as a positive duration. */
  public Optional<Duration> duration() {
    if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof Number) {
      report(
          ProblemCode.BAD_DURATION,
          "must be a duration with a unit; got " + scalar.text(),
          "Write " + Findings.quote(scalar.text() + "s") + " if you mean seconds.");
      return Optional.empty();
    }
    return parsed(ProblemCode.BAD_DURATION, GoDuration::parse);
  }

  /**
   * The value as {@code parse} reads it, which throws IllegalArgumentException with a sentence "…
   * must …; got …" for what it refuses.
   */
  public <T> Optional<T> parsed(ProblemCode code, Function<String, T> parse) {
    return text().flatMap(text -> parsed(text, code, parse));
  }

  private <T> Optional<T> parsed(String text, ProblemCode code, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException e) {
      report(code, predicate(e, text), "");
      return Optional.empty();
    }
  }

  /** From the "must" on: the field's name is the subject of a problem's sentence. */
  static String predicate(IllegalArgumentException e, String text) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    int must = message.indexOf("must ");
    String predicate = must < 0 ? "must be another text" : message.substring(must);
    int got = predicate.indexOf("; got \"");
    return (got < 0 ? predicate : predicate.substring(0, got)) + "; got " + Findings.quote(text);
  }

  /** The value as one of {@code allowed}. */
  public Optional<String> oneOf(List<String> allowed) {
    return text().filter(text -> isOneOf(text, allowed));
  }

  private boolean isOneOf(String text, List<String> allowed) {
    if (allowed.contains(text)) {
      return true;
    }
    report(
        ProblemCode.BAD_VALUE,
        "must be one of " + String.join(", ", allowed) + "; got " + Findings.quote(text),
        Findings.didYouMean(text, allowed, ""));
    return false;
  }

  /** The items of the value as a list; an empty list when it is none. */
  public List<Field> items() {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      wrongType("a list", "");
      return List.of();
    }
    List<Field> items = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      items.add(new Field(path + "[" + items.size() + "]", item.line(), item, context));
    }
    return items;
  }

  /** The items of the value as a list of strings that are not empty. */
  public List<String> texts() {
    return items().stream().flatMap(item -> item.text().stream()).toList();
  }

  /** The value as an object whose fields are to be read. */
  public Optional<FieldReader> object() {
    return node instanceof YamlNode.Mapping mapping
        ? Optional.of(new FieldReader(path, line, mapping, context))
        : wrongType("an object", "");
  }

  /** The value as a tree of free content. */
  public Optional<Values> tree() {
    return node instanceof YamlNode.Mapping mapping
        ? Optional.of(new Values(mapping.data()))
        : wrongType("an object", "");
  }

  /** The value as a map of strings, such as labels. */
  public Map<String, String> textMap() {
    Map<String, String> texts = new TreeMap<>();
    object()
        .ifPresent(
            reader ->
                reader
                    .all()
                    .forEach((key, field) -> field.text().ifPresent(text -> texts.put(key, text))));
    return texts;
  }

  /** Whatever stands there, as plain data. */
  public @Nullable Object data() {
    return node.data();
  }

  public boolean isObject() {
    return node instanceof YamlNode.Mapping;
  }

  public boolean isList() {
    return node instanceof YamlNode.Sequence;
  }

  private <T> Optional<T> wrongType(String wanted, String remedy) {
    report(ProblemCode.WRONG_TYPE, "must be " + wanted + "; got " + description(), remedy);
    return Optional.empty();
  }

  private String description() {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return isList() ? "a list" : "an object";
    }
    if (scalar.value() == null) {
      return "nothing";
    }
    String type =
        scalar.value() instanceof Boolean
            ? "true or false"
            : scalar.value() instanceof String ? "a string" : "a number";
    return Findings.quote(scalar.text()) + ", which is " + type;
  }
}
