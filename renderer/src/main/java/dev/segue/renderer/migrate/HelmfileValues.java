// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.migrate.Helmfile.Surroundings;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of a release of a Helmfile: maps and files in order, and what is set over them. */
final class HelmfileValues {
  private static final String EMBED = "Give the output of `helmfile build --embed-values` instead.";

  private final String path;
  private final Surroundings around;
  private Values values = Values.EMPTY;

  HelmfileValues(String path, Surroundings around) {
    this.path = path;
    this.around = around;
  }

  Map<String, @Nullable Object> of(YamlNode release) {
    boolean mayMiss = "Warn".equals(Nodes.text(Nodes.get(release, "missingFileHandler")));
    for (YamlNode item : Nodes.items(Nodes.get(release, "values"))) {
      if (item instanceof YamlNode.Mapping map) {
        add(map);
      } else {
        file(Nodes.text(item), item.line(), mayMiss);
      }
    }
    for (YamlNode secret : Nodes.items(Nodes.get(release, "secrets"))) {
      around.lost(
          secret.line(),
          path + ".secrets",
          "is left out: secrets do not belong in the file",
          "Put them into a Secret, and name that in `valuesFrom`.");
    }
    for (YamlNode set : Nodes.items(Nodes.get(release, "set"))) {
      set(set);
    }
    return values.tree();
  }

  private void add(YamlNode.Mapping map) {
    values = values.mergedWith(new Values(map.data()));
  }

  private void problem(int line, String message, String remedy) {
    around.problems().add(line, ProblemCode.MIGRATION_VALUES, path + ".values", message, remedy);
  }

  private void file(String name, int line, boolean mayMiss) {
    if (name.endsWith(".gotmpl")) {
      problem(line, "must not name a template; got " + Findings.quote(name), EMBED);
      return;
    }
    Optional<String> text =
        name.contains("://") || name.contains("::") ? Optional.empty() : around.files().text(name);
    if (text.isEmpty()) {
      if (mayMiss) {
        around.lost(line, path + ".values", "names a file that is not there and is left out", "");
      } else {
        problem(line, "must name a file that can be read; got " + Findings.quote(name), EMBED);
      }
      return;
    }
    YamlStream stream = YamlReader.read(text.get());
    List<YamlNode> documents = stream.documents();
    if (!stream.faults().isEmpty()
        || documents.size() > 1
        || (documents.size() == 1 && !(documents.get(0) instanceof YamlNode.Mapping))) {
      problem(line, "must name a file with one map of values; got " + Findings.quote(name), "");
    } else if (documents.size() == 1) {
      add((YamlNode.Mapping) documents.get(0));
    }
  }

  private void set(YamlNode node) {
    String name = Nodes.text(Nodes.get(node, "name"));
    YamlNode value = Nodes.get(node, "value");
    if (value == null || !name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
      around.lost(
          node.line(),
          path + ".set",
          "is left out: only a name with dots and a value can be written; got "
              + Findings.quote(name),
          "Write it into `values`.");
      return;
    }
    Object tree = value.data();
    List<String> keys = List.of(name.split("\\.", -1));
    for (int i = keys.size() - 1; i >= 0; i--) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put(keys.get(i), tree);
      tree = map;
    }
    values = values.mergedWith(new Values(PlainData.map(tree)));
  }
}
