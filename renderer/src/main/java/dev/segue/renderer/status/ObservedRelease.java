// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.status.ReleaseStatus.State;
import org.jspecify.annotations.Nullable;

/** What became of one release in a Workflow. */
final class ObservedRelease {
  /** What Argo says of the steps of a stopped Workflow, also of those that never began. */
  private static final String SHUTDOWN = "workflow shutdown with strategy";

  private ObservedRelease() {}

  /** Returns {@code release} as the Workflow's step left it, in Flux's words where it failed. */
  static ReleaseStatus status(
      ReleaseStatus release, LiveWorkflow workflow, @Nullable LiveRelease live) {
    return explained(observed(release, workflow), workflow, live);
  }

  private static ReleaseStatus observed(ReleaseStatus release, LiveWorkflow workflow) {
    if (release.task().isEmpty()) {
      return release;
    }
    LiveWorkflow.Step step = workflow.steps().get(release.task());
    LiveWorkflow.Step reset = workflow.steps().get(TaskNames.reset(release.name()));
    if (reset != null && !reset.succeeded()) {
      step = reset;
    } else if (reset != null && step == null) {
      return resetOnly(release, reset, workflow);
    }
    if (step == null) {
      return withState(
          release,
          workflow.ended() ? State.OMITTED : State.PENDING,
          "",
          "",
          "",
          workflow.message());
    }
    return withState(
        release,
        state(release, step, workflow),
        reset == null ? step.startedAt() : reset.startedAt(),
        step.finishedAt(),
        step.revision(),
        step.message());
  }

  /** It was given to Flux, and nobody has seen yet what came of it: that is no success. */
  private static ReleaseStatus resetOnly(
      ReleaseStatus release, LiveWorkflow.Step reset, LiveWorkflow workflow) {
    return workflow.ended()
        ? withState(
            release,
            State.FAILED,
            reset.startedAt(),
            workflow.finishedAt(),
            "",
            "the Workflow ended before the release was ready: " + workflow.message())
        : withState(release, State.RUNNING, reset.startedAt(), "", "", "");
  }

  private static ReleaseStatus explained(
      ReleaseStatus release, LiveWorkflow workflow, @Nullable LiveRelease live) {
    if (release.state() != State.FAILED) {
      return release;
    }
    if (release.message().startsWith(SHUTDOWN) && !touched(release, workflow, live)) {
      return withState(release, State.OMITTED, "", "", "", release.message());
    }
    if (live == null
        || !live.token().equals(workflow.name())
        || live.state() == LiveRelease.State.READY) {
      return release;
    }
    return withState(
        release,
        State.FAILED,
        release.startedAt(),
        release.finishedAt(),
        release.revision(),
        live.reason() + ": " + live.message());
  }

  /** Whether the step came as far as to change the release. */
  private static boolean touched(
      ReleaseStatus release, LiveWorkflow workflow, @Nullable LiveRelease live) {
    return release.action().equals("delete")
        ? live == null || live.state() == LiveRelease.State.DELETING
        : live != null && live.token().equals(workflow.name());
  }

  private static State state(ReleaseStatus release, LiveWorkflow.Step step, LiveWorkflow workflow) {
    if (step.succeeded()) {
      return release.action().equals("delete") ? State.DELETED : State.RELEASED;
    }
    if (step.failed()) {
      return State.FAILED;
    }
    if (step.phase().equals("Omitted") || step.phase().equals("Skipped")) {
      return State.OMITTED;
    }
    if (workflow.ended()) {
      return State.FAILED;
    }
    return step.phase().equals("Running") ? State.RUNNING : State.PENDING;
  }

  private static ReleaseStatus withState(
      ReleaseStatus r,
      State state,
      String startedAt,
      String finishedAt,
      String revision,
      String message) {
    return new ReleaseStatus(
        r.name(),
        r.action(),
        state,
        r.task(),
        r.chart(),
        r.version(),
        revision,
        r.dependencies(),
        r.softDependencies(),
        startedAt,
        finishedAt,
        message);
  }
}
