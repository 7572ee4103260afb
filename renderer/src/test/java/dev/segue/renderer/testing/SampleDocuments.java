// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.testing;

import dev.segue.renderer.schema.Form;
import dev.segue.renderer.schema.GroupFields;
import dev.segue.renderer.schema.Property;
import dev.segue.renderer.schema.Shape;
import dev.segue.renderer.schema.Shape.Choice;
import dev.segue.renderer.schema.Shape.Listing;
import dev.segue.renderer.schema.Shape.Struct;
import dev.segue.renderer.schema.Shape.TextOr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents that have every field, made of nothing but the schema's source. */
public final class SampleDocuments {
  /** A chart has three forms. */
  private static final int FORMS = 3;

  /**
   * A place in a document where there is an object.
   *
   * @param path keys and indexes from the root
   */
  public record Place(List<Object> path, Struct struct) {}

  private final int form;
  private final boolean asObjects;
  private final List<Place> places = new ArrayList<>();

  private SampleDocuments(int form, boolean asObjects) {
    this.form = form;
    this.asObjects = asObjects;
  }

  /** A document and its objects. */
  public record Sample(Map<String, @Nullable Object> document, List<Place> places) {}

  /** Returns one for each form that its parts may have; together they have every field. */
  public static List<Sample> all() {
    List<Sample> all = new ArrayList<>();
    for (int form = 0; form < FORMS; form++) {
      for (boolean asObjects : List.of(false, true)) {
        SampleDocuments samples = new SampleDocuments(form, asObjects);
        Map<String, @Nullable Object> document = samples.object(GroupFields.ROOT, List.of());
        complete(document);
        all.add(new Sample(document, samples.places));
      }
    }
    return all;
  }

  /** Returns a copy in which {@code value} stands at {@code path}. */
  public static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> document, List<Object> path, @Nullable Object value) {
    Map<String, @Nullable Object> copy = map(copy(document));
    parent(copy, path).put(String.valueOf(path.get(path.size() - 1)), value);
    return copy;
  }

  /** Returns a copy without what stands at {@code path}. */
  public static Map<String, @Nullable Object> without(
      Map<String, @Nullable Object> document, List<Object> path) {
    Map<String, @Nullable Object> copy = map(copy(document));
    parent(copy, path).remove(String.valueOf(path.get(path.size() - 1)));
    return copy;
  }

  private static Map<String, @Nullable Object> parent(
      Map<String, @Nullable Object> document, List<Object> path) {
    @Nullable Object at = document;
    for (Object step : path.subList(0, path.size() - 1)) {
      at = step instanceof Integer index ? list(at).get(index) : map(at).get(step);
    }
    return map(at);
  }

  /** What the others depend on. */
  private static void complete(Map<String, @Nullable Object> document) {
    List<Object> applications = list(map(document.get("spec")).get("applications"));
    list(map(map(applications.get(0)).get("spec")).get("workflow"))
        .add(new LinkedHashMap<>(Map.of("name", "helmrelease")));
    for (String name : List.of("db", "cache")) {
      applications.add(Map.of("name", name, "spec", Map.of("chart", Map.of("path", "charts/x"))));
    }
  }

  private Map<String, @Nullable Object> object(Struct struct, List<Object> path) {
    Form chosen = struct.forms().isEmpty() ? null : struct.forms().get(form % FORMS);
    return object(struct, chosen, path);
  }

  private Map<String, @Nullable Object> object(
      Struct struct, @Nullable Form chosen, List<Object> path) {
    places.add(new Place(path, struct));
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (Property property : struct.properties()) {
      if (chosen == null || !chosen.absent().contains(property.name())) {
        object.put(property.name(), value(property, chosen, under(path, property.name())));
      }
    }
    return object;
  }

  private Object value(Property property, @Nullable Form chosen, List<Object> path) {
    Form.Sign sign = chosen == null ? new Form.Sign.None() : chosen.sign();
    if (sign instanceof Form.Sign.Is is && is.field().equals(property.name())) {
      return is.value();
    }
    if (sign instanceof Form.Sign.Begins begins && begins.field().equals(property.name())) {
      return property.examples().stream()
          .filter(e -> begins.prefixes().stream().anyMatch(p -> ((String) e).startsWith(p)))
          .findFirst()
          .orElseThrow();
    }
    Shape shape = property.shape();
    if (shape instanceof Struct struct) {
      return object(struct, path);
    }
    if (shape instanceof TextOr either && asObjects) {
      return object(either.object(), path);
    }
    if (shape instanceof Listing listing && listing.item() instanceof Struct item) {
      return items(item, path);
    }
    if (!property.examples().isEmpty()) {
      return property.examples().get(0);
    }
    if (property.standard() != null) {
      return property.standard();
    }
    return shape instanceof Choice choice ? choice.words().keySet().iterator().next() : true;
  }

  /** One of each form, under different names. */
  private List<Object> items(Struct item, List<Object> path) {
    if (item.forms().isEmpty()) {
      return new ArrayList<>(List.of(object(item, under(path, 0))));
    }
    List<Object> items = new ArrayList<>();
    for (Form each : item.forms()) {
      Map<String, @Nullable Object> object = object(item, each, under(path, items.size()));
      object.put("name", object.get("name") + "-" + items.size());
      items.add(object);
    }
    return items;
  }

  private static List<Object> under(List<Object> path, Object step) {
    List<Object> under = new ArrayList<>(path);
    under.add(step);
    return under;
  }

  private static @Nullable Object copy(@Nullable Object data) {
    if (data instanceof Map<?, ?> from) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      from.forEach((key, value) -> copy.put((String) key, copy(value)));
      return copy;
    }
    return data instanceof List<?> from
        ? new ArrayList<>(from.stream().map(SampleDocuments::copy).toList())
        : data;
  }

  @SuppressWarnings("unchecked") // as object() made it
  private static Map<String, @Nullable Object> map(@Nullable Object data) {
    return (Map<String, @Nullable Object>) java.util.Objects.requireNonNull(data);
  }

  @SuppressWarnings("unchecked") // as items() made it
  private static List<Object> list(@Nullable Object data) {
    return (List<Object>) java.util.Objects.requireNonNull(data);
  }
}
