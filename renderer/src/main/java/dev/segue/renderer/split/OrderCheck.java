// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.Arrays;
import java.util.Collections;
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

  private final SortedMap<String, SortedSet<String>> before;

  /** What is rendered: for each key (kind, name or group, kind) and namespace the parts. */
  private final SortedMap<String, SortedMap<String, SortedSet<String>>> provided = new TreeMap<>();

  private final Set<SplitChart.Refusal> refusals = new LinkedHashSet<>();

  private OrderCheck(SortedMap<String, SortedSet<String>> before) {
    this.before = before;
  }

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
    SortedMap<String, List<Rendered>> documents = new TreeMap<>();
    parts.forEach(
        (part, output) -> {
          List<Rendered> rendered = Rendered.of(part, output.manifests(), output.hooks());
          documents.put(part, rendered);
          check.provide(part, output, rendered);
        });
    documents.values().stream().flatMap(List::stream).forEach(check::require);
    return List.copyOf(check.refusals);
  }

  private void provide(String part, HelmOutput output, List<Rendered> rendered) {
    for (String crd : output.crds()) {
      YamlReader.read(crd).documents().stream()
          .map(YamlNode::data)
          .forEach(data -> provideObject(part, PlainData.map(data)));
    }
    for (Rendered document : rendered) {
      if (PROVIDERS.stream().anyMatch(document.text()::contains) || document.text().contains(CRD)) {
        document.objects().forEach(object -> provideObject(part, object));
      }
    }
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
        need(document, subject, key(apiVersion.substring(0, slash), kind), "", what);
      }
      if (!namespace.isEmpty()) {
        String what = "the Namespace \"" + namespace + "\"";
        need(document, subject, key("Namespace", namespace), "", what);
      }
      for (PodNeeds.Need need : PodNeeds.of(object)) {
        String what = "the " + need.kind() + " \"" + need.name() + "\"";
        need(
            document,
            "the pods of " + subject,
            key(need.kind(), need.name()),
            need.kind().endsWith("Class") ? "" : namespace,
            what);
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

  private void need(Rendered document, String subject, String key, String namespace, String what) {
    NavigableSet<String> brings = bringing(key, namespace);
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
            + (subject.startsWith("the pods") ? subject : "the " + subject)
            + " of "
            + shown(document.part())
            + " must have "
            + what
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
