// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Findings as plain data, for programs. Fields are only ever added. */
public final class JsonReport {
  private JsonReport() {}

  /** Returns what is to be written as JSON. */
  public static Map<String, @Nullable Object> of(Validation validation) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("errors", validation.errors());
    data.put("warnings", validation.warnings());
    data.put("files", validation.files());
    data.put("groups", validation.groups().stream().map(JsonReport::group).toList());
    data.put("findings", validation.findings().stream().map(JsonReport::finding).toList());
    data.put("notes", validation.notes());
    return data;
  }

  private static Map<String, @Nullable Object> group(Validation.Group group) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("file", group.file());
    data.put("line", (long) group.line());
    data.put("name", group.name());
    data.put("releases", (long) group.releases());
    data.put("looked", looked(group));
    return data;
  }

  private static List<String> looked(Validation.Group group) {
    return group.looked().stream().map(Check::text).toList();
  }

  private static Map<String, @Nullable Object> finding(Finding finding) {
    Problem problem = finding.problem();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    data.put("code", problem.code().id());
    data.put("check", finding.check().text());
    data.put("file", problem.path());
    data.put("line", (long) problem.line());
    data.put("field", problem.field());
    data.put("group", finding.group());
    data.put("release", finding.release());
    data.put("object", finding.object());
    data.put("message", problem.message());
    data.put("remedy", problem.remedy());
    return data;
  }
}
