// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a value may be. */
public sealed interface Shape {
  /**
   * A string that is not empty.
   *
   * @param wanted what it must be, to follow "must be"; "" for any text
   * @param patterns regular expressions that each find something in it; of what RE2, ECMAScript and
   *     Java read alike
   * @param refused such an expression that finds nothing in it; "" for none
   * @param maxLength in characters; 0 for no limit
   */
  record Text(String wanted, List<String> patterns, String refused, int maxLength)
      implements Shape {
    public static final Text ANY = new Text("", List.of(), "", 0);

    public Text {
      patterns = List.copyOf(patterns);
    }

    static Text matching(String wanted, String pattern, int maxLength) {
      return new Text(wanted, List.of(pattern), "", maxLength);
    }
  }

  /**
   * One of some words.
   *
   * @param words each with its meaning, in the order in which they are offered
   */
  record Choice(Map<String, String> words) implements Shape {
    public Choice {
      words = Collections.unmodifiableMap(new LinkedHashMap<>(words));
    }
  }

  /** A whole number from {@code min} to {@code max}, both inclusive. */
  record Whole(long min, long max) implements Shape {}

  /** True or false. */
  record Flag() implements Shape {}

  /**
   * A list.
   *
   * @param min how many items it has at least
   * @param max how many at most; 0 for no limit
   * @param clusterMax how many at most in an object of the cluster, which bounds what checking it
   *     costs there
   */
  record Listing(Shape item, Keys keys, int min, int max, int clusterMax) implements Shape {
    /** What must not stand twice in a list. */
    public enum Keys {
      NONE,
      /** An item. */
      ITEMS,
      /** An item's {@code name}. */
      NAMES
    }
  }

  /**
   * An object of known fields.
   *
   * @param forms of which it must have exactly one; empty for any
   * @param rules what an API server checks beyond the fields; the parser does too
   */
  record Struct(List<Property> properties, List<Form> forms, List<Rule> rules) implements Shape {
    public Struct {
      properties = List.copyOf(properties);
      forms = List.copyOf(forms);
      rules = List.copyOf(rules);
    }

    static Struct of(Property... properties) {
      return new Struct(List.of(properties), List.of(), List.of());
    }

    Struct with(Form... some) {
      return new Struct(properties, List.of(some), rules);
    }

    Struct with(Rule... some) {
      return new Struct(properties, forms, List.of(some));
    }
  }

  /** A map of strings that are not empty. */
  record TextMap() implements Shape {}

  /** An object of any content. */
  record Tree() implements Shape {}

  /** Any value: it is accepted and not used. */
  record Anything() implements Shape {}

  /** A text, or an object as Orkestra has it; in the cluster the text alone. */
  record TextOr(Text text, Struct object) implements Shape {}

  /** An object of any content, or a word for none as Orkestra has it; in the cluster an object. */
  record TreeOr(String word) implements Shape {}
}
