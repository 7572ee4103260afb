// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.SemanticVersion;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a chart says of itself in {@code Chart.yaml} ({@code requirements.yaml} for the old form)
 * and {@code Chart.lock}.
 *
 * @param dependencies as declared, in the file's order
 * @param locked as pinned by the lock file; empty when there is none
 */
record ChartMetadata(
    String name,
    String version,
    boolean library,
    List<Dependency> dependencies,
    List<Dependency> locked) {
  static final String FILE = "Chart.yaml";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,250}");

  /**
   * @param version a version or range; "" when none is given
   * @param repository as written; "" when none is given
   * @param alias "" when none is given
   */
  record Dependency(String name, String version, String repository, String alias) {}

  /** Throws CHART_INVALID, which says what is wrong with {@code chart}. */
  static ChartMetadata of(ChartFiles files, String chart) throws ChartException {
    YamlNode.Mapping root = mapping(files, FILE, chart);
    if (root == null) {
      throw invalid(chart + " must have a `Chart.yaml`; it has none");
    }
    String apiVersion = text(root, "apiVersion");
    if (!apiVersion.equals("v1") && !apiVersion.equals("v2")) {
      throw invalid(
          chart + "/Chart.yaml: field `apiVersion` must be v1 or v2; got \"" + apiVersion + "\"");
    }
    String name = text(root, "name");
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw invalid(
          chart
              + "/Chart.yaml: field `name` must have letters, digits, `-`, `_` and `.` only;"
              + " got \""
              + name
              + "\"");
    }
    String version = text(root, "version");
    if (SemanticVersion.find(version).isEmpty()) {
      throw invalid(
          chart
              + "/Chart.yaml: field `version` must be a semantic version such as 1.2.3; got \""
              + version
              + "\"");
    }
    List<Dependency> declared = dependencies(root, chart + "/Chart.yaml");
    YamlNode.Mapping requirements = mapping(files, "requirements.yaml", chart);
    if (requirements != null && declared.isEmpty()) {
      declared = dependencies(requirements, chart + "/requirements.yaml");
    }
    YamlNode.Mapping lock = mapping(files, "Chart.lock", chart);
    lock = lock != null ? lock : mapping(files, "requirements.lock", chart);
    List<Dependency> locked = lock == null ? List.of() : dependencies(lock, chart + "/Chart.lock");
    return new ChartMetadata(name, version, text(root, "type").equals("library"), declared, locked);
  }

  private static List<Dependency> dependencies(YamlNode.Mapping root, String file)
      throws ChartException {
    YamlNode node = root.get("dependencies");
    if (node == null || (node instanceof YamlNode.Scalar scalar && scalar.value() == null)) {
      return List.of();
    }
    if (!(node instanceof YamlNode.Sequence sequence)) {
      throw invalid(file + ":" + node.line() + " field `dependencies` must be a list");
    }
    List<Dependency> dependencies = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      if (!(item instanceof YamlNode.Mapping mapping)
          || !NAME.matcher(text(mapping, "name")).matches()) {
        throw invalid(file + ":" + item.line() + " a dependency must have a `name`");
      }
      dependencies.add(
          new Dependency(
              text(mapping, "name"),
              text(mapping, "version"),
              text(mapping, "repository"),
              text(mapping, "alias")));
    }
    return List.copyOf(dependencies);
  }

  private static YamlNode.@Nullable Mapping mapping(ChartFiles files, String file, String chart)
      throws ChartException {
    String text = files.text(file);
    if (text == null) {
      return null;
    }
    YamlStream stream = YamlReader.read(text);
    if (!stream.faults().isEmpty()) {
      var fault = stream.faults().get(0);
      throw invalid(chart + "/" + file + ":" + fault.line() + " " + fault.message());
    }
    if (stream.documents().isEmpty()) {
      return new YamlNode.Mapping(1, List.of());
    }
    if (!(stream.documents().get(0) instanceof YamlNode.Mapping mapping)) {
      throw invalid(chart + "/" + file + " must be a YAML map");
    }
    return mapping;
  }

  /** The scalar as it is written; "" when there is none. */
  private static String text(YamlNode.Mapping mapping, String key) {
    return mapping.get(key) instanceof YamlNode.Scalar scalar && scalar.value() != null
        ? scalar.text()
        : "";
  }

  private static ChartException invalid(String message) {
    return new ChartException(ProblemCode.CHART_INVALID, false, message, null);
  }
}
