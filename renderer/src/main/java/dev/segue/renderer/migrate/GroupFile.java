// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One group of a file to be, with comments. Fields keep the order in which they are put. */
final class GroupFile {
  /** Lines above the group. */
  final List<String> comments = new ArrayList<>();

  final Map<String, @Nullable Object> metadata = new LinkedHashMap<>();

  /** Everything of the spec but the applications. */
  final Map<String, @Nullable Object> spec = new LinkedHashMap<>();

  final List<App> apps = new ArrayList<>();

  GroupFile(String name) {
    metadata.put("name", name);
  }

  /** One application: its fields, and lines above it. */
  static final class App {
    final List<String> comments = new ArrayList<>();
    final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
  }

  /** Returns these groups as one text. */
  static String text(List<GroupFile> groups) {
    return groups.stream().map(GroupFile::text).collect(Collectors.joining("---\n"));
  }

  private String text() {
    Map<String, @Nullable Object> head = new LinkedHashMap<>();
    head.put("apiVersion", "segue.dev/v1alpha1");
    head.put("kind", "ApplicationGroup");
    head.put("metadata", metadata);
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(comment("", line)));
    text.append(YamlWriter.write(head)).append("spec:\n");
    if (!spec.isEmpty()) {
      text.append(indented(YamlWriter.write(spec), "  ", "  "));
    }
    text.append("  applications:\n");
    for (App app : apps) {
      app.comments.forEach(line -> text.append(comment("  ", line)));
      text.append(indented(YamlWriter.write(app.fields), "  - ", "    "));
    }
    return text.toString();
  }

  private static String comment(String indent, String line) {
    return indent + ("# " + line.replaceAll("[\\p{Cntrl}\u2028\u2029]", " ")).strip() + "\n";
  }

  private static String indented(String yaml, String first, String indent) {
    StringBuilder text = new StringBuilder();
    String before = first;
    for (String line : yaml.split("\n", -1)) {
      if (!line.isEmpty()) {
        text.append(before).append(line);
        before = indent;
      }
      text.append('\n');
    }
    text.setLength(text.length() - 1); // the text ends in a line break already
    return text.toString();
  }
}
