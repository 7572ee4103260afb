// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import dev.segue.renderer.diff.FieldChange;
import dev.segue.renderer.diff.LineDiff;
import dev.segue.renderer.diff.ObjectChange;
import dev.segue.renderer.diff.Operation;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.Printable;
import dev.segue.renderer.model.SensitiveValues;
import dev.segue.renderer.preview.DiffLine.Kind;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What becomes of a release's objects, line by line; every line is one line and obeys nobody. */
final class DiffLines {
  /** The lines around one that changes. */
  private static final int CONTEXT = 2;

  private static final int MAX_LINE = 500;

  /** So much of a long text stands before the place where it differs. */
  private static final int LED_BY = 60;

  private final Detail detail;
  private final boolean upgrade;
  private final List<DiffLine> lines = new ArrayList<>();

  private DiffLines(Detail detail, boolean upgrade) {
    this.detail = detail;
    this.upgrade = upgrade;
  }

  static List<DiffLine> of(ReleaseDiff diff, Detail detail) {
    boolean upgrade = diff.operation() != Operation.INSTALL && diff.operation() != Operation.DELETE;
    DiffLines lines = new DiffLines(detail, upgrade);
    diff.objects().stream()
        .filter(object -> !object.isRoutine() && object.kind() != ObjectChange.Kind.UNKNOWN)
        .forEach(lines::object);
    lines.routine(diff.objects().stream().filter(ObjectChange::isRoutine).toList());
    lines.unknown(
        diff.objects().stream()
            .filter(object -> object.kind() == ObjectChange.Kind.UNKNOWN)
            .toList());
    return lines.lines;
  }

  private void add(Kind kind, String text) {
    String line = Printable.line(text).stripTrailing();
    lines.add(
        new DiffLine(kind, line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "…" : line));
  }

  private void object(ObjectChange object) {
    add(
        switch (object.kind()) {
          case ADDED -> Kind.OBJECT_ADDED;
          case REMOVED -> Kind.OBJECT_REMOVED;
          case LEFT, CHANGED, UNKNOWN -> Kind.OBJECT_CHANGED;
        },
        heading(object));
    switch (object.kind()) {
      case ADDED -> {
        if (detail == Detail.ALL || (detail == Detail.CHANGES && upgrade)) {
          yaml(Kind.ADDED, "", object.content());
        }
      }
      case REMOVED -> {
        if (detail == Detail.ALL) {
          yaml(Kind.REMOVED, "", object.content());
        }
      }
      case LEFT -> add(Kind.NOTE, "no longer of the release, and stays where it is");
      case CHANGED, UNKNOWN -> fields(object);
    }
  }

  private static String heading(ObjectChange object) {
    String part =
        switch (object.part()) {
          case "hook" -> " (hook)";
          case "crd" -> " (in crds/)";
          default -> "";
        };
    return object.id().text() + part;
  }

  private void fields(ObjectChange object) {
    if (detail == Detail.OBJECTS) {
      return;
    }
    object.fields().stream().filter(Predicate.not(FieldChange::isRoutine)).forEach(this::field);
    List<FieldChange> routine = object.fields().stream().filter(FieldChange::isRoutine).toList();
    if (!routine.isEmpty()) {
      add(
          Kind.NOTE,
          routine.stream()
              .map(field -> field.path().lastKey())
              .distinct()
              .sorted()
              .collect(Collectors.joining(", ", "and ", "")));
    }
  }

  private void field(FieldChange field) {
    String path = field.path().text();
    switch (field.kind()) {
      case ADDED -> value(Kind.ADDED, path, field.after());
      case REMOVED -> value(Kind.REMOVED, path, field.before());
      case REORDERED -> {
        value(Kind.REMOVED, path + " in the order", flow(field.before()));
        value(Kind.ADDED, path + " in the order", flow(field.after()));
      }
      case UNKNOWN -> add(Kind.NOTE, path + ": not known, only a mask is recorded");
      case CHANGED -> changed(path, field.before(), field.after());
    }
  }

  private void changed(String path, @Nullable Object before, @Nullable Object after) {
    if (before instanceof String a
        && after instanceof String b
        && (a.contains("\n") || b.contains("\n"))) {
      add(Kind.CONTEXT, path + ": |");
      if (a.lines().toList().equals(b.lines().toList())) {
        add(Kind.NOTE, "only the ends of its lines");
      }
      for (LineDiff.Line line : LineDiff.of(a, b, CONTEXT)) {
        add(
            switch (line.kind()) {
              case ADDED -> Kind.ADDED;
              case REMOVED -> Kind.REMOVED;
              case SAME, GAP -> Kind.CONTEXT;
            },
            "  " + line.text());
      }
      return;
    }
    int same = sameBeginning(before, after);
    value(Kind.REMOVED, path, from(same, before));
    value(Kind.ADDED, path, from(same, after));
    if (java.util.Objects.equals(before, after)) {
      add(Kind.NOTE, "another value, masked");
    }
  }

  /** How much of two long texts is left out, so that where they differ is seen. */
  private static int sameBeginning(@Nullable Object before, @Nullable Object after) {
    if (!(before instanceof String a)
        || !(after instanceof String b)
        || Math.max(a.length(), b.length()) < MAX_LINE / 2) {
      return 0;
    }
    int same = 0;
    while (same < Math.min(a.length(), b.length()) && a.charAt(same) == b.charAt(same)) {
      same++;
    }
    int begin = Math.max(0, same - LED_BY);
    return begin > 0 && Character.isLowSurrogate(a.charAt(begin)) ? begin - 1 : begin;
  }

  private static @Nullable Object from(int begin, @Nullable Object value) {
    return begin > 0 && value instanceof String text ? "…" + text.substring(begin) : value;
  }

  private static String flow(@Nullable Object labels) {
    return labels instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : "";
  }

  private void value(Kind kind, String path, @Nullable Object value) {
    boolean block =
        (value instanceof Map<?, ?> map && !map.isEmpty())
            || (value instanceof List<?> list && !list.isEmpty())
            || (value instanceof String text && text.contains("\n"));
    if (block) {
      add(kind, path + ":" + (value instanceof String ? " |" : ""));
      if (value instanceof String text) {
        text.lines().forEach(line -> add(kind, "  " + line));
      } else {
        yaml(kind, "  ", value);
      }
    } else {
      String text =
          SensitiveValues.MASK.equals(value)
              ? SensitiveValues.MASK
              : YamlWriter.write(value).strip();
      add(kind, path + ": " + text);
    }
  }

  private void yaml(Kind kind, String indent, @Nullable Object value) {
    YamlWriter.write(value).lines().forEach(line -> add(kind, indent + line));
  }

  private void routine(List<ObjectChange> objects) {
    if (!objects.isEmpty()) {
      add(
          Kind.NOTE,
          counted(objects)
              + ": only "
              + String.join(", ", ReleaseDiff.routineKeys(objects))
              + ": "
              + names(objects));
    }
  }

  private void unknown(List<ObjectChange> objects) {
    if (!objects.isEmpty()) {
      add(
          Kind.NOTE,
          counted(objects)
              + ": not known whether what is masked changes, only masks are recorded: "
              + names(objects));
    }
  }

  private static String counted(List<ObjectChange> objects) {
    return objects.size() + (objects.size() == 1 ? " object" : " objects");
  }

  private static String names(List<ObjectChange> objects) {
    return objects.stream()
        .map(object -> object.id().shortText())
        .collect(Collectors.joining(", "));
  }
}
