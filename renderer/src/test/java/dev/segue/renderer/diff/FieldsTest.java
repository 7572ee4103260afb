// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.diff.FieldChange.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldsTest {
  @Property(tries = 500)
  void theChangesMadeToWhatWasGiveWhatIs(
      @ForAll("objects") Map<String, Object> before, @ForAll("objects") Map<String, Object> after) {
    List<FieldChange> changes = Fields.compare(before, after);
    assertThat(Applied.to(before, changes)).isEqualTo(after);
    assertThat(changes.isEmpty()).isEqualTo(before.equals(after));
  }

  @Property(tries = 300)
  void theOrderOfMapsSaysNothing(@ForAll("objects") Map<String, Object> object) {
    Map<String, Object> other = new TreeMap<>(Comparator.reverseOrder());
    other.putAll(object);
    assertThat(Fields.compare(object, other)).isEmpty();
  }

  @Test
  void anAmountInAnotherUnitIsNoChange() {
    Map<String, Object> before = resources(Map.of("cpu", 1L, "memory", "2Gi", "pods", "x"));
    Map<String, Object> after = resources(Map.of("cpu", "1000m", "memory", "2048Mi", "pods", "y"));
    assertThat(Fields.compare(before, after))
        .extracting(change -> change.path().text())
        .containsExactly("resources.limits.pods");
    assertThat(Fields.compare(Map.of("cpu", "1"), Map.of("cpu", "1000m"))).hasSize(1);
  }

  private static Map<String, Object> resources(Map<String, Object> limits) {
    return Map.of("resources", Map.of("limits", limits));
  }

  /** Small trees of few names, so that much is the same on both sides. */
  @Provide
  Arbitrary<Map<String, Object>> objects() {
    return maps(values(3));
  }

  private static Arbitrary<Object> values(int depth) {
    Arbitrary<Object> leaves = Arbitraries.of("x", "y", 1L, true, "");
    if (depth == 0) {
      return leaves;
    }
    Arbitrary<Object> below = Arbitraries.lazy(() -> values(depth - 1));
    Arbitrary<Object> named =
        Combinators.combine(Arbitraries.of("a", "b", "c", "d"), maps(below))
            .as(
                (name, map) -> {
                  Map<String, Object> item = new TreeMap<>(map);
                  item.put("name", name);
                  return item;
                });
    return Arbitraries.oneOf(
        leaves,
        maps(below).map(map -> map),
        below.list().ofMaxSize(4).map(list -> list),
        named.list().ofMaxSize(4).map(list -> list));
  }

  private static Arbitrary<Map<String, Object>> maps(Arbitrary<Object> values) {
    return Arbitraries.maps(Arbitraries.of("spec", "ports", "env", "k.1"), values)
        .ofMaxSize(3)
        .map(TreeMap::new);
  }

  @Test
  void anItemInAnotherOrderIsAChangeOfOrderAlone() {
    assertThat(compare(List.of(named("a"), named("b")), List.of(named("b"), named("a"))))
        .containsExactly(
            new FieldChange(
                FieldPath.ROOT.key("env"), Kind.REORDERED, List.of("a", "b"), List.of("b", "a")));
  }

  @Test
  void anArgumentInTheMiddleIsOneAddition() {
    assertThat(compare(List.of("--a", "--c"), List.of("--a", "--b", "--c")))
        .containsExactly(
            new FieldChange(FieldPath.ROOT.key("env").item("", 1), Kind.ADDED, null, "--b"));
  }

  @Test
  void twoItemsOfOneNameAreToldByTheirPlace() {
    assertThat(compare(List.of(named("a"), named("a")), List.of(named("a"), named("b"))))
        .extracting(change -> change.path().text())
        .containsExactly("env[1].name");
  }

  @Test
  void longListsAreComparedInTimeAndInFull() {
    Random random = new Random(7);
    List<Object> before = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      before.add("line " + random.nextInt());
    }
    List<Object> after = new ArrayList<>(before);
    Collections.shuffle(after, random);
    Map<String, Object> was = Map.of("env", before);
    List<FieldChange> changes = Fields.compare(was, Map.of("env", after));
    assertThat(Applied.to(was, changes)).isEqualTo(Map.of("env", after));
  }

  private static List<FieldChange> compare(List<Object> before, List<Object> after) {
    return Fields.compare(Map.of("env", before), Map.of("env", after));
  }

  private static Map<String, Object> named(String name) {
    return Map.of("name", name);
  }

  /** Makes changes: those in an item first, then what goes, the order, and what comes. */
  private static final class Applied {
    private Applied() {}

    static @Nullable Object to(@Nullable Object node, List<FieldChange> changes) {
      return at(node, changes, 0);
    }

    private static @Nullable Object at(
        @Nullable Object node, List<FieldChange> changes, int depth) {
      for (FieldChange change : changes) {
        if (change.path().segments().size() == depth && change.kind() == Kind.CHANGED) {
          return change.after();
        }
      }
      if (node instanceof Map<?, ?> map) {
        return map(map, changes, depth);
      }
      return node instanceof List<?> list ? list(list, changes, depth) : node;
    }

    private static Object map(Map<?, ?> map, List<FieldChange> changes, int depth) {
      Map<String, @Nullable Object> result = new TreeMap<>();
      map.forEach((key, value) -> result.put((String) key, value));
      for (Map.Entry<FieldPath.Segment, List<FieldChange>> entry : below(changes, depth)) {
        String key = ((FieldPath.Key) entry.getKey()).name();
        FieldChange whole = whole(entry.getValue(), depth);
        if (whole != null && whole.kind() == Kind.REMOVED) {
          result.remove(key);
        } else {
          result.put(
              key,
              whole == null ? at(result.get(key), entry.getValue(), depth + 1) : whole.after());
        }
      }
      return result;
    }

    private static Object list(List<?> list, List<FieldChange> changes, int depth) {
      List<@Nullable Object> kept = new ArrayList<>(list);
      List<Integer> gone = new ArrayList<>();
      Map<Integer, @Nullable Object> come = new TreeMap<>();
      for (Map.Entry<FieldPath.Segment, List<FieldChange>> entry : below(changes, depth)) {
        int index = ((FieldPath.Item) entry.getKey()).index();
        for (FieldChange change : entry.getValue()) {
          boolean here = change.path().segments().size() == depth + 1;
          if (here && change.kind() == Kind.REMOVED) {
            gone.add(index);
          } else if (here && change.kind() == Kind.ADDED) {
            come.put(index, change.after());
          }
        }
        List<FieldChange> inside =
            entry.getValue().stream()
                .filter(
                    change ->
                        change.path().segments().size() > depth + 1
                            || change.kind() == Kind.CHANGED
                            || change.kind() == Kind.REORDERED)
                .toList();
        if (!inside.isEmpty()) {
          kept.set(index, at(list.get(index), inside, depth + 1));
        }
      }
      gone.sort(Comparator.reverseOrder());
      gone.forEach(index -> kept.remove((int) index));
      for (FieldChange change : changes) {
        if (change.path().segments().size() == depth && change.kind() == Kind.REORDERED) {
          reorder(kept, labels(change.before()), labels(change.after()));
        }
      }
      come.forEach(kept::add);
      return kept;
    }

    private static List<?> labels(@Nullable Object labels) {
      return labels instanceof List<?> list ? list : List.of();
    }

    private static void reorder(List<@Nullable Object> kept, List<?> before, List<?> after) {
      List<@Nullable Object> ordered = new ArrayList<>();
      after.forEach(label -> ordered.add(kept.get(before.indexOf(label))));
      kept.clear();
      kept.addAll(ordered);
    }

    private static @Nullable FieldChange whole(List<FieldChange> changes, int depth) {
      return changes.stream()
          .filter(
              change ->
                  change.path().segments().size() == depth + 1 && change.kind() != Kind.REORDERED)
          .findFirst()
          .orElse(null);
    }

    private static List<Map.Entry<FieldPath.Segment, List<FieldChange>>> below(
        List<FieldChange> changes, int depth) {
      Map<FieldPath.Segment, List<FieldChange>> below = new java.util.LinkedHashMap<>();
      for (FieldChange change : changes) {
        if (change.path().segments().size() > depth) {
          below
              .computeIfAbsent(change.path().segments().get(depth), key -> new ArrayList<>())
              .add(change);
        }
      }
      return List.copyOf(below.entrySet());
    }
  }
}
