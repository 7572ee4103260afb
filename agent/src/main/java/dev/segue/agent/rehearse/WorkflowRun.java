// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.rehearse.Node.Output;
import dev.segue.renderer.model.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One Workflow from its creation to its end, as Argo's controller operates it. */
final class WorkflowRun {
  /** What argoexec exits with when its pod is ended from outside. */
  private static final int KILLED = 64;

  private final ObjectKey key;
  private final ObjectStore store;
  private final SimulatedTime time;
  private final Consumer<String> log;
  private final NodeTable nodes;
  private final Map<String, StepPod> pods = new LinkedHashMap<>();

  private @Nullable WorkflowSpec spec;
  private Map<String, String> scope = Map.of();
  private String phase = "";
  private String message = "";
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private boolean gone;
  private boolean passing;
  private boolean writing;

  WorkflowRun(ObjectKey key, ObjectStore store, SimulatedTime time, Consumer<String> log) {
    this.key = key;
    this.store = store;
    this.time = time;
    this.log = log;
    this.nodes = new NodeTable(key.name(), time::now, this::say);
  }

  /** Has the controller look at the Workflow soon. */
  void passSoon() {
    if (!passing) {
      passing = true;
      passAfter(Timings.WORKFLOW_PASS);
    }
  }

  /** Forgets the Workflow, which was deleted, and ends its pods. */
  void forget() {
    gone = true;
    pods.values().forEach(StepPod::kill);
  }

  private void passAfter(Duration delay) {
    time.schedule(delay, this::pass);
  }

  private void pass() {
    passing = false;
    Optional<Manifest> workflow = store.get(key);
    if (gone || workflow.isEmpty() || finishedAt != null) {
      return;
    }
    try {
      operate(workflow.get());
    } catch (WorkflowException e) {
      pods.values().forEach(StepPod::kill);
      end(
          e.isUnsupported() ? "Error" : "Failed",
          e.isUnsupported() ? e.getMessage() : "invalid spec: " + e.getMessage());
    }
    writeSoon();
  }

  private void operate(Manifest workflow) throws WorkflowException {
    if (phase.isEmpty()) {
      begin(workflow);
    }
    Context context = new Context(workflow);
    endPods(context);
    WorkflowSpec read = spec;
    if (read == null || Boolean.TRUE.equals(workflow.at("spec", "suspend"))) {
      return; // while it is suspended not even a shutdown ends it
    }
    if (nodes.isEmpty()) {
      nodes.addRoot(read.dag().template());
    }
    DagRun dag = new DagRun(read, nodes, scope, context);
    dag.execute();
    NodePhase result = dag.assess();
    if (result.isFulfilled() && nodes.activePods() == 0) {
      nodes.mark(nodes.root(), result, "");
      boolean stopped = result.isFailedOrError() && !context.shutdown().isEmpty();
      end(result.toString(), stopped ? "Stopped with strategy '" + context.shutdown() + "'" : "");
    }
  }

  private void begin(Manifest workflow) throws WorkflowException {
    phase = "Running";
    startedAt = time.now();
    WorkflowSpec read = WorkflowReader.read(workflow);
    spec = read;
    Map<String, String> values = new LinkedHashMap<>(read.parameters());
    values.put("workflow.name", key.name());
    values.put("workflow.namespace", key.namespace());
    values.put("workflow.uid", workflow.text("metadata", "uid").orElse(""));
    scope = values;
    log.accept("workflow " + key.name() + " Running");
    Instant deadline = deadlineOf(workflow);
    if (deadline != null) {
      passAfter(Duration.between(time.now(), deadline).plusMillis(1));
    }
  }

  /**
   * Ends the pods of a Workflow that is stopped, and the steps that wait for a pod when it has run
   * too long: the pods themselves know its deadline.
   */
  private void endPods(Context context) {
    Instant deadline = context.deadline();
    boolean late = deadline != null && time.now().isAfter(deadline);
    for (Node node : nodes.all()) {
      StepPod pod = pods.get(node.id);
      if (!node.isActivePod()) {
        continue;
      }
      if (!context.shutdown().isEmpty() && pod != null) {
        pod.kill();
        node.reported = false;
        nodes.mark(
            node, NodePhase.FAILED, "workflow shutdown with strategy:  " + context.shutdown());
        time.schedule(Timings.POD_END, () -> reportKilled(node));
      } else if (late && pod == null) {
        nodes.mark(node, NodePhase.FAILED, "Step exceeded its deadline");
      }
    }
  }

