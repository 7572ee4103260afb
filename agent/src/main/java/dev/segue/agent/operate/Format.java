// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.renderer.yaml.YamlWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an answer is written. */
public enum Format {
  /** For people, on a terminal that takes no colours. */
  TEXT,
  /** For people, on a terminal that takes colours. */
  COLOURED,
  YAML,
  JSON;

  boolean isForPeople() {
    return this == TEXT || this == COLOURED;
  }

  /** Returns {@code data} as YAML or JSON. */
  public String write(Map<String, @Nullable Object> data) {
    return this == JSON ? Json.write(data) : YamlWriter.write(data);
  }

  /** Returns {@code text} in green for true, red for false and yellow for what is not known. */
  String paint(String text) {
    if (this != COLOURED) {
      return text;
    }
    String colour =
        switch (text.strip()) {
          case "True", "succeeded", "released" -> "32";
          case "False", "failed" -> "31";
          default -> "33";
        };
    return "\u001b[" + colour + "m" + text + "\u001b[0m";
  }
}
