// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.rehearse.WorkflowSpec.Step;
import dev.segue.agent.rehearse.WorkflowSpec.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a DAG (workflow/controller/dag.go of Argo Workflows): begins every task whose
 * dependencies have ended as it wants, leaves out those that can no longer begin, and says what has
 * become of the whole.
 */
final class DagRun {
  private final WorkflowSpec spec;
  private final NodeTable nodes;
  private final Map<String, String> scope;
  private final Context context;
  private final Set<String> visited = new HashSet<>();

  /**
   * @param scope the values of the workflow's placeholders
   */
  DagRun(WorkflowSpec spec, NodeTable nodes, Map<String, String> scope, Context context) {
    this.spec = spec;
    this.nodes = nodes;
    this.scope = scope;
    this.context = context;
  }

  /** What a pass needs of the run it belongs to. */
  interface Context {
    Instant now();

    /** Whether the Workflow is being stopped, as {@code spec.shutdown} says; "" when not. */
    String shutdown();

    /** The Workflow's deadline; null for none. */
    @Nullable Instant deadline();

    /** Starts the pod of that node. */
    void startPod(Node node, ResourceStep step);

    /** Asks for another pass after that time. */
    void passAgain(Duration delay);
  }

  /** Begins what can begin; fails for what is not supported. */
  void execute() throws WorkflowException {
    for (String target : spec.dag().targets()) {
      execute(target);
    }
  }

  private void execute(String name) throws WorkflowException {
    Task task = spec.dag().tasks().get(name);
    if (task == null || !visited.add(name)) {
      return;
    }
    Node node = nodes.ofTask(name);
    if (node != null) {
      if (!node.phase.isFulfilled()) {
        advance(task, node);
      }
      return;
    }
    Set<String> dependencies = task.depends().tasks();
    for (String dependency : dependencies) {
      execute(dependency);
    }
    Map<String, NodePhase> phases = new HashMap<>();
    for (String dependency : dependencies) {
      Node ended = nodes.ofTask(dependency);
      if (ended == null || !ended.isSettled()) {
        return;
      }
      phases.put(dependency, ended.phase);
    }
    if (!task.depends().isMetBy(phases)) {
      omit(task, NodePhase.OMITTED, "omitted: depends condition not met");
    } else if (!parallelismReached()) {
      begin(task);
    }
  }

  private void omit(Task task, NodePhase phase, String message) {
    nodes.connect(task.name(), task.depends().tasks());
    nodes.addTask(task.name(), Node.Type.SKIPPED, task.template(), phase, message);
  }

  private void begin(Task task) throws WorkflowException {
    Map<String, String> inputs;
    ResourceStep step;
    RetryStrategy retries;
    try {
      inputs = inputs(task);
      Map<String, @Nullable Object> filled = filled(task, inputs);
      step = ResourceStep.of(filled);
      retries =
          filled.get("retryStrategy") == null
              ? null
              : RetryStrategy.of(filled.get("retryStrategy"));
    } catch (WorkflowException e) {
      if (e.isUnsupported()) {
        throw e;
      }
      omit(task, NodePhase.ERROR, e.getMessage());
      return;
    }
    nodes.connect(task.name(), task.depends().tasks());
    boolean retrying = retries != null;
    Node node =
        nodes.addTask(
            task.name(),
            retrying ? Node.Type.RETRY : Node.Type.POD,
            task.template(),
            retrying ? NodePhase.RUNNING : NodePhase.PENDING,
            "");
    node.inputs = inputs;
    if (retrying) {
      beginNextPod(node, step);
      advance(task, node); // the pod has failed already when the Workflow is being stopped
    } else {
      startPod(node, step);
    }
  }

  private void beginNextPod(Node retry, ResourceStep step) {
    Node pod = nodes.addRetry(retry);
    pod.inputs = retry.inputs;
    startPod(pod, step);
  }

  private void startPod(Node pod, ResourceStep step) {
    if (context.shutdown().isEmpty()) {
      context.startPod(pod, step);
    } else {
      nodes.mark(pod, NodePhase.FAILED, "workflow shutdown with strategy: " + context.shutdown());
    }
  }

  /** Ends a retry node whose last pod has ended, or begins its next pod. */
  private void advance(Task task, Node node) throws WorkflowException {
    List<Node> pods = nodes.podsOf(node);
    if (pods.isEmpty() || parallelismReached()) {
      return;
    }
    Node last = pods.get(pods.size() - 1);
    if (!last.isSettled()) {
      return;
    }
    if (!last.phase.isFailedOrError()) {
      node.outputs = last.outputs;
      node.exitCode = last.exitCode;
      nodes.mark(node, NodePhase.SUCCEEDED, "");
      return;
    }
    Map<String, @Nullable Object> filled = filled(task, node.inputs);
    RetryStrategy strategy = RetryStrategy.of(filled.get("retryStrategy"));
    Optional<String> end = endOf(strategy, pods, last);
    if (end.isPresent()) {
      node.exitCode = last.exitCode;
      nodes.mark(node, last.phase, end.get());
      return;
    }
    Duration wait = waitBeforeNext(strategy, pods, last);
    if (wait.compareTo(Duration.ZERO) > 0) {
      nodes.mark(node, node.phase, "Backoff for " + Timestamps.go(wait));
      context.passAgain(wait);
    } else {
      nodes.mark(node, node.phase, "");
      beginNextPod(node, ResourceStep.of(filled));
    }
  }

