// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Where in an object a field stands; empty for the object itself. */
public record FieldPath(List<Segment> segments) implements Comparable<FieldPath> {
  /** The object itself. */
  public static final FieldPath ROOT = new FieldPath(List.of());

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

  public FieldPath {
    segments = List.copyOf(segments);
  }

  /** A step on the way. */
  public sealed interface Segment {}

  /** Into a map. */
  public record Key(String name) implements Segment {}

  /**
   * Into a list.
   *
   * @param label what tells the item from others, such as a container's name; "" when only its
   *     place does
   * @param index its place from 0: of an item that is added the place in the list afterwards, of
   *     any other that in the list before
   */
  public record Item(String label, int index) implements Segment {}

  FieldPath key(String name) {
    return with(new Key(name));
  }

  FieldPath item(String label, int index) {
    return with(new Item(label, index));
  }

  private FieldPath with(Segment segment) {
    List<Segment> longer = new ArrayList<>(segments);
    longer.add(segment);
    return new FieldPath(longer);
  }

  /** Returns the same with what comes from the objects changed. */
  FieldPath map(UnaryOperator<String> change) {
    return new FieldPath(
        segments.stream()
            .map(
                segment ->
                    segment instanceof Item item
                        ? new Item(change.apply(item.label()), item.index())
                        : (Segment) new Key(change.apply(((Key) segment).name())))
            .toList());
  }

  /** The last key on the way; "" when there is none. */
  public String lastKey() {
    for (int i = segments.size() - 1; i >= 0; i--) {
      if (segments.get(i) instanceof Key key) {
        return key.name();
      }
    }
    return "";
  }

  /** Whether it leads to an amount of a resource, such as {@code resources.limits.cpu}. */
  boolean isAmount() {
    int last = segments.size() - 1;
    return last >= 2
        && segments.get(last) instanceof Key
        && segments.get(last - 1) instanceof Key kind
        && (kind.name().equals("limits") || kind.name().equals("requests"))
        && segments.get(last - 2).equals(new Key("resources"));
  }

  /** Whether these keys come first on the way. */
  boolean isUnder(String... keys) {
    if (segments.size() < keys.length) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      if (!segments.get(i).equals(new Key(keys[i]))) {
        return false;
      }
    }
    return true;
  }

  /** Such as {@code spec.template.spec.containers[web].image}; "" for the object itself. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Segment segment : segments) {
      if (segment instanceof Item item) {
        text.append('[').append(item.label().isEmpty() ? item.index() : item.label()).append(']');
      } else {
        String name = ((Key) segment).name();
        if (PLAIN.matcher(name).matches()) {
          text.append(text.isEmpty() ? "" : ".").append(name);
        } else {
          text.append("[\"").append(name.replace("\\", "\\\\").replace("\"", "\\\"")).append("\"]");
        }
      }
    }
    return text.toString();
  }

  @Override
  public int compareTo(FieldPath other) {
    return text().compareTo(other.text());
  }

  @Override
  public String toString() {
    return text();
  }
}
