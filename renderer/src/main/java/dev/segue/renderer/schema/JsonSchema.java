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
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema of a file's document, for editors. It says what a schema can: the parser knows
 * more, such as which applications there are.
 *
 * <p>It is of draft 2020-12 and keeps to what draft 7 has too, because editors are slow to follow.
 * Beyond both it uses what yaml-language-server shows: {@code markdownDescription}, {@code
 * enumDescriptions}, {@code errorMessage} and {@code patternErrorMessage}.
 */
public final class JsonSchema {
  private static final String NULL = "null";

  private JsonSchema() {}

  /** Returns it as plain data, its keys in the order to be written in. */
  public static Map<String, @Nullable Object> ofGroup() {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put(
        "title", GroupFields.KIND + " of " + GroupFields.API_GROUP + "/" + GroupFields.VERSION);
    schema.put("description", "A product: applications that are released together, in order.");
    schema.putAll(of(GroupFields.ROOT, true));
    return schema;
  }

  private static Map<String, @Nullable Object> of(Property property) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    String text = described(property);
    schema.put("description", text);
    if (text.contains("`")) {
      schema.put("markdownDescription", text); // else an editor shows the backquotes
    }
    schema.putAll(of(property.shape(), property.required()));
    if (property.standard() != null) {
      schema.put("default", property.standard());
    }
    if (!property.examples().isEmpty()) {
      schema.put("examples", property.examples());
    }
    return schema;
  }

  private static String described(Property property) {
    return property.standard() == null
        ? property.description()
        : property.description() + " Default: `" + property.standard() + "`.";
  }

  /** A field that need not be there may be written without a value. */
  private static Map<String, @Nullable Object> of(Shape shape, boolean required) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    if (shape instanceof Text text) {
      type(schema, "string", required);
      put(schema, text);
    } else if (shape instanceof Choice choice) {
      type(schema, "string", required);
      put(schema, choice, required);
    } else if (shape instanceof Whole whole) {
      type(schema, "integer", required);
      schema.put("minimum", whole.min());
      schema.put("maximum", whole.max());
    } else if (shape instanceof Flag) {
      type(schema, "boolean", required);
    } else if (shape instanceof Listing listing) {
      type(schema, "array", required);
      put(schema, listing);
    } else if (shape instanceof Struct struct) {
      type(schema, "object", required);
      put(schema, struct);
    } else if (shape instanceof TextMap) {
      type(schema, "object", required);
      schema.put("additionalProperties", of(Text.ANY, true));
    } else if (shape instanceof Tree) {
      type(schema, "object", required);
    } else if (shape instanceof TextOr either) {
      schema.put("anyOf", any(required, of(either.text(), true), of(either.object(), true)));
    } else if (shape instanceof TreeOr tree) {
      Map<String, @Nullable Object> word = Map.of("enum", List.of(tree.word()));
      schema.put("anyOf", any(required, of(new Tree(), true), word));
    } else if (!(shape instanceof Anything)) {
      throw new IllegalStateException("no such shape: " + shape);
    }
    return schema;
  }

  private static void type(Map<String, @Nullable Object> schema, String type, boolean required) {
    schema.put("type", required ? type : List.of(type, NULL));
  }

  private static List<Map<String, @Nullable Object>> any(
      boolean required, Map<String, @Nullable Object> one, Map<String, @Nullable Object> other) {
    List<Map<String, @Nullable Object>> any = new ArrayList<>(List.of(one, other));
    if (!required) {
      any.add(Map.of("type", NULL));
    }
    return any;
  }

  private static void put(Map<String, @Nullable Object> schema, Text text) {
    schema.put("minLength", 1);
    if (text.maxLength() > 0) {
      schema.put("maxLength", text.maxLength());
    }
    List<Map<String, Object>> patterns = new ArrayList<>();
    for (String pattern : text.patterns()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("pattern", pattern);
      one.put("patternErrorMessage", "must be " + text.wanted());
      patterns.add(one);
    }
    if (!patterns.isEmpty()) {
      schema.putAll(patterns.get(0));
    }
    if (patterns.size() > 1) {
      schema.put("allOf", patterns.subList(1, patterns.size()));
    }
    if (!text.refused().isEmpty()) {
      schema.put("not", ordered("type", "string", "pattern", text.refused()));
    }
  }

  private static void put(Map<String, @Nullable Object> schema, Choice choice, boolean required) {
    List<@Nullable Object> words = new ArrayList<>(choice.words().keySet());
    List<String> meanings = new ArrayList<>(choice.words().values());
    if (!required) {
      words.add(null);
      meanings.add("As if it were not written.");
    }
    schema.put("enum", words);
    if (choice.words().values().stream().noneMatch(String::isEmpty)) {
      schema.put("enumDescriptions", meanings);
    }
  }

  private static void put(Map<String, @Nullable Object> schema, Listing listing) {
    if (listing.min() > 0) {
      schema.put("minItems", listing.min());
    }
    if (listing.max() > 0) {
      schema.put("maxItems", listing.max());
    }
    if (listing.keys() == Listing.Keys.ITEMS) {
      schema.put("uniqueItems", true);
    }
    schema.put("items", of(listing.item(), !(listing.item() instanceof Anything)));
  }

  private static void put(Map<String, @Nullable Object> schema, Struct struct) {
    Map<String, Object> properties = new LinkedHashMap<>();
    struct.properties().forEach(property -> properties.put(property.name(), of(property)));
    schema.put("properties", properties);
    schema.put("additionalProperties", false);
    List<String> required =
        struct.properties().stream().filter(Property::required).map(Property::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (!struct.forms().isEmpty()) {
      schema.put("allOf", List.of(choose(struct.forms())));
    }
  }

  /** One after the other, as then an editor marks what is missing in the form that was begun. */
  private static Map<String, Object> choose(List<Form> forms) {
    Form form = forms.get(0);
    Map<String, Object> schema = new LinkedHashMap<>();
    if (forms.size() == 1) {
      schema.putAll(demands(form));
      return schema;
    }
    schema.put("if", sign(form));
    schema.put("then", demands(form));
    schema.put("else", choose(forms.subList(1, forms.size())));
    return schema;
  }

  /** What tells that the form is meant. */
  private static Map<String, Object> sign(Form form) {
    if (form.sign() instanceof Sign.Begins begins) {
      return having(begins.field(), begins(begins));
    }
    if (form.sign() instanceof Sign.Is is) {
      return having(is.field(), Map.of("enum", List.of(is.value())));
    }
    if (form.sign() instanceof Sign.IsNot isNot) {
      return Map.of("properties", Map.of(isNot.field(), not("enum", List.of(isNot.value()))));
    }
    return having(form.needed().get(0), not("type", NULL));
  }

  private static Map<String, Object> demands(Form form) {
    Map<String, Object> properties = new LinkedHashMap<>();
    form.needed().forEach(name -> properties.put(name, not("type", NULL)));
    for (String name : form.absent()) {
      properties.put(
          name, ordered("type", NULL, "errorMessage", "must not be given for " + form.title()));
    }
    if (form.sign() instanceof Sign.Begins begins) {
      properties.put(begins.field(), begins(begins));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    if (!form.needed().isEmpty()) {
      schema.put("required", form.needed());
    }
    if (!properties.isEmpty()) {
      schema.put("properties", properties);
    }
    return schema;
  }

  private static Map<String, Object> having(String field, Map<String, Object> schema) {
    return ordered("properties", Map.of(field, schema), "required", List.of(field));
  }

  private static Map<String, Object> begins(Sign.Begins begins) {
    String prefixes = String.join("|", begins.prefixes());
    return ordered("type", "string", "pattern", "^(" + prefixes + ")");
  }

  private static Map<String, Object> not(String key, Object value) {
    return Map.of("not", Map.of(key, value));
  }

  private static Map<String, Object> ordered(String a, Object first, String b, Object second) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(a, first);
    map.put(b, second);
    return map;
  }
}
