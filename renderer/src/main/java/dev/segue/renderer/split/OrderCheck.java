// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ProblemCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether each part can become ready before the parts after it are released. */
public final class OrderCheck {
  private static final String CRD = "CustomResourceDefinition";
  private static final Set<String> PROVIDERS =
      Set.of(
          "ConfigMap",
          "Secret",
          "ServiceAccount",
          "PersistentVolumeClaim",
          "PriorityClass",
          "RuntimeClass",
          "Namespace");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*");

  private final SortedMap<String, SortedSet<String>> before;
  private final List<Need> needs = new ArrayList<>();

  /** What is rendered: for each key (kind, name or group, kind) and namespace the parts. */
  private final SortedMap<String, SortedMap<String, SortedSet<String>>> provided = new TreeMap<>();

  private final Set<SplitChart.Refusal> refusals = new LinkedHashSet<>();

  private OrderCheck(SortedMap<String, SortedSet<String>> before) {
    this.before = before;
  }

  /**
   * @param subject what has the need, for people
   * @param key of what is needed
   * @param name the word that a document which renders it must hold
   * @param namespace "" for the release's and for what is in none
   * @param what is needed, for people
   */
  private record Need(
      Rendered document, String subject, String key, String name, String namespace, String what) {}

  /**
   * Returns what could never become ready in that order: Pods that need an object which only a part
   * that is not released before them renders, custom resources whose definition such a part brings,
   * and objects in a namespace that it makes. What no part renders is expected in the cluster. Pods
   * of a CronJob, of something with no replicas and of hooks that do not run with an install or
   * upgrade hold nothing up.
   *
   * @param parts what each part renders, by sub-chart, the parent's under ""
   * @param before for each part all parts that are released before it, transitively; the parent
   *     comes after all
   * @return by part, in the order in which it renders
   */
  public static List<SplitChart.Refusal> unorderly(
      SortedMap<String, HelmOutput> parts, SortedMap<String, SortedSet<String>> before) {
    OrderCheck check = new OrderCheck(before);
    List<Rendered> documents = new ArrayList<>();
    parts.forEach(
        (part, output) -> {
          documents.addAll(Rendered.of(part, output.manifests(), output.hooks()));
          output.crds().forEach(crd -> check.provide(new Rendered(part, false, crd)));
        });
    check.order(documents);
    return List.copyOf(check.refusals);
  }

  /** Parsing is dear: only what may need or bring something is parsed. */
  private void order(List<Rendered> documents) {
    documents.stream().filter(document -> document.text().contains(CRD)).forEach(this::provide);
    List<String> words = new ArrayList<>(List.of("containers"));
    provided.keySet().forEach(key -> words.add(key.substring(0, key.indexOf('\n'))));
    if (documents.stream().anyMatch(document -> document.text().contains("Namespace"))) {
      words.add("namespace");
    }
    documents.stream()
        .filter(document -> words.stream().anyMatch(document.text()::contains))
        .forEach(this::require);
    Set<String> names = new HashSet<>();
    needs.forEach(need -> names.add(need.name()));
    documents.stream()
        .filter(document -> PROVIDERS.stream().anyMatch(document.text()::contains))
        .filter(document -> holds(document.text(), names))
        .forEach(this::provide);
    needs.forEach(this::check);
  }

