// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.util.List;

/**
 * A setting's value and where it comes from.
 *
 * @param texts one, except for lists
 * @param origin for people: {@code segue.yaml:3}, {@code SEGUE_SOURCE_URL}, {@code option}, {@code
 *     default}
 */
record ConfigValue(List<String> texts, Layer layer, String origin) {
  /** From the weakest to the strongest. */
  enum Layer {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    OPTION
  }

  ConfigValue {
    texts = List.copyOf(texts);
  }

  static ConfigValue ofDefault(String text) {
    return new ConfigValue(List.of(text), Layer.DEFAULT, "default");
  }

  String text() {
    return texts.get(0);
  }

  /** In the file that says it; 0 when none does. */
  int line() {
    return layer == Layer.FILE
        ? Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1))
        : 0;
  }
}
