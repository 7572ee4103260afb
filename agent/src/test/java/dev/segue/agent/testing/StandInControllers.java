// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Plays Argo and Flux at an API server: every step of a new Workflow applies its HelmRelease, which
 * is Ready at once, or deletes it, and the Workflow's status grows with it as Argo's does. What it
 * writes is as large as what Argo and Flux write.
 */
public final class StandInControllers implements AutoCloseable {
  private static final int STEPS_PER_WRITE = 10;

  private final KubernetesClient client;
  private final String namespace;
  private final KubernetesSerialization json;
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Semaphore held = new Semaphore(1);
  private final AtomicInteger ended = new AtomicInteger();
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private volatile String failing = "";
  private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService working = Executors.newFixedThreadPool(2);

  public StandInControllers(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.json = client.getKubernetesSerialization();
    var unused = looking.scheduleWithFixedDelay(this::look, 0, 100, TimeUnit.MILLISECONDS);
  }

  /** How many Workflows were seen. */
  public int begun() {
    return begun.size();
  }

  /** How many Workflows have ended. */
  public int ended() {
    return ended.get();
  }

  /** No Workflow goes on until {@link #goOn}. */
  public void hold() {
    held.acquireUninterruptibly();
  }

  public void goOn() {
    held.release();
  }

  /** The names of the steps that ended, the first first. */
  public List<String> steps() {
    return List.copyOf(steps);
  }

  /** The next step of that release fails, and ends its Workflow. */
  public void fail(String release) {
    failing = release;
  }

  private void look() {
    try {
      for (var workflow :
          client
              .genericKubernetesResources(Kinds.WORKFLOW)
              .inNamespace(namespace)
              .list()
              .getItems()) {
        if (begun.add(workflow.getMetadata().getName())) {
          working.execute(() -> run(workflow));
        }
      }
    } catch (KubernetesClientException e) {
      if (!looking.isShutdown()) {
        System.err.println("the stand-ins cannot list Workflows, and look no more: " + e);
        throw e;
      }
    }
  }

  private void run(GenericKubernetesResource workflow) {
    String name = workflow.getMetadata().getName();
    Map<String, @Nullable Object> nodes = new LinkedHashMap<>();
    String began = now();
    nodes.put(name, node(name, name, name, "DAG", began, null));
    List<Map<String, @Nullable Object>> tasks = tasks(workflow);
    String phase = "Succeeded";
    for (int i = 0; i < tasks.size() && phase.equals("Succeeded"); i++) {
      hold();
      goOn();
      Map<String, @Nullable Object> task = tasks.get(i);
      String display = String.valueOf(task.get("name"));
      boolean fails = display.equals(failing);
      step(task, version(tasks, i), fails);
      steps.add(display);
      String id = name + "-" + Integer.toUnsignedString(display.hashCode());
      Map<String, @Nullable Object> node =
          node(id, name + "." + display, display, "Pod", began, task);
      if (fails) {
        failing = "";
        phase = "Failed";
        node.put("phase", phase);
        node.put("message", "failure condition was met");
      }
      nodes.put(id, node);
      if (nodes.size() % STEPS_PER_WRITE == 0) {
        write(name, "Running", began, nodes);
      }
    }
    write(name, phase, began, nodes);
    ended.incrementAndGet();
  }

  /** Does what the task's template does. */
  private void step(Map<String, @Nullable Object> task, String version, boolean fails) {
    Manifest object = manifest(parameter(task, "manifest").orElseThrow());
    switch (String.valueOf(task.get("template"))) {
      case "delete" ->
          client
              .genericKubernetesResources(Kinds.HELM_RELEASE)
              .inNamespace(namespace)
              .withName(object.name())
              .delete();
      case "await" -> {} // what is read was applied by the task before
      default -> release(object, version, fails);
    }
  }

  /** The version that a task releases; one that only resets releases that of the task after it. */
  private static String version(List<Map<String, @Nullable Object>> tasks, int at) {
    return tasks.subList(at, tasks.size()).stream()
        .flatMap(task -> parameter(task, "version").stream())
        .findFirst()
        .orElse("");
  }

  private static Manifest manifest(String text) {
    return new Manifest(((YamlNode.Mapping) YamlReader.read(text).documents().get(0)).data());
  }

  private List<Map<String, @Nullable Object>> tasks(GenericKubernetesResource workflow) {
    Map<?, ?> spec =
        (Map<?, ?>) Objects.requireNonNull(workflow.getAdditionalProperties().get("spec"));
    return maps(maps(spec, "templates").get(0).get("dag"), "tasks");
  }

