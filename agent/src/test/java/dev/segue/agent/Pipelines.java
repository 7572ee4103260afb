// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pipelines in docs/pull-requests.md. */
final class Pipelines {
  private Pipelines() {}

  /** The block below {@code <!-- pipeline: NAME -->}. */
  static String text(String name) {
    String docs;
    try {
      docs = Files.readString(Path.of("../docs/pull-requests.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int mark = docs.indexOf("<!-- pipeline: " + name + " -->\n```");
    if (mark < 0) {
      throw new IllegalArgumentException("no pipeline " + name);
    }
    int begin = docs.indexOf('\n', docs.indexOf("```", mark)) + 1;
    return docs.substring(begin, docs.indexOf("\n```", begin) + 1);
  }

  /** Its one document; refuses what our reader finds at fault. */
  static Map<String, @Nullable Object> yaml(String name) {
    YamlStream stream = YamlReader.read(text(name));
    if (!stream.faults().isEmpty() || stream.documents().size() != 1) {
      throw new IllegalArgumentException(name + ": " + stream.faults());
    }
    return PlainData.map(stream.documents().get(0).data());
  }

  /** The steps of GitHub's job. */
  static List<Map<String, @Nullable Object>> steps() {
    return maps(PlainData.at(yaml("github"), "jobs", "check", "steps"));
  }

  /** What a step of GitHub's job runs. */
  static String step(String name) {
    return steps().stream()
        .filter(step -> name.equals(step.get("name")))
        .map(step -> PlainData.text(step, "run"))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no step " + name));
  }

  /** What GitLab's job runs. */
  static List<String> script(String field) {
    return PlainData.texts(PlainData.at(yaml("gitlab"), "segue", field));
  }

  static List<Map<String, @Nullable Object>> maps(@Nullable Object list) {
    return ((List<?>) java.util.Objects.requireNonNull(list))
        .stream().<Map<String, @Nullable Object>>map(PlainData::map).toList();
  }
}
