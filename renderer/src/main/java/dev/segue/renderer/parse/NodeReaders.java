// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.DnsLabel;
import dev.segue.renderer.model.Executor;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Subchart;
import dev.segue.renderer.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the two lists inside an application that are graphs too: sub-charts and executors. */
final class NodeReaders {
  private static final String DEFAULT_TYPE = "helmrelease";
  private static final List<String> TYPES = List.of(DEFAULT_TYPE, "keptn", "custom");

  /** What Orkestra's own examples write for no parameters. */
  private static final String NO_PARAMS = "nil";

  private static final int MAX_EXECUTOR_NAME = 63;
  private static final Pattern CHART_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private NodeReaders() {}

  static List<Subchart> subcharts(List<Field> items) {
    List<Dependencies.Node> nodes = new ArrayList<>();
    Set<String> unstaged = new TreeSet<>();
    for (Field item : items) {
      Optional<FieldReader> reader = item.object();
      Optional<Dependencies.Node> node = reader.flatMap(r -> Dependencies.read(r, false));
      node.ifPresent(nodes::add);
      reader
          .flatMap(r -> r.find("staging"))
          .flatMap(Field::flag)
          .filter(staging -> !staging)
          .flatMap(staging -> node)
          .ifPresent(n -> unstaged.add(n.name()));
      reader.ifPresent(FieldReader::finish);
    }
    checkNeedsNothingUnstaged(nodes, unstaged);
    for (Dependencies.Node node : nodes) {
      if (!CHART_NAME.matcher(node.name()).matches()) {
        node.nameField()
            .report(
                ProblemCode.BAD_NAME,
                "must be a sub-chart's name or alias; got " + Findings.quote(node.name()),
                "");
      }
    }
    Dependencies.check(Dependencies.Kind.SUBCHART, nodes);
    return nodes.stream()
        .map(node -> new Subchart(node.name(), node.names(false), !unstaged.contains(node.name())))
        .toList();
  }

  /** What is released with the parent comes last: nothing can wait for it, nor it for anything. */
  private static void checkNeedsNothingUnstaged(
      List<Dependencies.Node> nodes, Set<String> unstaged) {
    for (Dependencies.Node node : nodes) {
      for (Dependencies.Dependency dependency : node.dependencies()) {
        if (unstaged.contains(dependency.name())) {
          dependency
              .field()
              .report(
                  ProblemCode.BAD_VALUE,
                  "must be a sub-chart that is released by itself; "
                      + Findings.quote(dependency.name())
                      + " has `staging: false`, so it is released last, with its parent",
                  "");
        }
      }
    }
  }

  static List<Executor> executors(List<Field> items) {
    List<Dependencies.Node> nodes = new ArrayList<>();
    List<Executor> executors = new ArrayList<>();
    for (Field item : items) {
      Optional<FieldReader> reader = item.object();
      Optional<Dependencies.Node> node = reader.flatMap(r -> Dependencies.read(r, false));
      node.ifPresent(nodes::add);
      node.ifPresent(NodeReaders::checkExecutorName);
      reader.flatMap(r -> executor(r, node)).ifPresent(executors::add);
      reader.ifPresent(FieldReader::finish);
    }
    Dependencies.check(Dependencies.Kind.EXECUTOR, nodes);
    return executors;
  }

  private static void checkExecutorName(Dependencies.Node node) {
    node.nameField()
        .parsed(
            ProblemCode.BAD_NAME,
            text -> DnsLabel.check("an executor's name", text, MAX_EXECUTOR_NAME));
  }

  private static Optional<Executor> executor(FieldReader reader, Optional<Dependencies.Node> node) {
    String type = reader.find("type").flatMap(field -> field.oneOf(TYPES)).orElse(DEFAULT_TYPE);
    Optional<Field> image = reader.find("image");
    if (image.isEmpty() && type.equals("custom")) {
      reader.missing("image", "Name the container image of the executor.");
    }
    @Nullable String imageName = image.flatMap(NodeReaders::imageOf).orElse(null);
    Values params =
        reader
            .find("params")
            .filter(field -> !NO_PARAMS.equals(field.data()))
            .flatMap(Field::tree)
            .map(NodeReaders::normal)
            .orElse(Values.EMPTY);
    return node.map(n -> new Executor(n.name(), type, n.names(false), imageName, params));
  }

  /** The image's name, or Orkestra's container that holds it. */
  private static Optional<String> imageOf(Field field) {
    if (!field.isObject()) {
      return field.text();
    }
    Optional<FieldReader> container = field.object();
    Optional<String> image = container.flatMap(c -> c.require("image")).flatMap(Field::text);
    container.ifPresent(
        c -> {
          c.ignore("name");
          c.finish();
        });
    return image;
  }

  /** Orkestra's own examples write {@code configmapRef}: its reader did not mind the case. */
  private static Values normal(Values params) {
    Map<String, @Nullable Object> tree = new TreeMap<>();
    params
        .tree()
        .forEach(
            (key, value) ->
                tree.put(key.equalsIgnoreCase("configMapRef") ? "configMapRef" : key, value));
    return new Values(tree);
  }
}
