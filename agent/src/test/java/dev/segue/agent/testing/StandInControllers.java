// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Plays Argo and Flux at an API server: every step of a new Workflow applies its HelmRelease, which
 * is Ready at once, and the Workflow's status grows with it as Argo's does. What it writes is as
 * large as what Argo and Flux write.
 */
public final class StandInControllers implements AutoCloseable {
  private static final int STEPS_PER_WRITE = 10;
  private static final ResourceDefinitionContext WORKFLOWS =
      context("argoproj.io", "v1alpha1", "Workflow", "workflows");
  private static final ResourceDefinitionContext HELM_RELEASES =
      context("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases");

  private final KubernetesClient client;
  private final String namespace;
  private final KubernetesSerialization json;
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Semaphore held = new Semaphore(1);
  private final AtomicInteger ended = new AtomicInteger();
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private final ExecutorService looking = Executors.newSingleThreadExecutor();
  private final ExecutorService working = Executors.newFixedThreadPool(2);

  public StandInControllers(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.json = client.getKubernetesSerialization();
    looking.execute(this::look);
  }

  /** How many Workflows were seen. */
  public int begun() {
    return begun.size();
  }

  /** The names of the steps that ended, the first first. */
  public List<String> steps() {
    return List.copyOf(steps);
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

  private static ResourceDefinitionContext context(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  private void look() {
    try {
      while (true) {
        for (var workflow :
            client.genericKubernetesResources(WORKFLOWS).inNamespace(namespace).list().getItems()) {
          if (begun.add(workflow.getMetadata().getName())) {
            working.execute(() -> run(workflow));
          }
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException | KubernetesClientException e) {
      if (!looking.isShutdown()) {
        throw new IllegalStateException("the stand-ins cannot list Workflows", e);
      }
    }
  }

  private void run(GenericKubernetesResource workflow) {
    String name = workflow.getMetadata().getName();
    Map<String, @Nullable Object> nodes = new LinkedHashMap<>();
    String began = now();
    nodes.put(name, node(name, name, name, "DAG", began, null));
    List<Map<String, @Nullable Object>> tasks = tasks(workflow);
    for (Map<String, @Nullable Object> task : tasks) {
      hold();
      goOn();
      if (isDeletion(task)) {
        delete(parameter(task, "manifest"));
      } else {
        release(parameter(task, "manifest"), parameter(task, "version"));
      }
      steps.add(String.valueOf(task.get("name")));
      String display = String.valueOf(task.get("name"));
      String id = name + "-" + Integer.toUnsignedString(display.hashCode());
      nodes.put(id, node(id, name + "." + display, display, "Pod", began, task));
      if (nodes.size() % STEPS_PER_WRITE == 0) {
        write(name, "Running", began, nodes);
      }
    }
    write(name, "Succeeded", began, nodes);
    ended.incrementAndGet();
  }

  private List<Map<String, @Nullable Object>> tasks(GenericKubernetesResource workflow) {
    Map<?, ?> spec =
        (Map<?, ?>) Objects.requireNonNull(workflow.getAdditionalProperties().get("spec"));
    return maps(maps(spec, "templates").get(0).get("dag"), "tasks");
  }

  private static String parameter(Map<String, @Nullable Object> task, String name) {
    return maps(task.get("arguments"), "parameters").stream()
        .filter(parameter -> name.equals(parameter.get("name")))
        .map(parameter -> String.valueOf(parameter.get("value")))
        .findFirst()
        .orElseThrow();
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
      if (!isDeletion(task)) {
        node.put(
            "outputs",
            Map.of(
                "exitCode",
                "0",
                "parameters",
                List.of(
                    Map.of(
                        "name", "revision", "value", "\"" + parameter(task, "version") + "\""))));
      }
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
        .genericKubernetesResources(WORKFLOWS)
        .inNamespace(namespace)
        .withName(name)
        .edit(
            workflow -> {
              workflow.setAdditionalProperty("status", status);
              return workflow;
            });
  }

  private static boolean isDeletion(Map<String, @Nullable Object> task) {
    return "delete".equals(task.get("template"));
  }

  private void delete(String manifest) {
    Manifest gone = manifest(manifest);
    client
        .genericKubernetesResources(HELM_RELEASES)
        .inNamespace(namespace)
        .withName(gone.name())
        .delete();
  }

  private static Manifest manifest(String yaml) {
    YamlNode.Mapping document = (YamlNode.Mapping) YamlReader.read(yaml).documents().get(0);
    return new Manifest(document.data());
  }

  private void release(String manifest, String version) {
    Manifest wanted = manifest(manifest);
    var resource =
        client
            .genericKubernetesResources(HELM_RELEASES)
            .inNamespace(namespace)
            .resource(json.convertValue(wanted.fields(), GenericKubernetesResource.class));
    GenericKubernetesResource applied =
        resource.forceConflicts().fieldManager("segue").serverSideApply();
    applied.setAdditionalProperty("status", status(wanted, applied, version));
    client
        .genericKubernetesResources(HELM_RELEASES)
        .inNamespace(namespace)
        .resource(applied)
        .updateStatus();
  }

  private static Map<String, Object> status(
      Manifest wanted, GenericKubernetesResource applied, String version) {
    String token = wanted.annotation("reconcile.fluxcd.io/requestedAt").orElse("");
    Map<String, Object> ready = new LinkedHashMap<>();
    ready.put("type", "Ready");
    ready.put("status", "True");
    ready.put("reason", "InstallSucceeded");
    ready.put("message", "Helm install succeeded for release " + wanted.name());
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
    status.put("conditions", List.of(ready));
    status.put("history", List.of(latest));
    return status;
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
