// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.tenancy;

import dev.segue.renderer.diff.Documents;
import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.resolve.DesiredGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects that the charts of a group bring, hooks and CRDs among them.
 *
 * @param ofRelease in Helm's order
 * @param unreadable releases with a text in which nobody can tell objects
 */
public record BroughtObjects(
    Map<ReleaseName, List<Brought>> ofRelease, Set<ReleaseName> unreadable) {
  private static final ApiKind CRD =
      new ApiKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition");

  /**
   * An object.
   *
   * @param namespace as it says itself; "" where it says none
   */
  record Brought(ApiKind kind, String namespace, String name, Map<String, @Nullable Object> data) {}

  public BroughtObjects {
    ofRelease = Collections.unmodifiableMap(new TreeMap<>(ofRelease));
    unreadable = Collections.unmodifiableSet(new TreeSet<>(unreadable));
  }

  /**
   * Reads Helm's output.
   *
   * @param outputs by release; one that is not there brings nothing that is known
   */
  public static BroughtObjects of(DesiredGroup desired, Map<ReleaseName, HelmOutput> outputs) {
    Map<ReleaseName, List<Brought>> ofRelease = new TreeMap<>();
    Set<ReleaseName> unreadable = new TreeSet<>();
    desired
        .releases()
        .forEach(
            (name, release) -> {
              HelmOutput output = outputs.get(name);
              List<Brought> objects = new ArrayList<>();
              for (String text : output == null ? List.<String>of() : texts(output)) {
                Optional<List<Map<String, @Nullable Object>>> found = Documents.objects(text);
                found.orElse(List.of()).forEach(object -> objects.add(brought(object)));
                if (found.isEmpty()) {
                  unreadable.add(name);
                }
              }
              ofRelease.put(name, objects);
            });
    return new BroughtObjects(ofRelease, unreadable);
  }

  private static List<String> texts(HelmOutput output) {
    return Stream.of(output.crds(), output.manifests(), output.hooks())
        .flatMap(List::stream)
        .toList();
  }

  private static Brought brought(Map<String, @Nullable Object> object) {
    return new Brought(
        ApiKind.of(PlainData.text(object, "apiVersion"), PlainData.text(object, "kind")),
        PlainData.text(object, "metadata", "namespace"),
        PlainData.text(object, "metadata", "name"),
        object);
  }

  private Stream<Brought> all() {
    return ofRelease.values().stream().flatMap(List::stream);
  }

  /** Returns the kinds of which only the cluster can say where their objects are; sorted. */
  public Set<ApiKind> toBeAsked() {
    Set<ApiKind> asked = new TreeSet<>();
    all()
        .map(Brought::kind)
        .filter(kind -> BuiltInKinds.scope(kind) == Scope.UNKNOWN)
        .forEach(asked::add);
    return asked;
  }

  /**
   * Returns where the objects of every kind are.
   *
   * @param told what the cluster said of those that were {@link #toBeAsked}
   */
  Map<ApiKind, Scope> scopes(Map<ApiKind, Scope> told) {
    Map<String, Scope> own = new TreeMap<>();
    all()
        .filter(object -> object.kind().qualified().equals(CRD.qualified()))
        .map(Brought::data)
        .forEach(crd -> own.put(definedKind(crd), definedScope(crd)));
    Map<ApiKind, Scope> scopes = new TreeMap<>();
    all()
        .map(Brought::kind)
        .forEach(
            kind -> {
              Scope scope = BuiltInKinds.scope(kind);
              if (scope == Scope.UNKNOWN) {
                scope = own.getOrDefault(kind.qualified(), Scope.UNKNOWN);
              }
              Scope said = told.getOrDefault(kind, Scope.UNKNOWN);
              // What is in the cluster is what counts: a CRD that says otherwise changes nothing.
              scopes.put(kind, said == Scope.UNKNOWN ? scope : said);
            });
    return scopes;
  }

  private static String definedKind(Map<String, @Nullable Object> crd) {
    return PlainData.text(crd, "spec", "names", "kind")
        + "."
        + PlainData.text(crd, "spec", "group");
  }

  private static Scope definedScope(Map<String, @Nullable Object> crd) {
    return PlainData.text(crd, "spec", "scope").equals("Namespaced")
        ? Scope.NAMESPACED
        : Scope.CLUSTER;
  }
}
