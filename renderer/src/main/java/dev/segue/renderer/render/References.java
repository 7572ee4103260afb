// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.Manifest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What live objects refer to: none of it may go while they are there. */
public final class References {
  private static final String SOURCES = "source.toolkit.fluxcd.io/v1";

  private References() {}

  /**
   * Returns what {@code object} refers to in its own namespace, each once, in the order in which it
   * says so: a HelmRelease to its chart or its chart's source and to its values, a HelmChart to its
   * source. Nothing for other kinds.
   *
   * @return manifests with apiVersion, kind, name and, where {@code object} has one, namespace
   */
  public static List<Manifest> of(Manifest object) {
    Set<Manifest> found = new LinkedHashSet<>();
    references(object).forEach(ref -> reference(object, ref).ifPresent(found::add));
    return List.copyOf(found);
  }

  private static Stream<Reference> references(Manifest object) {
    return switch (object.kind()) {
      case "HelmRelease" ->
          Stream.concat(
              Stream.of(
                  new Reference(SOURCES, object.map("spec", "chartRef")),
                  new Reference(SOURCES, object.map("spec", "chart", "spec", "sourceRef"))),
              object.maps("spec", "valuesFrom").stream().map(from -> new Reference("v1", from)));
      case "HelmChart" -> Stream.of(new Reference(SOURCES, object.map("spec", "sourceRef")));
      default -> Stream.empty();
    };
  }

  /**
   * A reference as it is written.
   *
   * @param apiVersion of what says none
   */
  private record Reference(String apiVersion, Map<String, @Nullable Object> fields) {
    Optional<String> text(String field) {
      return fields.get(field) instanceof String text && !text.isEmpty()
          ? Optional.of(text)
          : Optional.empty();
    }
  }

  private static Optional<Manifest> reference(Manifest object, Reference reference) {
    Optional<String> own = object.namespace();
    boolean elsewhere =
        reference.text("namespace").filter(other -> !own.equals(Optional.of(other))).isPresent();
    String kind = reference.text("kind").orElse("");
    String name = reference.text("name").orElse("");
    if (elsewhere || kind.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Manifest(
            Objects.map(
                "apiVersion", reference.text("apiVersion").orElse(reference.apiVersion()),
                "kind", kind,
                "metadata", Objects.map("name", name, "namespace", own.orElse(null)))));
  }
}
