// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.renderer.model.Printable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes plain data as JSON, two spaces deep; what a terminal could obey is escaped. */
public final class Json {
  private final StringBuilder out = new StringBuilder();

  private Json() {}

  /** Returns {@code data} as text that ends in a line break; maps keep their order. */
  public static String write(Map<String, @Nullable Object> data) {
    Json json = new Json();
    json.value(data, 0);
    return json.out.append('\n').toString();
  }

  private void value(@Nullable Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      members(map.entrySet().iterator(), '{', '}', depth);
    } else if (value instanceof List<?> list) {
      members(list.iterator(), '[', ']', depth);
    } else if (value instanceof String text) {
      string(text);
    } else {
      out.append(value); // null, booleans and numbers are written alike
    }
  }

  private void members(Iterator<?> members, char open, char close, int depth) {
    out.append(open);
    if (!members.hasNext()) {
      out.append(close);
      return;
    }
    String separator = "\n";
    while (members.hasNext()) {
      out.append(separator).append("  ".repeat(depth + 1));
      Object member = members.next();
      if (member instanceof Map.Entry<?, ?> entry) {
        string(String.valueOf(entry.getKey()));
        out.append(": ");
        value(entry.getValue(), depth + 1);
      } else {
        value(member, depth + 1);
      }
      separator = ",\n";
    }
    out.append('\n').append("  ".repeat(depth)).append(close);
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (Printable.isObeyed(c)) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
