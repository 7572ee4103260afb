// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files of Orkestra. Ours have the same shape, so what is read is written again: under our name,
 * every field in our spelling, references as plain names.
 */
final class OrkestraFile {
  private static final String API_GROUP = "orkestra.azure.microsoft.com/";
  private static final List<String> ROOT = List.of("apiVersion", "kind", "metadata", "spec");
  private static final List<String> METADATA =
      List.of("name", "namespace", "labels", "annotations");
  private static final List<String> SPEC = List.of("interval", "applications");
  private static final List<String> APPLICATION = List.of("name", "dependencies", "spec");
  private static final List<String> APPLICATION_SPEC =
      List.of("chart", "release", "subcharts", "workflow");
  private static final List<String> CHART = List.of("url", "name", "version", "authSecretRef");
  private static final List<String> RELEASE =
      List.of(
          "interval",
          "targetNamespace",
          "timeout",
          "values",
          "install",
          "upgrade",
          "rollback",
          "uninstall");
  private static final List<String> NODE =
      List.of("name", "dependencies", "type", "image", "params");

  private final SourceFile file;
  private final Findings notices;
  private final List<GroupFile> groups = new ArrayList<>();

  private OrkestraFile(SourceFile file) {
    this.file = file;
    this.notices = new Findings(file.path().value());
  }

  /** Whether one of the documents is of Orkestra. */
  static boolean isOne(List<YamlNode> documents) {
    return documents.stream().anyMatch(OrkestraFile::isOurs);
  }

  private static boolean isOurs(YamlNode document) {
    return Nodes.text(Nodes.get(document, "apiVersion")).startsWith(API_GROUP);
  }

  static Migration migrate(SourceFile file) {
    List<Problem> problems = GroupReader.read(List.of(file)).problems();
    return problems.isEmpty()
        ? new OrkestraFile(file).migrate()
        : new Migration("", problems, List.of());
  }

  private Migration migrate() {
    for (YamlNode document : YamlReader.read(file.text()).documents()) {
      if (isOurs(document)) {
        group(document);
      } else {
        lost(document.line(), "", "the document is no ApplicationGroup of Orkestra, and");
      }
    }
    List<Problem> problems = groups.isEmpty() ? List.of(Migrations.unknown(file)) : List.of();
    Comments.firstIn(file.text())
        .ifPresent(
            line ->
                notices.add(line, ProblemCode.MIGRATION_LEFT_OUT, "", Comments.ARE_LEFT_OUT, ""));
    return Migration.checked(
        GroupFile.text(groups), file.path().value(), problems, notices.problems());
  }

  private void lost(int line, String field, String what) {
    notices.add(
        line,
        ProblemCode.MIGRATION_LEFT_OUT,
        field,
        (what.isEmpty() ? "" : what + " ") + "has no counterpart and is left out",
        "");
  }

  private void changed(int line, String field, String message, String remedy) {
    notices.add(line, ProblemCode.MIGRATION_CHANGED, field, message, remedy);
  }

  private void group(YamlNode document) {
    Map<String, YamlNode.Entry> root = known(document, "", ROOT);
    Map<String, YamlNode.Entry> metadata = known(value(root, "metadata"), "metadata", METADATA);
    GroupFile group = new GroupFile(Nodes.text(value(metadata, "name")));
    metadata.forEach((key, entry) -> group.metadata.put(key, Nodes.data(entry.value())));
    Map<String, YamlNode.Entry> spec = known(value(root, "spec"), "spec", SPEC);
    spec.forEach(
        (key, entry) -> {
          if (!key.equals("applications")) {
            group.spec.put(key, Nodes.data(entry.value()));
          }
        });
    int index = 0;
    for (YamlNode application : Nodes.items(value(spec, "applications"))) {
      group.apps.add(application(application, "spec.applications[" + index++ + "]"));
    }
    groups.add(group);
  }

