// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Step.Phase;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    List<Earlier> earlier = earlier(release.name(), workflow);
    for (Earlier before : earlier) {
      if (!before.step().succeeded()) {
        return unreached(release, before, workflow);
      }
    }
    Optional<LiveWorkflow.Step> given =
        earlier.stream().filter(Earlier::gives).map(Earlier::step).findFirst();
    LiveWorkflow.Step step = workflow.steps().get(release.task());
    boolean left = step == null || state(release, step, workflow) == State.OMITTED;
    if (given.isPresent() && left) {
      return givenOnly(release, given.get(), workflow);
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
        left || earlier.isEmpty() ? step.startedAt() : earlier.get(0).step().startedAt(),
        step.finishedAt(),
        step.revision(),
        step.message());
  }

  /**
   * A step of the release before its own.
   *
   * @param gives whether Flux is given by it what is planned, for good; otherwise the release is
   *     what it was for as long as its own step has not begun
   */
  private record Earlier(LiveWorkflow.Step step, boolean gives) {}

  /** In the order of their going. */
  private static List<Earlier> earlier(ReleaseName release, LiveWorkflow workflow) {
    Map<String, LiveWorkflow.Step> steps = workflow.steps();
    boolean yields = steps.containsKey(TaskNames.yieldOf(release));
    List<Earlier> earlier = new ArrayList<>();
    for (String task :
        List.of(
            TaskNames.hold(release),
            TaskNames.free(release),
            TaskNames.reset(release),
            TaskNames.yieldOf(release),
            TaskNames.adopt(release))) {
      LiveWorkflow.Step step = steps.get(task);
      if (step != null) {
        boolean gives =
            task.equals(TaskNames.adopt(release))
                || (task.equals(TaskNames.reset(release)) && !yields);
        earlier.add(new Earlier(step, gives));
      }
    }
    return earlier;
  }

  private static ReleaseStatus unreached(
      ReleaseStatus release, Earlier before, LiveWorkflow workflow) {
    LiveWorkflow.Step step = before.step();
    return withState(
        release,
        state(release, step, workflow),
        before.gives() || !workflow.ended() ? step.startedAt() : "",
        step.finishedAt(),
        "",
        step.message());
  }

  /** It was given to Flux, and nobody has seen yet what came of it: that is no success. */
  private static ReleaseStatus givenOnly(
      ReleaseStatus release, LiveWorkflow.Step given, LiveWorkflow workflow) {
    return workflow.ended()
        ? withState(
            release,
            State.FAILED,
            given.startedAt(),
            workflow.finishedAt(),
            "",
            "the Workflow ended before the release was ready: " + workflow.message())
        : withState(release, State.RUNNING, given.startedAt(), "", "", "");
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
        || !isOf(live, workflow, EnumSet.allOf(Phase.class))
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
        : live != null && isOf(live, workflow, EnumSet.of(Phase.LAST, Phase.ADOPT));
  }

  private static boolean isOf(LiveRelease live, LiveWorkflow workflow, Set<Phase> phases) {
    return phases.stream().anyMatch(phase -> live.token().equals(phase.token(workflow.name())));
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
