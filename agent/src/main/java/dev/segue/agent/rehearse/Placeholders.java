// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Argo's placeholders <code>{{inputs.parameters.x}}</code> in the strings of a template. */
final class Placeholders {
  private static final Pattern TAG = Pattern.compile("\\{\\{(.*?)}}", Pattern.DOTALL);

  private Placeholders() {}

  /** Returns {@code node} with every placeholder replaced; fails for one that has no value. */
  static @Nullable Object fill(@Nullable Object node, Map<String, String> scope)
      throws WorkflowException {
    if (node instanceof String text) {
      return fill(text, scope);
    }
    if (node instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> filled = new LinkedHashMap<>();
      for (Map.Entry<String, @Nullable Object> entry : Fields.typed(map).entrySet()) {
        filled.put(entry.getKey(), fill(entry.getValue(), scope));
      }
      return filled;
    }
    if (node instanceof List<?> list) {
      List<@Nullable Object> filled = new ArrayList<>(list.size());
      for (Object item : list) {
        filled.add(fill(item, scope));
      }
      return filled;
    }
    return node;
  }

  static String fill(String text, Map<String, String> scope) throws WorkflowException {
    if (!text.contains("{{")) {
      return text;
    }
    Matcher tag = TAG.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (tag.find()) {
      String name = tag.group(1).strip();
      if (name.startsWith("=")) {
        throw WorkflowException.unsupported("expressions; got \"{{" + name + "}}\"");
      }
      String value = scope.get(name);
      if (value == null) {
        throw WorkflowException.invalid("failed to resolve {{" + name + "}}");
      }
      tag.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return tag.appendTail(filled).toString();
  }
}
