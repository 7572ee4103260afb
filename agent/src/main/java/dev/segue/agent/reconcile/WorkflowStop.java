// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a running Workflow without breaking a step off: first it begins no more steps, and once none
 * runs it ends. To be asked again until it has.
 */
final class WorkflowStop {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowStop.class);
  private static final String STOPPED_AT = "segue.dev/stopped-at";

  /** Argo may be in the middle of beginning a step when it is told to begin none. */
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final Clock clock;

  WorkflowStop(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /** Takes the next step towards the end of {@code workflow}, which runs. */
  Outcome stop(Manifest workflow, CommitId commit) throws ClusterException {
    LiveWorkflow now = LiveWorkflow.of(workflow);
    if (!now.suspended() && workflow.text("spec", "shutdown").isPresent()) {
      return new Outcome.Progressing(now.name()); // Argo is about to end it
    }
    if (!now.suspended() || now.stoppedFor().isEmpty()) {
      LOG.info("Workflow {} begins no more steps, for commit {}", now.name(), commit.shortHex());
      cluster.patch(
          change(
              workflow,
              Map.of(Labels.STOPPED_FOR, commit.hex(), STOPPED_AT, clock.instant().toString()),
              Map.of("suspend", true)));
    } else if (!now.busy() && hasSettled(workflow)) {
      // Argo ends no Workflow that is suspended, and begins none of its steps that is being
      // stopped.
      cluster.patch(change(workflow, Map.of(), Map.of("suspend", false, "shutdown", "Stop")));
    }
    return new Outcome.Progressing(now.name());
  }

  private boolean hasSettled(Manifest workflow) {
    try {
      Instant stopped = Instant.parse(workflow.annotation(STOPPED_AT).orElse(""));
      Duration since =
          Duration.between(stopped, clock.instant()); // negative: the clock was set back
      return since.abs().compareTo(SETTLING) >= 0;
    } catch (DateTimeParseException e) {
      return true; // somebody else's suspension
    }
  }

  private static Manifest change(
      Manifest workflow, Map<String, String> annotations, Map<String, Object> spec) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("name", workflow.name());
    metadata.put("namespace", workflow.namespace().orElse(""));
    if (!annotations.isEmpty()) {
      metadata.put("annotations", new LinkedHashMap<String, @Nullable Object>(annotations));
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", "argoproj.io/v1alpha1");
    fields.put("kind", "Workflow");
    fields.put("metadata", metadata);
    fields.put("spec", new LinkedHashMap<String, @Nullable Object>(spec));
    return new Manifest(fields);
  }
}
