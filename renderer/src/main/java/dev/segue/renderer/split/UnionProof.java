// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.HelmOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether the parts of an umbrella chart together are what its author wrote. */
public final class UnionProof {
  private final List<Difference> differences = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  /** The fields that differ between two renders of the whole, by the document of the first. */
  private final Map<String, SortedSet<String>> generated = new HashMap<>();

  private UnionProof() {}

  /**
   * Compares object by object, hooks and CRDs too. Documents with equal texts are equal, so that
   * little is parsed; an object that two parts render is a difference, a CRD that two bring is
   * none.
   *
   * @param again the whole rendered once more: what differs between {@code whole} and it is
   *     generated (chance, time) and not compared; may be the same object
   * @param parts what each part renders, by sub-chart, the parent's under ""
   */
  public static Comparison compare(
      HelmOutput whole, HelmOutput again, SortedMap<String, HelmOutput> parts) {
    UnionProof proof = new UnionProof();
    List<Rendered> left = Rendered.of("", whole.manifests(), whole.hooks());
    proof.findGenerated(left, Rendered.of("", again.manifests(), again.hooks()));
    List<Rendered> right = new ArrayList<>();
    SortedSet<String> crds = new TreeSet<>();
    parts.forEach(
        (part, output) -> {
          right.addAll(Rendered.of(part, output.manifests(), output.hooks()));
          crds.addAll(output.crds());
        });
    proof.compare(left, right);
    proof.compareCrds(new TreeSet<>(whole.crds()), crds);
    int objects = left.size() + (int) whole.crds().stream().distinct().count();
    return new Comparison(objects, proof.differences, proof.notices);
  }

  private void findGenerated(List<Rendered> whole, List<Rendered> again) {
    Pairs pairs = Pairs.of(whole, again);
    for (Pairs.Pair pair : pairs.pairs()) {
      SortedSet<String> fields = new TreeSet<>(diff(pair).keySet());
      if (!fields.isEmpty()) {
        generated.put(pair.left().identity(), fields);
        notices.add(
            title(pair.left())
                + " is not the same in two renders of the whole chart; not compared: `"
                + String.join("`, `", fields)
                + "`");
      }
    }
    for (Rendered rendered : pairs.left()) {
      generated.put(rendered.identity(), new TreeSet<>(Set.of("")));
      notices.add(title(rendered) + " is not in every render of the whole chart; not compared");
    }
  }

  private void compare(List<Rendered> whole, List<Rendered> parts) {
    Pairs pairs = Pairs.of(whole, parts);
    for (Pairs.Pair pair : pairs.pairs()) {
      SortedSet<String> ignored = generated.getOrDefault(pair.left().identity(), new TreeSet<>());
      if (!ignored.contains("")) {
        diff(pair)
            .forEach(
                (field, values) -> {
                  if (!ignored.contains(field)) {
                    add(pair.left(), pair.right().part(), field, values.left(), values.right());
                  }
                });
      }
    }
    pairs.left().stream()
        .filter(rendered -> !generated.containsKey(rendered.identity()))
        .forEach(rendered -> add(rendered, "", "", "there", ""));
    pairs.right().forEach(rendered -> add(rendered, rendered.part(), "", "", "there"));
  }

  private void compareCrds(SortedSet<String> whole, SortedSet<String> parts) {
    for (String crd : whole) {
      if (!parts.contains(crd)) {
        add(new Rendered("", false, crd), "", "", "there", "");
      }
    }
    for (String crd : parts) {
      if (!whole.contains(crd)) {
        add(new Rendered("", false, crd), "", "", "", "there");
      }
    }
  }

  private void add(Rendered rendered, String part, String field, String whole, String parts) {
    differences.add(new Difference(title(rendered), part, field, whole, parts, rendered.source()));
  }

  private static String title(Rendered rendered) {
    List<Map<String, @Nullable Object>> objects = rendered.objects();
    return objects.isEmpty() ? "a document" : Rendered.title(objects.get(0));
  }

