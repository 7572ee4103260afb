// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.FieldChange.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields in which two objects differ. The order of a map says nothing; that of a list does.
 * Items of lists are matched by what tells them from each other, else by what is the same.
 */
final class Fields {
  private final List<FieldChange> changes = new ArrayList<>();

  private Fields() {}

  /** In the order of the keys; those of a list where the list stands. Nothing is masked yet. */
  static List<FieldChange> compare(
      Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    Fields fields = new Fields();
    fields.compare(FieldPath.ROOT, before, after);
    return fields.changes;
  }

  private void compare(FieldPath path, @Nullable Object before, @Nullable Object after) {
    if (Objects.equals(before, after)) {
      return;
    }
    if (before instanceof Map<?, ?> a && after instanceof Map<?, ?> b) {
      compareMaps(path, a, b);
    } else if (before instanceof List<?> a && after instanceof List<?> b) {
      Optional<MergeKeys.Labels> labels = MergeKeys.of(path.lastKey(), a, b);
      if (labels.isPresent()) {
        compareItems(path, a, b, labels.get());
      } else {
        compareLists(path, a, b);
      }
    } else if (!path.isAmount() || !Quantity.isSame(before, after)) {
      changes.add(new FieldChange(path, Kind.CHANGED, before, after));
    }
  }

  private void compareMaps(FieldPath path, Map<?, ?> before, Map<?, ?> after) {
    SortedSet<String> keys = new TreeSet<>();
    before.keySet().forEach(key -> keys.add((String) key));
    after.keySet().forEach(key -> keys.add((String) key));
    for (String key : keys) {
      FieldPath below = path.key(key);
      if (!before.containsKey(key)) {
        added(below, after.get(key));
      } else if (!after.containsKey(key)) {
        removed(below, before.get(key));
      } else {
        compare(below, before.get(key), after.get(key));
      }
    }
  }

  private void compareItems(
      FieldPath path, List<?> before, List<?> after, MergeKeys.Labels labels) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < before.size(); i++) {
      places.put(labels.before().get(i), i);
    }
    List<String> order = new ArrayList<>();
    List<FieldChange> added = new ArrayList<>();
    for (int j = 0; j < after.size(); j++) {
      String label = labels.after().get(j);
      Integer place = places.get(label);
      if (place == null) {
        added.add(new FieldChange(path.item(label, j), Kind.ADDED, null, after.get(j)));
      } else {
        order.add(label);
        compare(path.item(label, place), before.get(place), after.get(j));
      }
    }
    SortedSet<String> kept = new TreeSet<>(order);
    List<String> orderBefore = new ArrayList<>(labels.before());
    orderBefore.removeIf(label -> !kept.contains(label));
    for (int i = 0; i < before.size(); i++) {
      if (!kept.contains(labels.before().get(i))) {
        removed(path.item(labels.before().get(i), i), before.get(i));
      }
    }
    if (!orderBefore.equals(order)) {
      changes.add(new FieldChange(path, Kind.REORDERED, orderBefore, order));
    }
    changes.addAll(added);
  }

  private void compareLists(FieldPath path, List<?> before, List<?> after) {
    int i = 0;
    int j = 0;
    List<Alignment.Pair> pairs = new ArrayList<>(Alignment.of(before, after));
    pairs.add(new Alignment.Pair(before.size(), after.size()));
    for (Alignment.Pair pair : pairs) {
      while (i < pair.left() && j < pair.right()) {
        compare(path.item("", i), before.get(i++), after.get(j++));
      }
      while (i < pair.left()) {
        removed(path.item("", i), before.get(i++));
      }
      while (j < pair.right()) {
        added(path.item("", j), after.get(j++));
      }
      i = pair.left() + 1;
      j = pair.right() + 1;
    }
  }

  private void added(FieldPath path, @Nullable Object value) {
    changes.add(new FieldChange(path, Kind.ADDED, null, value));
  }

  private void removed(FieldPath path, @Nullable Object value) {
    changes.add(new FieldChange(path, Kind.REMOVED, value, null));
  }
}
