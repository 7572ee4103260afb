// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the fields of an object strictly: what is asked for is known, and {@link #finish} reports
 * everything else. A field that is written without a value counts as not written, as in Kubernetes.
 */
public final class FieldReader {
  /**
   * What all objects of a document share.
   *
   * @param anyCase whether {@code configmapRef} is {@code configMapRef}, as Go's JSON has it
   */
  record Context(Findings findings, boolean anyCase) {}

  private final String path;
  private final int line;
  private final YamlNode.Mapping mapping;
  private final Context context;
  private final Set<String> known = new TreeSet<>();

  FieldReader(String path, int line, YamlNode.Mapping mapping, Context context) {
    this.path = path;
    this.line = line;
    this.mapping = mapping;
    this.context = context;
  }

  /**
   * Reads a document's root, its field names as they are written; empty, with a problem in {@code
   * findings}, when it is no object.
   */
  public static Optional<FieldReader> of(YamlNode root, Findings findings) {
    if (root instanceof YamlNode.Mapping mapping) {
      return Optional.of(ofRoot(mapping, findings, false));
    }
    findings.add(root.line(), ProblemCode.WRONG_TYPE, "", "the document must be an object", "");
    return Optional.empty();
  }

  static FieldReader ofRoot(YamlNode.Mapping root, Findings findings, boolean anyCase) {
    return new FieldReader("", root.line(), root, new Context(findings, anyCase));
  }

  public int line() {
    return line;
  }

  /** Where this object stands in the document; "" for its root. */
  public String path() {
    return path;
  }

  /** Returns the field; empty when it is not there or has no value. */
  public Optional<Field> find(String key) {
    known.add(key);
    Optional<YamlNode.Entry> found = Optional.empty();
    for (YamlNode.Entry entry : mapping.entries()) {
      if (!isKey(key, entry.key())) {
        continue;
      }
      if (found.isPresent()) {
        String message = "must stand once; it is already on line " + found.get().line();
        context
            .findings()
            .add(
                entry.line(),
                ProblemCode.DUPLICATE_KEY,
                pathOf(entry.key()),
                message,
                "Remove one of them.");
        continue;
      }
      found = Optional.of(entry);
    }
    return found
        .filter(entry -> !(entry.value() instanceof YamlNode.Scalar s && s.value() == null))
        .map(entry -> new Field(pathOf(key), entry.line(), entry.value(), context));
  }

  /** As {@link #find}; reports a field that is not there. */
  public Optional<Field> require(String key) {
    Optional<Field> field = find(key);
    if (field.isEmpty()) {
      missing(key, "");
    }
    return field;
  }

  /** Reports that {@code key} is not there. */
  public void missing(String key, String remedy) {
    context.findings().add(line, ProblemCode.MISSING_FIELD, pathOf(key), "must be given", remedy);
  }

  public Optional<String> text(String key) {
    return find(key).flatMap(Field::text);
  }

  public Optional<Duration> duration(String key) {
    return find(key).flatMap(Field::duration);
  }

  public Optional<FieldReader> object(String key) {
    return find(key).flatMap(Field::object);
  }

  /** The items of a list; an empty list when the field is not there. */
  public List<Field> items(String key) {
    return find(key).map(Field::items).orElse(List.of());
  }

  /** Every field, in the file's order; all are known from now on. */
  public Map<String, Field> all() {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      known.add(entry.key());
      fields.put(entry.key(), new Field(pathOf(entry.key()), entry.line(), entry.value(), context));
    }
    return fields;
  }

  /** Makes fields known that are read by nobody. */
  public void ignore(String... keys) {
    known.addAll(List.of(keys));
  }

  /** Reports every field that nobody asked for, with the nearest known one. */
  public void finish() {
    for (YamlNode.Entry entry : mapping.entries()) {
      if (known.stream().noneMatch(key -> isKey(key, entry.key()))) {
        context
            .findings()
            .add(
                entry.line(),
                ProblemCode.UNKNOWN_FIELD,
                pathOf(entry.key()),
                "is not known",
                Findings.didYouMean(
                    entry.key(), known, "Known here: " + String.join(", ", known) + "."));
      }
    }
  }

  private boolean isKey(String key, String written) {
    return context.anyCase() ? key.equalsIgnoreCase(written) : key.equals(written);
  }

  private String pathOf(String key) {
    boolean odd = key.isEmpty() || key.length() > 80 || !key.matches("[\\w./-]+");
    String step = odd ? "[" + Findings.quote(key) + "]" : key;
    return path.isEmpty() || odd ? path + step : path + "." + step;
  }
}
