// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/** Output parameters of a resource step: a jq filter or a path into the live object. */
final class Evidence {
  private static final Scope JQ = Scope.newEmptyScope();
  private static final Pattern STEP =
      Pattern.compile("\\.?([A-Za-z0-9_-]+)|\\[([0-9]{1,6})]|\\['([^']*)']");

  static {
    BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, JQ);
  }

  private Evidence() {}

  /** Returns the value; throws IllegalArgumentException with jq's or kubectl's reason. */
  static String of(Manifest live, Map<String, @Nullable Object> from) {
    String filter = Fields.text(from.get("jqFilter"));
    String path = Fields.text(from.get("jsonPath"));
    return path.isEmpty() ? jq(live, filter) : jsonPath(live, path);
  }

  private static String jq(Manifest live, String filter) {
    List<String> lines = new ArrayList<>();
    try {
      JsonQuery query = JsonQuery.compile(filter, Versions.JQ_1_7);
      query.apply(
          Scope.newChildScope(JQ), Fields.tree(live.fields()), result -> lines.add(text(result)));
    } catch (JsonQueryException e) {
      throw new IllegalArgumentException("error: " + e.getMessage(), e);
    }
    return String.join("\n", lines).strip();
  }

  private static String text(JsonNode result) {
    return result.isTextual() ? result.textValue() : result.toString();
  }

  /** Names, indices and quoted names only: {@code {.status.history[0].chartVersion}}. */
  private static String jsonPath(Manifest live, String path) {
    String inner =
        path.startsWith("{") && path.endsWith("}") ? path.substring(1, path.length() - 1) : path;
    String steps = inner.startsWith("$") ? inner.substring(1) : inner;
    @Nullable Object node = live.fields();
    Matcher step = STEP.matcher(steps);
    int at = 0;
    while (at < steps.length()) {
      step.region(at, steps.length());
      if (!step.lookingAt()) {
        throw new IllegalArgumentException(
            "the embedded cluster does not support the jsonPath \"" + path + "\"");
      }
      node = child(node, step);
      if (node == null) {
        throw new IllegalArgumentException(
            "error executing jsonpath \"" + path + "\": " + step.group() + " is not found");
      }
      at = step.end();
    }
    return Fields.text(node);
  }

  private static @Nullable Object child(@Nullable Object node, Matcher step) {
    if (step.group(2) != null) {
      int index = Integer.parseInt(step.group(2));
      return node instanceof List<?> list && index < list.size() ? list.get(index) : null;
    }
    String key = step.group(1) == null ? step.group(3) : step.group(1);
    return node instanceof Map<?, ?> map ? map.get(key) : null;
  }
}
