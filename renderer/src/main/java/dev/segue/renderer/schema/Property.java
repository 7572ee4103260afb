// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field.
 *
 * @param description whole sentences, for people who write a file
 * @param standard what holds where it is not written; null when that is not always the same
 * @param examples values that are right, the first one beside those of its neighbours
 */
public record Property(
    String name,
    String description,
    Shape shape,
    boolean required,
    @Nullable Object standard,
    List<Object> examples) {
  public Property {
    examples = List.copyOf(examples);
  }

  static Property of(String name, Shape shape, String description) {
    return new Property(name, description, shape, false, null, List.of());
  }

  Property needed() {
    return new Property(name, description, shape, true, standard, examples);
  }

  Property otherwise(Object value) {
    return new Property(name, description, shape, required, value, examples);
  }

  Property such(Object... values) {
    return new Property(name, description, shape, required, standard, List.of(values));
  }
}