  private static boolean holds(String text, Set<String> names) {
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      if (names.contains(word.group())) {
        return true;
      }
    }
    return false;
  }

  private void provide(Rendered document) {
    document.objects().forEach(object -> provideObject(document.part(), object));
  }

  private void provideObject(String part, Map<String, @Nullable Object> object) {
    String kind = PlainData.text(object, "kind");
    if (kind.equals(CRD)) {
      String group = PlainData.text(object, "spec", "group");
      provide(part, key(group, PlainData.text(object, "spec", "names", "kind")), "");
    } else if (PROVIDERS.contains(kind)) {
      String name = PlainData.text(object, "metadata", "name");
      provide(part, key(kind, name), Rendered.namespace(object));
    }
  }

  private void provide(String part, String key, String namespace) {
    provided
        .computeIfAbsent(key, k -> new TreeMap<>())
        .computeIfAbsent(namespace, n -> new TreeSet<>())
        .add(part);
  }

  private static String key(String first, String second) {
    return first + "\n" + second;
  }

  private void require(Rendered document) {
    if (document.hook() && !runsWithRelease(document)) {
      return;
    }
    for (Map<String, @Nullable Object> object : document.objects()) {
      String namespace = Rendered.namespace(object);
      String subject = PlainData.text(object, "kind") + " \"" + name(object) + "\"";
      String apiVersion = PlainData.text(object, "apiVersion");
      int slash = apiVersion.indexOf('/');
      if (slash > 0) {
        String kind = PlainData.text(object, "kind");
        String what = "the definition of its kind, \"" + kind + "." + apiVersion + "\"";
        String group = apiVersion.substring(0, slash);
        needs.add(new Need(document, subject, key(group, kind), kind, "", what));
      }
      if (!namespace.isEmpty()) {
        String what = "the Namespace \"" + namespace + "\"";
        String key = key("Namespace", namespace);
        needs.add(new Need(document, subject, key, namespace, "", what));
      }
      for (PodNeeds.Need need : PodNeeds.of(object)) {
        String what = "the " + need.kind() + " \"" + need.name() + "\"";
        needs.add(
            new Need(
                document,
                "the pods of " + subject,
                key(need.kind(), need.name()),
                need.name(),
                need.kind().endsWith("Class") ? "" : namespace,
                what));
      }
    }
  }

  private static String name(Map<String, @Nullable Object> object) {
    return PlainData.text(object, "metadata", "name");
  }

  /** A hook for a test, a deletion or a rollback is no part of a release. */
  private static boolean runsWithRelease(Rendered document) {
    return document.objects().stream()
        .map(object -> PlainData.text(object, "metadata", "annotations", "helm.sh/hook"))
        .flatMap(events -> Arrays.stream(events.toLowerCase(Locale.ROOT).split(",", -1)))
        .map(String::strip)
        .anyMatch(event -> event.endsWith("-install") || event.endsWith("-upgrade"));
  }

  private void check(Need need) {
    Rendered document = need.document();
    NavigableSet<String> brings = bringing(need.key(), need.namespace());
    SortedSet<String> released = before.get(document.part());
    boolean there =
        brings.contains(document.part())
            || (released != null && !Collections.disjoint(brings, released));
    if (brings.isEmpty() || there) {
      return;
    }
    String other = brings.last(); // a sub-chart rather than the parent
    String message =
        (document.source().isEmpty() ? "" : document.source() + ": ")
            + (need.subject().startsWith("the pods") ? need.subject() : "the " + need.subject())
            + " of "
            + shown(document.part())
            + " must have "
            + need.what()
            + ", which "
            + shown(other)
            + " renders and which is not released before it";
    String remedy =
        other.isEmpty()
            ? "Keep the sub-chart with its parent (`staging: false`), or have it render what it"
                + " needs"
            : "Name sub-chart \""
                + other
                + "\" in its `dependencies`, or keep it with its parent"
                + " (`staging: false`)";
    refusals.add(new SplitChart.Refusal(ProblemCode.SPLIT_NOT_EXACT, message, remedy));
  }

  /** The namespace that is not written is the release's, which may be the one that is. */
  private NavigableSet<String> bringing(String key, String namespace) {
    NavigableSet<String> parts = new TreeSet<>();
    provided
        .getOrDefault(key, Collections.emptyNavigableMap())
        .forEach(
            (other, found) -> {
              if (other.equals(namespace) || other.isEmpty() || namespace.isEmpty()) {
                parts.addAll(found);
              }
            });
    return parts;
  }

  private static String shown(String part) {
    return part.isEmpty() ? "the parent" : "sub-chart \"" + part + "\"";
  }
}