  /** A killed pod reports its end a little later, to a Workflow that has not ended by then. */
  private void reportKilled(Node node) {
    if (gone || finishedAt != null) {
      return;
    }
    node.reported = true;
    node.exitCode = KILLED;
    nodes.mark(node, NodePhase.FAILED, "main: Error (exit code " + KILLED + "): context canceled");
    writeSoon();
    passSoon();
  }

  private void end(String result, String why) {
    phase = result;
    message = why;
    finishedAt = time.now();
    log.accept("workflow " + key.name() + " " + result + (why.isEmpty() ? "" : ": " + why));
    Map<String, @Nullable Object> ttl =
        store.get(key).map(workflow -> workflow.map("spec", "ttlStrategy")).orElse(Map.of());
    Object seconds =
        ttl.getOrDefault(
            result.equals("Succeeded") ? "secondsAfterSuccess" : "secondsAfterFailure",
            ttl.get("secondsAfterCompletion"));
    if (seconds instanceof Number number) {
      time.schedule(Duration.ofSeconds(number.longValue()), this::deleteIfStillThere);
    }
  }

  private void deleteIfStillThere() {
    if (!gone) {
      store.delete(key);
    }
  }

  /** Writes the status once for all that changes at this time. */
  private void writeSoon() {
    if (!writing) {
      writing = true;
      time.schedule(Duration.ZERO, this::write);
    }
  }

  private void write() {
    writing = false;
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("phase", phase);
    if (!message.isEmpty()) {
      status.put("message", message);
    }
    status.put("startedAt", startedAt == null ? null : Timestamps.of(startedAt));
    status.put("finishedAt", finishedAt == null ? null : Timestamps.of(finishedAt));
    status.put("progress", nodes.progress());
    status.put("nodes", nodes.toStatus());
    store.update(
        key,
        workflow -> {
          Manifest written = Fields.with(workflow, status, "status");
          written =
              Fields.with(written, phase, "metadata", "labels", "workflows.argoproj.io/phase");
          return finishedAt == null
              ? written
              : Fields.with(
                  written, "true", "metadata", "labels", "workflows.argoproj.io/completed");
        });
  }

  private static @Nullable Instant deadlineOf(@Nullable Instant start, Manifest workflow) {
    Optional<Long> seconds = workflow.number("spec", "activeDeadlineSeconds");
    return start == null || seconds.isEmpty() ? null : start.plusSeconds(seconds.get());
  }

  private @Nullable Instant deadlineOf(Manifest workflow) {
    return deadlineOf(startedAt, workflow);
  }

  private void say(Node node) {
    if (node.type == Node.Type.DAG) {
      return;
    }
    log.accept(
        "step "
            + node.displayName
            + " "
            + node.phase
            + (node.message.isEmpty() ? "" : ": " + node.message));
  }

  private final class Context implements DagRun.Context {
    private final Manifest workflow;

    Context(Manifest workflow) {
      this.workflow = workflow;
    }

    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public String shutdown() {
      return workflow.text("spec", "shutdown").orElse("");
    }

    @Override
    public @Nullable Instant deadline() {
      return deadlineOf(workflow);
    }

    @Override
    public void startPod(Node node, ResourceStep step) {
      Instant deadline = deadline();
      long seconds =
          deadline == null
              ? Long.MAX_VALUE
              : Duration.between(time.now(), deadline).toSeconds(); // whole ones, as Argo's
      if (seconds <= 0) {
        passAgain(Timings.WORKFLOW_PASS);
        return;
      }
      ResourceStep bounded = deadline == null ? step : step.within(Duration.ofSeconds(seconds));
      StepPod pod = new StepPod(bounded, key.namespace(), store, time, new PodWatcher(node));
      pods.put(node.id, pod);
      pod.start();
    }

    @Override
    public void passAgain(Duration delay) {
      passAfter(delay);
    }
  }

  private final class PodWatcher implements StepPod.Watcher {
    private final Node node;

    PodWatcher(Node node) {
      this.node = node;
    }

    @Override
    public void running() {
      nodes.mark(node, NodePhase.RUNNING, "");
      writeSoon();
    }

    @Override
    public void ended(
        boolean succeeded, String why, @Nullable Integer exitCode, List<Output> outputs) {
      if (gone || node.phase.isFulfilled()) {
        return;
      }
      node.exitCode = exitCode;
      node.outputs = outputs;
      nodes.mark(node, succeeded ? NodePhase.SUCCEEDED : NodePhase.FAILED, why);
      writeSoon();
      passSoon();
    }
  }
}