  /** Fields of the first object as they are; those of further ones in a document are numbered. */
  private static SortedMap<String, FieldDiff.Values> diff(Pairs.Pair pair) {
    List<Map<String, @Nullable Object>> left = pair.left().objects();
    List<Map<String, @Nullable Object>> right = pair.right().objects();
    SortedMap<String, FieldDiff.Values> all = new TreeMap<>();
    if (left.isEmpty() || left.size() != right.size()) {
      all.put("", new FieldDiff.Values("a text", "another text"));
      return all;
    }
    for (int i = 0; i < left.size(); i++) {
      String prefix = i == 0 ? "" : "#" + (i + 1) + ".";
      FieldDiff.of(left.get(i), right.get(i)).forEach((f, values) -> all.put(prefix + f, values));
    }
    return all;
  }

  /**
   * The documents of two sides that belong together.
   *
   * @param pairs those whose texts differ
   * @param left those that have no counterpart
   * @param right those that have no counterpart
   */
  private record Pairs(List<Pair> pairs, List<Rendered> left, List<Rendered> right) {
    record Pair(Rendered left, Rendered right) {}

    /** Equal texts are a pair; else one object of one template; else what a template has left. */
    static Pairs of(List<Rendered> left, List<Rendered> right) {
      List<Pair> found = new ArrayList<>();
      List<Pair> same = new ArrayList<>();
      Pairs rest = match(left, right, Rendered::identity, same);
      rest = match(rest.left, rest.right, r -> kind(r) + title(r) + " " + r.source(), found);
      rest = match(rest.left, rest.right, r -> kind(r) + r.source(), found);
      return new Pairs(found, rest.left, rest.right);
    }

    private static String kind(Rendered rendered) {
      return rendered.hook() ? "hook " : "";
    }

    private static Pairs match(
        List<Rendered> left,
        List<Rendered> right,
        Function<Rendered, String> key,
        List<Pair> found) {
      Map<String, Deque<Rendered>> open = new HashMap<>();
      left.forEach(
          rendered ->
              open.computeIfAbsent(key.apply(rendered), k -> new ArrayDeque<>()).add(rendered));
      List<Rendered> extra = new ArrayList<>();
      Map<Rendered, Integer> matched = new HashMap<>();
      for (Rendered rendered : right) {
        Deque<Rendered> candidates = open.get(key.apply(rendered));
        Rendered counterpart = candidates == null ? null : candidates.poll();
        if (counterpart == null) {
          extra.add(rendered);
        } else {
          found.add(new Pair(counterpart, rendered));
          matched.merge(counterpart, 1, Integer::sum);
        }
      }
      List<Rendered> missing = new ArrayList<>();
      for (Rendered rendered : left) {
        if (matched.merge(rendered, -1, Integer::sum) < 0) {
          missing.add(rendered);
        }
      }
      return new Pairs(List.of(), missing, extra);
    }
  }

  /**
   * What the comparison found.
   *
   * @param objects how many the whole chart renders
   * @param differences in the order of the whole's documents, then those that parts have besides
   * @param notices what a reader should know, such as what is generated and was not compared;
   *     sorted
   */
  public record Comparison(int objects, List<Difference> differences, List<String> notices) {
    public Comparison {
      differences = List.copyOf(differences);
      notices = notices.stream().sorted().distinct().toList();
    }

    /** Whether the parts together are the whole. */
    public boolean exact() {
      return differences.isEmpty();
    }
  }

  /**
   * One field that is not the same. What a Secret holds is masked.
   *
   * @param object {@code apiVersion Kind namespace/name}
   * @param part the sub-chart whose part renders it, "" for the parent's; "" too when none does
   * @param field such as {@code spec.replicas}; "" when the object as a whole is missing or extra
   * @param whole the value in the whole chart; "" when there is none
   * @param parts the value in the part; "" when there is none
   * @param source the template's path, such as {@code shop/charts/db/templates/service.yaml}
   */
  public record Difference(
      String object, String part, String field, String whole, String parts, String source) {}
}
