// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.RenderedObject.Role;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ReleaseSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Helm would give to the API server of a release that changes. */
public final class AppliedObjects {
  private AppliedObjects() {}

  /**
   * An object that Helm would write.
   *
   * @param id as it may be shown
   * @param object with everything that is secret in it: for the API server alone. One whose name
   *     the API server makes up has a name like those
   * @param hook whether Helm creates it anew each time
   */
  public record Applied(ObjectId id, Manifest object, boolean hook) {
    /** What kind it defines, such as {@code Widget.example.com}; "" when it defines none. */
    public String defines() {
      return Crds.is(id)
          ? object.text("spec", "names", "kind").orElse("")
              + "."
              + object.text("spec", "group").orElse("")
          : "";
    }

    /** What kind it is of, such as {@code Widget.example.com}. */
    public String kind() {
      return id.kind() + "." + id.group();
    }

    /** Without what it holds, which may be secret. */
    @Override
    public String toString() {
      return id.text();
    }
  }

  /**
   * Returns those that come or change, or may have changed, in Helm's order: definitions of {@code
   * crds/} where they are applied, objects, hooks that would run. What is no object is left out.
   *
   * @param diff of the release, to {@code output}
   */
  public static List<Applied> of(HelmOutput output, ReleaseSettings settings, ReleaseDiff diff) {
    Mask mask = Mask.of(settings);
    String namespace = settings.targetNamespace().value();
    Set<String> changed =
        diff.objects().stream()
            .filter(change -> change.kind() != ObjectChange.Kind.REMOVED)
            .filter(change -> change.kind() != ObjectChange.Kind.LEFT)
            .map(change -> change.part() + " " + change.id())
            .collect(Collectors.toSet());
    Set<ObjectId> run =
        diff.hooks().stream().filter(HookRun::changed).map(HookRun::id).collect(Collectors.toSet());
    Set<ObjectId> notApplied =
        diff.hints().stream()
            .filter(hint -> hint.kind() == Hint.Kind.NOT_APPLIED)
            .map(Hint::object)
            .collect(Collectors.toSet());
    List<Applied> applied = new ArrayList<>();
    for (Rendered rendered : rendered(output)) {
      ObjectId id =
          Shown.id(RenderedObject.of(rendered.role(), rendered.data(), namespace).id(), mask);
      boolean wanted =
          switch (rendered.role()) {
            case CRD -> changed.contains("crd " + id) && !notApplied.contains(id);
            case OBJECT -> changed.contains("object " + id);
            case HOOK -> run.contains(id);
          };
      Map<String, @Nullable Object> named = named(rendered.data());
      if (wanted && isObject(named)) {
        applied.add(new Applied(id, new Manifest(named), rendered.role() == Role.HOOK));
      }
    }
    return applied;
  }

  private record Rendered(Role role, Map<String, @Nullable Object> data) {}

  private static List<Rendered> rendered(HelmOutput output) {
    List<Rendered> found = new ArrayList<>();
    output.crds().forEach(text -> add(found, Role.CRD, text));
    output.manifests().forEach(text -> add(found, Role.OBJECT, text));
    output.hooks().forEach(text -> add(found, Role.HOOK, text));
    return found;
  }

  private static void add(List<Rendered> found, Role role, String text) {
    Documents.objects(text).orElse(List.of()).forEach(data -> found.add(new Rendered(role, data)));
  }

  private static Map<String, @Nullable Object> named(Map<String, @Nullable Object> object) {
    String begin = PlainData.text(object, "metadata", "generateName");
    if (begin.isEmpty() || !PlainData.text(object, "metadata", "name").isEmpty()) {
      return object;
    }
    Map<String, @Nullable Object> metadata =
        new LinkedHashMap<>(PlainData.map(object.get("metadata")));
    metadata.put("name", begin + "xxxxx");
    Map<String, @Nullable Object> named = new LinkedHashMap<>(object);
    named.put("metadata", metadata);
    return named;
  }

  private static boolean isObject(Map<String, @Nullable Object> object) {
    return !PlainData.text(object, "apiVersion").isEmpty()
        && !PlainData.text(object, "kind").isEmpty()
        && !PlainData.text(object, "metadata", "name").isEmpty();
  }
}
