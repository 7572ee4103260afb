// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.FieldChange.Kind;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.SensitiveValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was compared, as it may be shown. */
final class Shown {
  private Shown() {}

  static ObjectId id(ObjectId id, Mask mask) {
    return new ObjectId(
        text(id.apiVersion(), mask),
        text(id.kind(), mask),
        text(id.namespace(), mask),
        text(id.name(), mask));
  }

  static String text(String text, Mask mask) {
    return Recorded.shown(mask.text(text));
  }

  static Map<String, @Nullable Object> content(RenderedObject object, Mask mask) {
    return PlainData.map(Recorded.shown(mask.object(object.data())));
  }

  /** Returns the change masked; empty when a mask is all that made it one. */
  static Optional<FieldChange> field(FieldChange raw, boolean secret, Mask mask) {
    Object before = value(raw, raw.before(), secret, mask);
    Object after = value(raw, raw.after(), secret, mask);
    FieldPath path = raw.path().map(text -> text(text, mask));
    boolean recorded = Recorded.isMasked(raw.before()) || Recorded.isMasked(raw.after());
    if (raw.kind() != Kind.CHANGED || !recorded) {
      return Optional.of(new FieldChange(path, raw.kind(), before, after));
    }
    boolean hidden = secret && Mask.hides(keys(raw.path()));
    if (hidden) {
      return Optional.of(new FieldChange(path, Kind.UNKNOWN, before, after));
    }
    if (!java.util.Objects.equals(before, after)) {
      return Optional.of(new FieldChange(path, Kind.CHANGED, before, after));
    }
    // A text that has the mask's own characters in it, and nothing to hide, is the same text.
    boolean literal =
        (Recorded.isMasked(raw.before())
            && !Recorded.isMasked(raw.after())
            && java.util.Objects.equals(raw.after(), after));
    return literal
        ? Optional.empty()
        : Optional.of(new FieldChange(path, Kind.UNKNOWN, before, after));
  }

  private static @Nullable Object value(
      FieldChange change, @Nullable Object value, boolean secret, Mask mask) {
    if (value == null) {
      return null;
    }
    List<String> keys = keys(change.path());
    if (secret && Mask.hides(keys)) {
      return keys.size() == 1 ? Mask.maskAll(value) : SensitiveValues.MASK;
    }
    return Recorded.shown(secret ? annotations(keys, value, mask) : mask.data(value));
  }

  /** Where annotations come or go as a whole, one of them may be what {@link Mask} hides. */
  private static @Nullable Object annotations(List<String> keys, Object value, Mask mask) {
    if (keys.equals(List.of("metadata", "annotations"))) {
      Map<String, @Nullable Object> secret =
          Map.of("kind", "Secret", "metadata", Map.of("annotations", value));
      return PlainData.at(mask.object(secret), "metadata", "annotations");
    }
    return mask.data(value);
  }

  private static List<String> keys(FieldPath path) {
    return path.segments().stream()
        .map(segment -> segment instanceof FieldPath.Key key ? key.name() : "[]")
        .toList();
  }

  /** What is masked on both sides alike: whether it is the same nobody knows. */
  static List<FieldChange> maskedInBoth(@Nullable Object before, @Nullable Object after) {
    List<FieldChange> unknown = new ArrayList<>();
    walk(FieldPath.ROOT, before, after, unknown);
    return unknown;
  }

  private static void walk(
      FieldPath path, @Nullable Object before, @Nullable Object after, List<FieldChange> unknown) {
    if (before instanceof Map<?, ?> a && after instanceof Map<?, ?> b) {
      a.forEach((key, value) -> walk(path.key((String) key), value, b.get(key), unknown));
    } else if (before != null && before.equals(after) && Recorded.isMasked(before)) {
      unknown.add(
          new FieldChange(
              path.map(Recorded::shown),
              Kind.UNKNOWN,
              Recorded.shown(before),
              Recorded.shown(after)));
    }
  }
}
