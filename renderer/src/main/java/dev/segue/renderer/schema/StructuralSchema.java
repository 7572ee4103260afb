// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import dev.segue.renderer.schema.Form.Sign;
import dev.segue.renderer.schema.Shape.Anything;
import dev.segue.renderer.schema.Shape.Choice;
import dev.segue.renderer.schema.Shape.Flag;
import dev.segue.renderer.schema.Shape.Listing;
import dev.segue.renderer.schema.Shape.Struct;
import dev.segue.renderer.schema.Shape.Text;
import dev.segue.renderer.schema.Shape.TextMap;
import dev.segue.renderer.schema.Shape.TextOr;
import dev.segue.renderer.schema.Shape.Tree;
import dev.segue.renderer.schema.Shape.TreeOr;
import dev.segue.renderer.schema.Shape.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A field as the OpenAPI v3 schema of a CRD, structural and with rules in CEL.
 *
 * <p>It has no {@code default}: an API server would write it into the object, and a later agent
 * could not tell it from what somebody wants. The description says it.
 */
final class StructuralSchema {
  private static final String ANY_FIELDS = "x-kubernetes-preserve-unknown-fields";

  private StructuralSchema() {}

  static Map<String, Object> of(Property property) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", description(property));
    schema.putAll(of(property.shape()));
    return schema;
  }

  private static String description(Property property) {
    StringBuilder text = new StringBuilder(property.description());
    if (property.shape() instanceof Choice choice) {
      choice
          .words()
          .forEach(
              (word, meaning) -> {
                if (!meaning.isEmpty()) {
                  text.append(" `").append(word).append("`: ").append(meaning);
                }
              });
    }
    if (property.standard() != null) {
      text.append(" Default: `").append(property.standard()).append("`.");
    }
    return text.toString();
  }

  private static Map<String, Object> of(Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    if (shape instanceof Text text) {
      put(schema, text);
    } else if (shape instanceof TextOr either) {
      put(schema, either.text());
    } else if (shape instanceof Choice choice) {
      schema.put("type", "string");
      schema.put("enum", List.copyOf(choice.words().keySet()));
    } else if (shape instanceof Whole whole) {
      schema.put("type", "integer");
      schema.put("minimum", whole.min());
      schema.put("maximum", whole.max());
    } else if (shape instanceof Flag) {
      schema.put("type", "boolean");
    } else if (shape instanceof Listing listing) {
      put(schema, listing);
    } else if (shape instanceof Struct struct) {
      put(schema, struct);
    } else if (shape instanceof TextMap) {
      schema.put("type", "object");
      schema.put("additionalProperties", of(Text.ANY));
    } else if (shape instanceof Tree || shape instanceof TreeOr) {
      schema.put("type", "object");
      schema.put(ANY_FIELDS, true);
    } else if (shape instanceof Anything) {
      schema.put(ANY_FIELDS, true);
    } else {
      throw new IllegalStateException("no such shape: " + shape);
    }
    return schema;
  }

  private static void put(Map<String, Object> schema, Text text) {
    schema.put("type", "string");
    schema.put("minLength", 1);
    if (text.maxLength() > 0) {
      schema.put("maxLength", text.maxLength());
    }
    List<String> patterns = text.patterns();
    if (!patterns.isEmpty()) {
      schema.put("pattern", patterns.get(0));
    }
    if (patterns.size() > 1) {
      schema.put(
          "allOf",
          patterns.subList(1, patterns.size()).stream()
              .map(pattern -> Map.of("pattern", pattern))
              .toList());
    }
    if (!text.refused().isEmpty()) {
      schema.put("not", Map.of("pattern", text.refused()));
    }
  }

  private static void put(Map<String, Object> schema, Listing listing) {
    schema.put("type", "array");
    if (listing.min() > 0) {
      schema.put("minItems", listing.min());
    }
    schema.put("maxItems", listing.clusterMax());
    schema.put("items", of(listing.item()));
    switch (listing.keys()) {
      case NONE -> schema.put("x-kubernetes-list-type", "atomic");
      case ITEMS -> schema.put("x-kubernetes-list-type", "set");
      case NAMES -> {
        schema.put("x-kubernetes-list-type", "map");
        schema.put("x-kubernetes-list-map-keys", List.of("name"));
      }
    }
  }

  private static void put(Map<String, Object> schema, Struct struct) {
    schema.put("type", "object");
    Map<String, Object> properties = new LinkedHashMap<>();
    struct.properties().forEach(property -> properties.put(property.name(), of(property)));
    schema.put("properties", properties);
    List<String> required =
        struct.properties().stream().filter(Property::required).map(Property::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    List<Rule> rules = new ArrayList<>();
    if (!struct.forms().isEmpty()) {
      rules.add(oneOf(struct.forms()));
    }
    rules.addAll(struct.rules());
    if (!rules.isEmpty()) {
      schema.put("x-kubernetes-validations", rules.stream().map(StructuralSchema::of).toList());
    }
  }

  private static Map<String, Object> of(Rule rule) {
    Map<String, Object> validation = new LinkedHashMap<>();
    validation.put("rule", rule.cel());
    validation.put("message", rule.message());
    return validation;
  }

  /** The forms exclude each other, so one of them is exactly one. */
  private static Rule oneOf(List<Form> forms) {
    String cel =
        forms.stream()
            .map(form -> "(" + String.join(" && ", conditions(form)) + ")")
            .collect(Collectors.joining(" || "));
    String message =
        forms.stream().map(StructuralSchema::title).collect(Collectors.joining(", or "));
    return new Rule(cel, "must be " + message);
  }

  private static String title(Form form) {
    List<String> needed = new ArrayList<>();
    form.needed().forEach(name -> needed.add("`" + name + "`"));
    if (!form.absent().isEmpty()) {
      needed.add("no `" + String.join("`, no `", form.absent()) + "`");
    }
    return form.title() + (needed.isEmpty() ? "" : " (" + String.join(", ", needed) + ")");
  }

  private static List<String> conditions(Form form) {
    List<String> conditions = new ArrayList<>();
    form.needed().forEach(name -> conditions.add("has(self." + name + ")"));
    form.absent().forEach(name -> conditions.add("!has(self." + name + ")"));
    if (form.sign() instanceof Sign.Begins begins) {
      conditions.add(
          begins.prefixes().stream()
              .map(prefix -> "self." + begins.field() + ".startsWith('" + prefix + "')")
              .collect(Collectors.joining(" || ", "(", ")")));
    } else if (form.sign() instanceof Sign.Is is) {
      conditions.add(
          "has(self." + is.field() + ") && self." + is.field() + " == '" + is.value() + "'");
    } else if (form.sign() instanceof Sign.IsNot not) {
      conditions.add(
          "(!has(self." + not.field() + ") || self." + not.field() + " != '" + not.value() + "')");
    }
    return conditions;
  }
}
