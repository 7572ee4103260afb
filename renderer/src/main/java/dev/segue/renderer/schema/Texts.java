// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import dev.segue.renderer.schema.Shape.Choice;
import dev.segue.renderer.schema.Shape.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kinds of text that stand in several places. */
final class Texts {
  private static final String LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  static final Text CHART_NAME = Text.matching("a chart's name", "^[A-Za-z0-9][A-Za-z0-9._-]*$", 0);

  /** Of an object in the cluster. */
  static final Text OBJECT_NAME =
      Text.matching("the name of an object", "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", 253);

  /** Of something in it, since a duration must be positive. */
  static final Text DURATION =
      new Text(
          "a positive duration in h, m, s or ms, such as \"90s\", \"5m\" or \"1h30m\"",
          List.of("^(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ms|s|m|h))+$", "[1-9]"),
          "",
          64);

  private Texts() {}

  static Text label(int maxLength) {
    return Text.matching(
        "a DNS label of at most " + maxLength + " characters (a-z, 0-9 and `-`)", LABEL, maxLength);
  }

  /** Words and meanings by turns. */
  static Choice choice(String... wordsAndMeanings) {
    Map<String, String> words = new LinkedHashMap<>();
    for (int i = 0; i < wordsAndMeanings.length; i += 2) {
      words.put(wordsAndMeanings[i], wordsAndMeanings[i + 1]);
    }
    return new Choice(words);
  }
}
