// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A first file for charts that lie in a folder. */
public final class ChartFolder {
  private static final String SIBLING = "file://";

  private final SortedMap<RepoPath, String> charts;
  private final Findings notices = new Findings("");
  private final Map<RepoPath, String> names = new TreeMap<>();
  private final Map<RepoPath, YamlNode> contents = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private ChartFolder(SortedMap<RepoPath, String> charts) {
    this.charts = charts;
  }

  /**
   * Returns a file with an application for each chart that can be installed. Dependencies are those
   * that charts name by {@code file://} and nothing else.
   *
   * @param namespace where all of them go
   * @param charts the text of each {@code Chart.yaml}, by the chart's folder in the repository
   */
  public static Migration draft(
      GroupName name, Namespace namespace, SortedMap<RepoPath, String> charts) {
    return new ChartFolder(charts).draft(name, namespace);
  }

  private Migration draft(GroupName name, Namespace namespace) {
    charts.forEach(this::read);
    if (names.isEmpty() && problems.isEmpty()) {
      problems.add(
          Problem.of(
              ProblemCode.DRAFT_NO_CHART,
              "there is no chart that can be installed in that folder",
              "Name a folder that holds folders with a Chart.yaml."));
    }
    GroupFile group = new GroupFile(name.value());
    group.comments.add("A first file, made by `segue init` of the charts that are there.");
    boolean ordered = false;
    for (Map.Entry<RepoPath, String> chart : names.entrySet()) {
      GroupFile.App app = app(chart.getKey(), chart.getValue(), namespace);
      ordered |= app.fields.containsKey("dependencies");
      group.apps.add(app);
    }
    group.comments.add(
        ordered
            ? "Dependencies are those that charts name by file:// and no others: add what must be"
                + " there first, such as"
            : "No chart says what must be there before it, so everything is released at once: add"
                + " the order, such as");
    group.comments.add(
        "  dependencies: [" + names.values().stream().findFirst().orElse("db") + "]");
    return Migration.checked(GroupFile.text(List.of(group)), "", problems, notices.problems());
  }

  private void read(RepoPath folder, String text) {
    YamlStream stream = YamlReader.read(text);
    String file = folder.resolve("Chart.yaml").value();
    if (!stream.faults().isEmpty() || stream.documents().size() != 1) {
      Findings findings = new Findings(file);
      stream.faults().forEach(findings::add);
      if (stream.faults().isEmpty()) {
        findings.add(0, ProblemCode.CHART_INVALID, "", "must be one YAML document", "");
      }
      problems.addAll(findings.problems());
      return;
    }
    YamlNode chart = stream.documents().get(0);
    if (Nodes.text(Nodes.get(chart, "type")).equals("library")) {
      notices.add(
          0,
          ProblemCode.MIGRATION_LEFT_OUT,
          "",
          "chart " + Findings.quote(folder.value()) + " is a library: it is no application",
          "");
      return;
    }
    contents.put(folder, chart);
    names.put(folder, unique(folder, Nodes.text(Nodes.get(chart, "name"))));
  }

  /** The chart's name, or its folder's where that is taken or cannot be a release's. */
  private String unique(RepoPath folder, String chartName) {
    Set<String> taken = new HashSet<>(names.values());
    for (String candidate : List.of(chartName, folder.fileName(), folder.value())) {
      String label = label(candidate);
      if (!label.isEmpty() && !taken.contains(label)) {
        return label;
      }
    }
    int number = 2;
    while (taken.contains("app-" + number)) {
      number++;
    }
    return "app-" + number;
  }

  static String label(String text) {
    String label = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
    String cut = label.substring(0, Math.min(label.length(), ReleaseName.MAX_LENGTH));
    return cut.replaceAll("^-+|-+$", "");
  }

  private GroupFile.App app(RepoPath folder, String name, Namespace namespace) {
    GroupFile.App app = new GroupFile.App();
    List<String> dependencies = new ArrayList<>();
    for (YamlNode dependency : Nodes.items(Nodes.get(contents.get(folder), "dependencies"))) {
      String sibling = sibling(folder, Nodes.text(Nodes.get(dependency, "repository")));
      if (!sibling.isEmpty()) {
        dependencies.add(sibling);
        app.comments.add(
            "Its chart has \""
                + sibling
                + "\" as a sub-chart too: turn that off in its values, or take the application "
                + sibling
                + " out.");
      }
    }
    app.fields.put("name", name);
    if (!dependencies.isEmpty()) {
      app.fields.put("dependencies", dependencies.stream().distinct().toList());
    }
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    Map<String, @Nullable Object> chart = new LinkedHashMap<>();
    chart.put("path", folder.value().isEmpty() ? "." : folder.value());
    Map<String, @Nullable Object> release = new LinkedHashMap<>();
    release.put("targetNamespace", namespace.value());
    spec.put("chart", chart);
    spec.put("release", release);
    app.fields.put("spec", spec);
    return app;
  }

  /** The application of the chart that is meant; "" when it is none of these. */
  private String sibling(RepoPath folder, String repository) {
    if (!repository.startsWith(SIBLING)) {
      return "";
    }
    try {
      return names.getOrDefault(folder.resolve(repository.substring(SIBLING.length())), "");
    } catch (IllegalArgumentException e) {
      return ""; // outside of the repository: whoever brings the dependency in says so
    }
  }
}
