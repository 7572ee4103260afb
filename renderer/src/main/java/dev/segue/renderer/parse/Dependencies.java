// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.graph.Cycles;
import dev.segue.renderer.model.ProblemCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Checks names and dependencies of nodes that stand in one list. */
final class Dependencies {
  private static final int MAX_CYCLES = 10;

  /** Whose dependencies they are. */
  enum Kind {
    APPLICATION("an application in this group", ProblemCode.DUPLICATE_APPLICATION, true),
    /** The chart may have more of them than the file lists: its own names count. */
    SUBCHART("a sub-chart", ProblemCode.BAD_VALUE, false),
    EXECUTOR("an executor in this list", ProblemCode.BAD_VALUE, true);

    private final String wanted;
    private final ProblemCode duplicate;
    private final boolean closed;

    Kind(String wanted, ProblemCode duplicate, boolean closed) {
      this.wanted = wanted;
      this.duplicate = duplicate;
      this.closed = closed;
    }
  }

  /**
   * @param name as it is written, even where it is no good name
   */
  record Node(String name, Field nameField, List<Dependency> dependencies) {
    Node {
      dependencies = List.copyOf(dependencies);
    }

    List<String> names(boolean soft) {
      return dependencies.stream()
          .filter(dependency -> dependency.soft() == soft)
          .map(Dependency::name)
          .toList();
    }
  }

  record Dependency(String name, Field field, boolean soft) {}

  private Dependencies() {}

  /** Reads the node that {@code reader} describes; empty when it has no name. */
  static Optional<Node> read(FieldReader reader, boolean withSoft) {
    List<Dependency> dependencies = new ArrayList<>();
    readList(reader, "dependencies", false, dependencies);
    if (withSoft) {
      readList(reader, "softDependencies", true, dependencies);
    }
    return reader
        .require("name")
        .flatMap(field -> field.text().map(name -> new Node(name, field, dependencies)));
  }

  private static void readList(
      FieldReader reader, String key, boolean soft, List<Dependency> dependencies) {
    for (Field item : reader.items(key)) {
      item.text().ifPresent(name -> dependencies.add(new Dependency(name, item, soft)));
    }
  }

  static void check(Kind kind, List<Node> nodes) {
    Map<String, Node> byName = new TreeMap<>();
    for (Node node : nodes) {
      Node first = byName.putIfAbsent(node.name(), node);
      if (first != null) {
        node.nameField()
            .report(
                kind.duplicate,
                "must be unique in this list; "
                    + Findings.quote(node.name())
                    + " is already on line "
                    + first.nameField().line(),
                "Rename or remove one of them.");
      }
    }
    nodes.forEach(node -> checkNode(kind, node, byName.keySet()));
    checkCycles(nodes, byName);
  }

  private static void checkNode(Kind kind, Node node, Set<String> names) {
    Map<String, Dependency> seen = new HashMap<>();
    for (Dependency dependency : node.dependencies()) {
      Dependency first = seen.putIfAbsent(dependency.name(), dependency);
      if (first != null) {
        reportTwice(dependency, first);
      } else if (dependency.name().equals(node.name())) {
        dependency
            .field()
            .report(
                ProblemCode.SELF_DEPENDENCY,
                "must not name its own node; got " + Findings.quote(node.name()),
                "Remove it.");
      } else if (kind.closed && !names.contains(dependency.name())) {
        Set<String> others = new HashSet<>(names);
        others.remove(node.name());
        dependency
            .field()
            .report(
                ProblemCode.UNKNOWN_DEPENDENCY,
                "must name " + kind.wanted + "; got " + Findings.quote(dependency.name()),
                Findings.didYouMean(dependency.name(), others, ""));
      }
    }
  }

  private static void reportTwice(Dependency dependency, Dependency first) {
    String message =
        dependency.soft() == first.soft()
            ? "must stand once; got "
            : "must be either hard or soft; both lists have ";
    dependency
        .field()
        .report(
            ProblemCode.BAD_VALUE,
            message + Findings.quote(dependency.name()),
            "Remove one of them.");
  }

  /** One problem for each cycle: after one is told, it is cut and the next is looked for. */
  private static void checkCycles(List<Node> nodes, Map<String, Node> byName) {
    Map<String, Set<String>> needs = new TreeMap<>();
    for (Node node : nodes) {
      Set<String> names = needs.computeIfAbsent(node.name(), name -> new LinkedHashSet<>());
      node.dependencies().forEach(dependency -> names.add(dependency.name()));
      names.retainAll(byName.keySet());
      names.remove(node.name());
    }
    for (int i = 0; i < MAX_CYCLES; i++) {
      Optional<List<String>> found = Cycles.find(needs);
      if (found.isEmpty()) {
        return;
      }
      List<String> cycle = found.get();
      reportCycle(nodes, cycle);
      Set<String> last = needs.get(cycle.get(cycle.size() - 2));
      if (last != null) {
        last.remove(cycle.get(cycle.size() - 1));
      }
    }
  }

  private static void reportCycle(List<Node> nodes, List<String> cycle) {
    nodes.stream()
        .filter(node -> node.name().equals(cycle.get(0)))
        .flatMap(node -> node.dependencies().stream())
        .filter(dependency -> dependency.name().equals(cycle.get(1)))
        .findFirst()
        .ifPresent(
            dependency ->
                dependency
                    .field()
                    .report(
                        ProblemCode.CYCLE,
                        "must not close a cycle; got " + String.join(" → ", cycle),
                        "Remove one of these dependencies."));
  }
}