  private GroupFile.App application(YamlNode node, String path) {
    GroupFile.App app = new GroupFile.App();
    Map<String, YamlNode.Entry> fields = known(node, path, APPLICATION);
    fields.forEach(
        (key, entry) -> {
          if (!key.equals("spec")) {
            app.fields.put(key, Nodes.data(entry.value()));
          }
        });
    String specPath = path + ".spec";
    Map<String, YamlNode.Entry> spec = known(value(fields, "spec"), specPath, APPLICATION_SPEC);
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    spec.forEach(
        (key, entry) -> {
          String at = specPath + "." + key;
          switch (key) {
            case "chart" -> written.put(key, chart(entry.value(), at));
            case "release" -> written.put(key, plain(known(entry.value(), at, RELEASE)));
            case "subcharts", "workflow" -> {
              List<@Nullable Object> nodes = nodes(entry.value(), at);
              if (!nodes.isEmpty()) {
                written.put(key, nodes);
              }
            }
            default -> written.put(key, Nodes.data(entry.value()));
          }
        });
    boolean told =
        Nodes.entries(value(spec, "release")).stream()
            .anyMatch(entry -> entry.key().equalsIgnoreCase("targetNamespace"));
    if (!told) {
      changed(
          node.line(),
          specPath + ".release.targetNamespace",
          "is not given: the release goes to a namespace that is called as the group",
          "Write it where it was released until now.");
    }
    app.fields.put("spec", written);
    return app;
  }

  private Map<String, @Nullable Object> chart(YamlNode node, String path) {
    Map<String, @Nullable Object> chart = new LinkedHashMap<>();
    known(node, path, CHART)
        .forEach(
            (key, entry) -> {
              boolean reference = entry.value() instanceof YamlNode.Mapping;
              chart.put(
                  key,
                  reference
                      ? Nodes.text(Nodes.get(entry.value(), "name"))
                      : Nodes.data(entry.value()));
              YamlNode namespace = Nodes.get(entry.value(), "namespace");
              if (reference && namespace != null) {
                changed(
                    entry.line(),
                    path + "." + key,
                    "names a Secret in namespace \""
                        + Nodes.text(namespace)
                        + "\"; it is now read from the group's own",
                    "Copy it there.");
              }
            });
    return chart;
  }

  /** Sub-charts or executors. */
  private List<@Nullable Object> nodes(YamlNode list, String path) {
    List<@Nullable Object> nodes = new ArrayList<>();
    int index = 0;
    for (YamlNode item : Nodes.items(list)) {
      Map<String, YamlNode.Entry> fields = known(item, path + "[" + index + "]", NODE);
      Map<String, @Nullable Object> node = plain(fields);
      YamlNode image = value(fields, "image");
      if (image instanceof YamlNode.Mapping) {
        node.put("image", Nodes.text(Nodes.get(image, "image")));
      }
      String type = Nodes.text(value(fields, "type"));
      if (!type.isEmpty() && !type.equals("helmrelease")) {
        changed(
            item.line(),
            path + "[" + index + "].type",
            "is \"" + type + "\", which is read but not run yet: the group is not released with it",
            "Take the executor out, or wait.");
      }
      nodes.add(node);
      index++;
    }
    return nodes;
  }

  private static Map<String, @Nullable Object> plain(Map<String, YamlNode.Entry> fields) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    fields.forEach((key, entry) -> plain.put(key, Nodes.data(entry.value())));
    return plain;
  }

  private static @Nullable YamlNode value(Map<String, YamlNode.Entry> fields, String key) {
    YamlNode.Entry entry = fields.get(key);
    return entry == null ? null : entry.value();
  }

  /**
   * The fields that have a value, in our spelling: Orkestra does not mind the case. What is not in
   * {@code names} is kept where our reader takes it, and told where it is left out.
   */
  private Map<String, YamlNode.Entry> known(
      @Nullable YamlNode node, String path, List<String> names) {
    Map<String, YamlNode.Entry> fields = new LinkedHashMap<>();
    for (YamlNode.Entry entry : Nodes.entries(node)) {
      String name =
          names.stream().filter(entry.key()::equalsIgnoreCase).findFirst().orElse(entry.key());
      boolean closed = path.isEmpty() || path.equals("metadata");
      if (entry.value() instanceof YamlNode.Scalar scalar && scalar.value() == null) {
        continue;
      }
      if (closed && !names.contains(name)) {
        lost(entry.line(), path.isEmpty() ? name : path + "." + name, "");
      } else {
        fields.put(name, entry);
      }
    }
    return fields;
  }
}
