// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An Argo Workflow as it is in the cluster.
 *
 * @param phase Argo's own word, "" before Argo saw it
 * @param digest the first digits of what it was to reach
 * @param commit the commit that it was made of; "" when it does not say
 * @param stoppedFor the commit for which we stopped it; "" for none
 * @param busy whether a pod of it runs or is about to
 * @param suspended whether it begins no more steps
 * @param steps by the name of the task; those that Argo has not come to are not there
 * @param startedAt as RFC 3339; "" when not yet
 * @param finishedAt as RFC 3339; "" when not yet
 */
public record LiveWorkflow(
    String name,
    String phase,
    String message,
    String startedAt,
    String finishedAt,
    String digest,
    String commit,
    String stoppedFor,
    boolean busy,
    boolean suspended,
    Map<String, Step> steps) {
  public LiveWorkflow {
    steps = Collections.unmodifiableMap(new TreeMap<>(steps));
  }

  /** Whether nothing more will happen in it. */
  public boolean ended() {
    return isEnd(phase);
  }

  /** As {@link #ended}, of a Workflow whose steps nobody asks for: they may be thousands. */
  public static boolean hasEnded(Manifest workflow) {
    return isEnd(workflow.text("status", "phase").orElse(""));
  }

  /** Argo's phase Error is an end like Failed. */
  private static boolean isEnd(String phase) {
    return phase.equals("Succeeded") || phase.equals("Failed") || phase.equals("Error");
  }

  /**
   * A task of the Workflow.
   *
   * @param phase Argo's own word: Pending, Running, Succeeded, Failed, Error, Omitted, Skipped
   * @param revision the chart version that was released, which the step read back as evidence; ""
   *     when it did not
   */
  public record Step(
      String phase, String message, String startedAt, String finishedAt, String revision) {
    public boolean succeeded() {
      return phase.equals("Succeeded");
    }

    public boolean failed() {
      return phase.equals("Failed") || phase.equals("Error");
    }
  }

  /** Returns what {@code workflow} (argoproj.io/v1alpha1) says. */
  public static LiveWorkflow of(Manifest workflow) {
    Map<String, Step> steps = new TreeMap<>();
    Map<String, @Nullable Object> nodes = workflow.map("status", "nodes");
    nodes.values().stream()
        .map(PlainData::map)
        .filter(
            node ->
                PlainData.text(node, "name")
                    .equals(workflow.name() + "." + PlainData.text(node, "displayName")))
        .filter(node -> !isTry(PlainData.text(node, "displayName")))
        .forEach(node -> steps.put(PlainData.text(node, "displayName"), step(node, nodes)));
    return new LiveWorkflow(
        workflow.name(),
        workflow.text("status", "phase").orElse(""),
        workflow.text("status", "message").orElse(""),
        workflow.text("status", "startedAt").orElse(""),
        workflow.text("status", "finishedAt").orElse(""),
        workflow.label(Labels.DIGEST).orElse(""),
        workflow.annotation(Labels.COMMIT).orElse(""),
        workflow.annotation(Labels.STOPPED_FOR).orElse(""),
        nodes.values().stream().map(PlainData::map).anyMatch(LiveWorkflow::isBusy),
        Boolean.TRUE.equals(workflow.at("spec", "suspend")),
        steps);
  }

  /** Only pods do something: what is above them is not looked at while a Workflow is suspended. */
  private static boolean isBusy(Map<String, @Nullable Object> node) {
    String phase = PlainData.text(node, "phase");
    return PlainData.text(node, "type").equals("Pod")
        && (phase.equals("Pending") || phase.equals("Running") || phase.isEmpty());
  }

  /** Argo calls the tries of a task {@code name(0)} and so on; no task has such a name. */
  private static boolean isTry(String displayName) {
    return displayName.endsWith(")");
  }

  private static Step step(
      Map<String, @Nullable Object> node, Map<String, @Nullable Object> nodes) {
    return new Step(
        PlainData.text(node, "phase"),
        message(node, nodes),
        PlainData.text(node, "startedAt"),
        PlainData.text(node, "finishedAt"),
        revision(PlainData.map(node.get("outputs"))));
  }

  /** A node of retries says only that none is left: the last try says why. */
  private static String message(
      Map<String, @Nullable Object> node, Map<String, @Nullable Object> nodes) {
    if (PlainData.text(node, "type").equals("Retry")
        && node.get("children") instanceof List<?> children
        && !children.isEmpty()
        && children.get(children.size() - 1) instanceof String last) {
      String message = PlainData.text(PlainData.map(nodes.get(last)), "message");
      if (!message.isEmpty()) {
        return message;
      }
    }
    return PlainData.text(node, "message");
  }

  private static String revision(Map<String, @Nullable Object> outputs) {
    if (outputs.get("parameters") instanceof List<?> parameters) {
      for (Object parameter : parameters) {
        if (PlainData.text(PlainData.map(parameter), "name").equals("revision")) {
          return PlainData.text(PlainData.map(parameter), "value").replace("\"", "");
        }
      }
    }
    return "";
  }
}