  /** Returns why there is no further pod; empty when there is one. */
  private Optional<String> endOf(RetryStrategy strategy, List<Node> pods, Node last)
      throws WorkflowException {
    Instant deadline = context.deadline();
    if (!context.shutdown().isEmpty()) {
      return Optional.of("Stopped with strategy '" + context.shutdown() + "'");
    }
    if (deadline != null && context.now().isAfter(deadline)) {
      return Optional.of("retry exceeded workflow deadline " + Timestamps.goTime(deadline));
    }
    RetryStrategy.Backoff backoff = strategy.backoff();
    if (backoff != null && backoff.most().isPresent()) {
      Instant latest = pods.get(0).startedAt.plus(backoff.most().get());
      if (context.now().isAfter(latest)) {
        return Optional.of("Max duration limit exceeded");
      }
      if (endOf(last).plus(backoff.after(pods.size())).isAfter(latest)) {
        return Optional.of("Backoff would exceed max duration limit");
      }
    }
    if (!strategy.retries(last.phase)) {
      return Optional.of(last.message);
    }
    if (pods.size() > strategy.limit()) {
      return Optional.of("No more retries left");
    }
    if (!RetryExpression.parse(strategy.expression()).isMetBy(lastRetry(last))) {
      return Optional.of("retryStrategy.expression evaluated to false");
    }
    return Optional.empty();
  }

  private Duration waitBeforeNext(RetryStrategy strategy, List<Node> pods, Node last) {
    RetryStrategy.Backoff backoff = strategy.backoff();
    return backoff == null
        ? Duration.ZERO
        : Duration.between(context.now(), endOf(last).plus(backoff.after(pods.size())));
  }

  private static Instant endOf(Node node) {
    Instant end = node.finishedAt;
    return end == null ? node.startedAt : end;
  }

  private static Map<String, String> lastRetry(Node last) {
    long seconds = Duration.between(last.startedAt, endOf(last)).toSeconds();
    return Map.of(
        "lastRetry.exitCode",
        last.exitCode == null ? "-1" : String.valueOf(last.exitCode),
        "lastRetry.status",
        last.phase.toString(),
        "lastRetry.duration",
        String.valueOf(seconds),
        "lastRetry.message",
        last.message);
  }

  private boolean parallelismReached() {
    long active = nodes.activePods();
    return active >= spec.parallelism().orElse(Long.MAX_VALUE)
        || active >= spec.dag().parallelism().orElse(Long.MAX_VALUE);
  }

  private Map<String, String> inputs(Task task) throws WorkflowException {
    Map<String, String> inputs = new TreeMap<>();
    for (var input : step(task).inputs().entrySet()) {
      String argument = task.arguments().getOrDefault(input.getKey(), input.getValue());
      inputs.put(input.getKey(), Placeholders.fill(argument == null ? "" : argument, scope));
    }
    return inputs;
  }

  private Map<String, @Nullable Object> filled(Task task, Map<String, String> inputs)
      throws WorkflowException {
    Map<String, String> all = new LinkedHashMap<>(scope);
    inputs.forEach((key, value) -> all.put("inputs.parameters." + key, value));
    all.put("tasks.name", task.name());
    all.put("node.name", scope.getOrDefault("workflow.name", "") + "." + task.name());
    return Fields.typed(Placeholders.fill(step(task).fields(), all));
  }

  private Step step(Task task) {
    Step step = spec.steps().get(task.template());
    if (step == null) {
      throw new IllegalStateException("the reader let an unknown template pass");
    }
    return step;
  }

  /**
   * Returns the DAG's phase: that of its targets; one that was left out takes the phase of what
   * came before it.
   */
  NodePhase assess() {
    if (!context.shutdown().isEmpty()) {
      return NodePhase.FAILED;
    }
    Map<String, NodePhase> branches = new HashMap<>();
    Deque<Map.Entry<String, NodePhase>> queue = new ArrayDeque<>();
    Set<Map.Entry<String, NodePhase>> seen = new HashSet<>();
    enqueue(nodes.root().children, NodePhase.SUCCEEDED, queue, seen);
    while (!queue.isEmpty()) {
      Map.Entry<String, NodePhase> next = queue.removeFirst();
      Node node = nodes.get(next.getKey());
      if (!node.phase.isFulfilled()) {
        return NodePhase.RUNNING;
      }
      NodePhase branch = node.phase.isCompleted() ? node.phase : next.getValue();
      branches.merge(node.displayName, branch, (old, now) -> old.isFailedOrError() ? old : now);
      if (node.type == Node.Type.RETRY) {
        nodes.podsOf(node).forEach(pod -> enqueue(pod.children, branch, queue, seen));
      } else {
        enqueue(node.children, branch, queue, seen);
      }
    }
    return decide(branches);
  }

  private static void enqueue(
      List<String> children,
      NodePhase branch,
      Deque<Map.Entry<String, NodePhase>> queue,
      Set<Map.Entry<String, NodePhase>> seen) {
    for (String child : children) {
      Map.Entry<String, NodePhase> entry = Map.entry(child, branch);
      if (seen.add(entry)) {
        queue.addLast(entry);
      }
    }
  }

  private NodePhase decide(Map<String, NodePhase> branches) {
    NodePhase result = NodePhase.SUCCEEDED;
    for (String target : spec.dag().targets()) {
      NodePhase branch = branches.get(target);
      if (branch == null) {
        result = NodePhase.RUNNING;
        if (!spec.dag().failFast()) {
          return result;
        }
      } else if (branch.isFailedOrError()) {
        result = branch;
        if (spec.dag().failFast()) {
          return result;
        }
      }
    }
    return result;
  }
}
