// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The nodes of one Workflow, in the order of their beginning. */
final class NodeTable {
  private final String workflow;
  private final Supplier<Instant> now;
  private final Consumer<Node> changed;
  private final Map<String, Node> nodes = new LinkedHashMap<>();

  /**
   * @param changed is told of every node that is new or has a new phase
   */
  NodeTable(String workflow, Supplier<Instant> now, Consumer<Node> changed) {
    this.workflow = workflow;
    this.now = now;
    this.changed = changed;
  }

  Node addRoot(String template) {
    return add(workflow, workflow, Node.Type.DAG, template, "", false, NodePhase.RUNNING, "");
  }

  /** Adds the node of a task of the root. */
  Node addTask(String task, Node.Type type, String template, NodePhase phase, String message) {
    return add(taskName(task), task, type, template, workflow, false, phase, message);
  }

  /** Adds the next pod of a task that has a retry strategy, with its number in the name. */
  Node addRetry(Node retry) {
    String suffix = "(" + retry.children.size() + ")";
    Node pod =
        add(
            retry.name + suffix,
            retry.displayName + suffix,
            Node.Type.POD,
            retry.template,
            workflow,
            true,
            NodePhase.PENDING,
            "");
    retry.children.add(pod.id);
    return pod;
  }

  private Node add(
      String name,
      String displayName,
      Node.Type type,
      String template,
      String boundary,
      boolean retried,
      NodePhase phase,
      String message) {
    Node node =
        new Node(id(name), name, displayName, type, template, boundary, retried, phase, now.get());
    node.message = message;
    nodes.put(node.id, node);
    changed.accept(node);
    return node;
  }

  /** Gives the node that phase and message, and the time of its end. */
  void mark(Node node, NodePhase phase, String message) {
    boolean isNew = node.phase != phase;
    node.phase = phase;
    node.message = message;
    if (phase.isFulfilled() && node.finishedAt == null) {
      node.finishedAt = now.get();
    }
    if (isNew) {
      changed.accept(node);
    }
  }

  boolean isEmpty() {
    return nodes.isEmpty();
  }

  Node root() {
    return get(workflow);
  }

  Node get(String id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalStateException("no node " + id + " in workflow " + workflow);
    }
    return node;
  }

  /** Returns the task's node; null when it has not begun. */
  @Nullable Node ofTask(String task) {
    return nodes.get(id(taskName(task)));
  }

  List<Node> all() {
    return List.copyOf(nodes.values());
  }

  long activePods() {
    return nodes.values().stream().filter(Node::isActivePod).count();
  }

  /** Makes the task's node a child of what ended before it, or of the root. */
  void connect(String task, Iterable<String> dependencies) {
    String id = id(taskName(task));
    boolean isRoot = true;
    for (String dependency : dependencies) {
      isRoot = false;
      Node parent = ofTask(dependency);
      if (parent != null) {
        addChild(outbound(parent), id);
      }
    }
    if (isRoot) {
      addChild(root(), id);
    }
  }

  private static void addChild(Node parent, String id) {
    if (!parent.children.contains(id)) {
      parent.children.add(id);
    }
  }

  /** The node itself, or the last pod of a retry. */
  private Node outbound(Node node) {
    List<Node> pods = podsOf(node);
    return pods.isEmpty() ? node : pods.get(pods.size() - 1);
  }

  /** Returns the pods of a retry node, in order; none of another. */
  List<Node> podsOf(Node node) {
    List<Node> pods = new ArrayList<>();
    if (node.type == Node.Type.RETRY) {
      node.children.stream().map(this::get).filter(child -> child.retried).forEach(pods::add);
    }
    return pods;
  }

  Map<String, @Nullable Object> toStatus() {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    nodes.forEach((id, node) -> status.put(id, node.toStatus()));
    return status;
  }

  /** {@code done/all} of the pods and of what was left out. */
  String progress() {
    long all = 0;
    long done = 0;
    for (Node node : nodes.values()) {
      if (node.type == Node.Type.POD) {
        all++;
        done += node.phase == NodePhase.SUCCEEDED ? 1 : 0;
      }
    }
    return done + "/" + all;
  }

  private String taskName(String task) {
    return workflow + "." + task;
  }

  /** As Argo forms it: the workflow's name and the FNV-1a hash of the node's. */
  private String id(String name) {
    if (name.equals(workflow)) {
      return workflow;
    }
    int hash = 0x811c9dc5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    return workflow + "-" + Integer.toUnsignedString(hash);
  }
}
