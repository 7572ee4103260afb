// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.Values;
import dev.segue.renderer.model.ValuesSelection;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import dev.segue.renderer.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A chart's {@code values.yaml}. What is cut out of it keeps its bytes line by line where that
 * gives the same data; otherwise the data is written anew.
 */
final class ValuesFile {
  private final byte[] content;
  private final Optional<Values> values;
  private final YamlStream stream;
  private final List<String> lines;

  private ValuesFile(byte[] content) {
    this.content = content;
    String text = ChartYaml.text(content);
    this.stream = YamlReader.read(text);
    this.lines = text.lines().toList();
    this.values = values(stream);
  }

  static ValuesFile of(byte[] content) {
    return new ValuesFile(content);
  }

  /** Empty when it is not YAML that we read. */
  Optional<Values> values() {
    return values;
  }

  /**
   * Returns it with nothing but what is selected; all of it, unchanged, when it is not YAML that we
   * read or nothing is cut.
   */
  byte[] only(ValuesSelection selection) {
    if (values.isEmpty()) {
      return content;
    }
    Values wanted = selection.of(values.get());
    if (wanted.equals(values.get())) {
      return content;
    }
    for (boolean tight : new boolean[] {true, false}) {
      String lines = lines(wanted, tight);
      if (values(YamlReader.read(lines)).equals(Optional.of(wanted))) {
        return lines.getBytes(StandardCharsets.UTF_8);
      }
    }
    return YamlWriter.write(wanted.tree()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param tight without the comments that stand before the next key
   */
  private String lines(Values wanted, boolean tight) {
    if (stream.documents().size() != 1
        || !(stream.documents().get(0) instanceof YamlNode.Mapping root)) {
      return "";
    }
    Map<String, @Nullable Object> all = values.orElseThrow().tree();
    Map<String, @Nullable Object> parts = new TreeMap<>(wanted.tree());
    StringBuilder text = new StringBuilder();
    List<YamlNode.Entry> entries = root.entries();
    for (int i = 0; i < entries.size(); i++) {
      String key = entries.get(i).key();
      int from = entries.get(i).line() - 1;
      int to = i + 1 < entries.size() ? entries.get(i + 1).line() - 1 : lines.size();
      boolean whole =
          parts.containsKey(key) && java.util.Objects.equals(parts.get(key), all.get(key));
      if (whole && from < to) {
        List<String> own = lines.subList(from, to);
        int end = tight ? withoutTrailingComments(own) : own.size();
        own.subList(0, end).forEach(line -> text.append(line).append('\n'));
        parts.remove(key);
      }
    }
    return parts.isEmpty() ? text.toString() : text + YamlWriter.write(parts);
  }

  private static int withoutTrailingComments(List<String> lines) {
    int end = lines.size();
    while (end > 1 && (lines.get(end - 1).isBlank() || lines.get(end - 1).startsWith("#"))) {
      end--;
    }
    return end;
  }

  private static Optional<Values> values(YamlStream stream) {
    if (!stream.faults().isEmpty()) {
      return Optional.empty();
    }
    Values values = Values.EMPTY;
    for (YamlNode document : stream.documents()) {
      if (!(document instanceof YamlNode.Mapping mapping)) {
        return Optional.empty();
      }
      values = values.mergedWith(new Values(mapping.data()));
    }
    return Optional.of(values);
  }

  /** Adds the strings in a tree that may be evaluated as templates. */
  static void addTemplates(@Nullable Object node, List<String> texts) {
    if (node instanceof Map<?, ?> map) {
      map.values().forEach(value -> addTemplates(value, texts));
    } else if (node instanceof List<?> list) {
      list.forEach(item -> addTemplates(item, texts));
    } else if (node instanceof String text && text.contains("{{")) {
      texts.add(text);
    }
  }

  /** The strings in it that may be evaluated as templates. */
  List<String> templates() {
    List<String> texts = new ArrayList<>();
    if (values.isPresent()) {
      addTemplates(values.get().tree(), texts);
    } else {
      texts.add(ChartYaml.text(content));
    }
    return texts;
  }
}