  private static Optional<String> parameter(Map<String, @Nullable Object> task, String name) {
    return maps(task.get("arguments"), "parameters").stream()
        .filter(parameter -> name.equals(parameter.get("name")))
        .map(parameter -> String.valueOf(parameter.get("value")))
        .findFirst();
  }

  @SuppressWarnings("unchecked") // the agent wrote it
  private static List<Map<String, @Nullable Object>> maps(@Nullable Object map, String key) {
    return (List<Map<String, @Nullable Object>>)
        Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(map)).get(key));
  }

  /** A node with all that Argo keeps in one, the inputs too. */
  private static Map<String, @Nullable Object> node(
      String id,
      String name,
      String display,
      String type,
      String began,
      @Nullable Map<String, @Nullable Object> task) {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("id", id);
    node.put("name", name);
    node.put("displayName", display);
    node.put("type", type);
    node.put("phase", "Succeeded");
    node.put("startedAt", began);
    node.put("finishedAt", now());
    node.put("templateScope", "local/" + name);
    node.put("hostNodeName", "node-1.example.org");
    node.put("resourcesDuration", Map.of("cpu", 1, "memory", 5));
    if (task != null) {
      node.put("inputs", task.get("arguments"));
      List<Map<String, String>> revision =
          parameter(task, "version").stream()
              .map(version -> Map.of("name", "revision", "value", '"' + version + '"'))
              .toList();
      node.put("outputs", Map.of("exitCode", "0", "parameters", revision));
    }
    return node;
  }

  private void write(String name, String phase, String began, Map<String, @Nullable Object> nodes) {
    Map<String, @Nullable Object> status = new LinkedHashMap<>();
    status.put("phase", phase);
    status.put("startedAt", began);
    status.put("finishedAt", phase.equals("Running") ? null : now());
    status.put("nodes", nodes);
    client
        .genericKubernetesResources(Kinds.WORKFLOW)
        .inNamespace(namespace)
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), // the agent may patch it at the same time
            client.getKubernetesSerialization().asJson(Map.of("status", status)));
  }

  private void release(Manifest wanted, String version, boolean fails) {
    var resource =
        client
            .genericKubernetesResources(Kinds.HELM_RELEASE)
            .inNamespace(namespace)
            .resource(json.convertValue(wanted.fields(), GenericKubernetesResource.class));
    GenericKubernetesResource applied =
        resource.forceConflicts().fieldManager("segue").serverSideApply();
    applied.setAdditionalProperty("status", status(wanted, applied, version, fails));
    client
        .genericKubernetesResources(Kinds.HELM_RELEASE)
        .inNamespace(namespace)
        .resource(applied)
        .updateStatus();
  }

  private static Map<String, Object> status(
      Manifest wanted, GenericKubernetesResource applied, String version, boolean fails) {
    String token = wanted.annotation("reconcile.fluxcd.io/requestedAt").orElse("");
    Map<String, Object> ready = new LinkedHashMap<>();
    ready.put("type", "Ready");
    ready.put("status", fails ? "False" : "True");
    ready.put("reason", fails ? "InstallFailed" : "InstallSucceeded");
    ready.put(
        "message",
        "Helm install " + (fails ? "failed" : "succeeded") + " for release " + wanted.name());
    ready.put("lastTransitionTime", now());
    Map<String, Object> latest = new LinkedHashMap<>();
    latest.put("name", wanted.text("spec", "releaseName").orElse(""));
    latest.put("namespace", wanted.text("spec", "targetNamespace").orElse(""));
    latest.put("version", 1);
    latest.put("chartName", "chart");
    latest.put("chartVersion", version);
    latest.put("configDigest", "sha256:" + "0".repeat(64));
    latest.put("digest", "sha256:" + "1".repeat(64));
    latest.put("firstDeployed", now());
    latest.put("lastDeployed", now());
    latest.put("status", "deployed");
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", applied.getMetadata().getGeneration());
    status.put("lastHandledReconcileAt", token);
    status.put("lastHandledResetAt", token);
    status.put("lastAttemptedGeneration", applied.getMetadata().getGeneration());
    status.put("lastAttemptedRevision", version);
    status.put("storageNamespace", wanted.text("spec", "targetNamespace").orElse(""));
    status.put("conditions", fails ? List.of(stalled(), ready) : List.of(ready));
    status.put("history", List.of(latest));
    return status;
  }

  private static Map<String, Object> stalled() {
    return Map.of(
        "type",
        "Stalled",
        "status",
        "True",
        "reason",
        "RetriesExceeded",
        "message",
        "Failed to install after 1 attempt(s)",
        "lastTransitionTime",
        now());
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() {
    looking.shutdownNow();
    working.shutdownNow();
  }
}
