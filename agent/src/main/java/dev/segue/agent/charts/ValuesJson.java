// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.renderer.model.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as a values file for Helm: JSON, which is YAML, on one line, keys sorted. Equal values,
 * equal bytes.
 */
final class ValuesJson {
  private final StringBuilder json = new StringBuilder();

  private ValuesJson() {}

  static String of(Values values) {
    ValuesJson writer = new ValuesJson();
    writer.write(values.tree());
    return writer.json.append('\n').toString();
  }

  private void write(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      char before = '{';
      for (var entry : map.entrySet()) {
        json.append(before);
        string((String) entry.getKey());
        json.append(": ");
        write(entry.getValue());
        before = ',';
      }
      json.append(map.isEmpty() ? "{}" : "}");
    } else if (node instanceof List<?> list) {
      char before = '[';
      for (Object item : list) {
        json.append(before);
        write(item);
        before = ',';
      }
      json.append(list.isEmpty() ? "[]" : "]");
    } else if (node instanceof String text) {
      string(text);
    } else if (node instanceof Double number && number.isNaN()) {
      json.append(".nan"); // Helm refuses it and says so
    } else if (node instanceof Double number && number.isInfinite()) {
      json.append(number > 0 ? ".inf" : "-.inf");
    } else {
      json.append(node);
    }
  }

  /** Go's YAML reader knows no surrogate pairs, so what is printable stands as it is. */
  private void string(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (pair) {
        json.append(c).append(text.charAt(++i));
      } else if (Character.isSurrogate(c)) {
        json.append("\\ufffd");
      } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c >= 0xfeff) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
