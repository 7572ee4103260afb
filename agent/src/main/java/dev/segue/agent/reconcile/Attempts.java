// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusReader.Stored;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Attempt.Result;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the status branch and the cluster together say of a group's attempts. */
final class Attempts {
  /** How long what is watched may lag behind a Workflow that ended. */
  private static final Duration LAG = Duration.ofSeconds(30);

  /** How long what was mended must stay so before it is mended again. */
  private static final Duration MENDED_FOR = Duration.ofMinutes(10);

  /**
   * A Workflow's name, which its releases carry as their token, ends in its attempt's number; what
   * is done with a release before its change has a word after it.
   */
  private static final Pattern NUMBER = Pattern.compile("-([0-9]{1,9})(?:-[a-z]+)?$");

  private Attempts() {}

  /** The Workflow that has not ended. */
  static Optional<Manifest> running(List<Manifest> objects) {
    return workflows(objects).filter(workflow -> !LiveWorkflow.hasEnded(workflow)).findFirst();
  }

  /** Whether it removes the group. */
  static boolean removes(Manifest workflow) {
    return workflow.label(Labels.PURPOSE).filter(Purpose.REMOVE.text()::equals).isPresent();
  }

  /** The Workflow of the attempt whose end is not yet told. */
  static Optional<LiveWorkflow> untold(Stored stored, List<Manifest> objects) {
    Attempt attempt = stored.attempt();
    return attempt.result() != Result.PLANNED
        ? Optional.empty()
        : workflows(objects)
            .filter(workflow -> workflow.name().equals(attempt.workflow()))
            .filter(LiveWorkflow::hasEnded)
            .findFirst()
            .map(LiveWorkflow::of);
  }

  private static Stream<Manifest> workflows(List<Manifest> objects) {
    return objects.stream().filter(object -> object.kind().equals("Workflow"));
  }

  /**
   * Whether the last attempt was at this very content and failed. Nothing is wanted after a failed
   * first install and after the file is gone: the second is another wish, and tried.
   */
  static boolean failedAt(Plan plan, Stored stored) {
    Attempt last = stored.attempt();
    return last.failedAt(plan.digest().hex())
        && (last.purpose() == plan.purpose()
            || (last.purpose().isForward() && plan.purpose().isForward()));
  }

  /**
   * Returns when {@code plan} may mend again what the last attempt mended; empty when it may now.
   */
  static Optional<Instant> again(StatusReport last, Plan plan, Instant now) {
    Set<ReleaseName> mended =
        last.releases().stream()
            .filter(release -> release.action().equals("repair"))
            .map(ReleaseStatus::name)
            .collect(Collectors.toSet());
    boolean same = plan.steps().stream().anyMatch(step -> mended.contains(step.change().release()));
    Instant again =
        last.releases().stream()
            .map(release -> time(release.finishedAt()))
            .max(Comparator.naturalOrder())
            .orElse(Instant.EPOCH)
            .plus(MENDED_FOR);
    return same && now.isBefore(again) ? Optional.of(again) : Optional.empty();
  }

  /**
   * The attempt that was planned and has no Workflow yet goes on; otherwise the next number that no
   * Workflow has had, be it gone since.
   */
  static int number(Plan plan, Stored stored, List<Manifest> objects) {
    int told = stored.attempt().number();
    int seen = Math.max(ofWorkflows(objects), ofReleases(objects));
    boolean goesOn =
        stored.attempt().result() == Result.PLANNED
            && stored.attempt().purpose() == plan.purpose()
            && stored.attempt().digest().equals(plan.digest().hex());
    return goesOn && seen < told ? told : Math.max(told, seen) + 1;
  }

  private static int ofWorkflows(List<Manifest> objects) {
    return max(
        workflows(objects)
            .flatMap(object -> object.label(Labels.ATTEMPT).stream())
            .filter(label -> label.matches("[0-9]{1,9}"))
            .mapToInt(Integer::parseInt));
  }

  private static int ofReleases(List<Manifest> objects) {
    return max(
        Planner.live(objects).values().stream()
            .map(release -> NUMBER.matcher(release.token()))
            .filter(Matcher::find)
            .mapToInt(matcher -> Integer.parseInt(matcher.group(1))));
  }

  private static int max(IntStream numbers) {
    return numbers.max().orElse(0);
  }

  /** What Flux has been given once the plan is done. */
  static Inventory wanted(Plan plan) {
    Map<ReleaseName, DeployedRelease> releases = new TreeMap<>();
    GroupName group = plan.desired().group().name();
    plan.desired()
        .releases()
        .forEach(
            (name, r) ->
                releases.put(
                    name,
                    DeployedRelease.of(
                        r,
                        Names.helmRelease(group, name),
                        plan.desired().group().lifecycle().deletion())));
    return new Inventory(group, plan.inventory().namespace(), releases);
  }

  /**
   * What Flux was given by now: where the Workflow of a planned attempt is gone before its end was
   * told, the releases that carry its name are its work.
   */
  static Inventory given(Stored stored, Map<ReleaseName, LiveRelease> live) {
    Inventory given = stored.inventory();
    Attempt lost = stored.attempt();
    if (lost.result() == Result.PLANNED) {
      for (DeployedRelease release : stored.planned().releases().values()) {
        LiveRelease now = live.get(release.name());
        if (now != null && gave(lost.workflow(), now)) {
          given = given.with(release);
        }
      }
      for (ReleaseName name : stored.inventory().releases().keySet()) {
        if (!live.containsKey(name) && stored.planned().find(name).isEmpty()) {
          given = given.goneIfTaken(name, stored.planned());
        }
      }
    }
    return given.settled();
  }

  /** Whether a release was given by that Workflow what was planned for it. */
  private static boolean gave(String workflow, LiveRelease release) {
    return Stream.of(Step.Phase.LAST, Step.Phase.ADOPT)
        .anyMatch(phase -> release.token().equals(phase.token(workflow)));
  }

  /**
   * What Flux was given once the attempt has ended: everything whose step began, and of what was
   * removed everything whose step did not end well.
   */
  static Inventory afterwards(Stored stored, StatusReport report) {
    Inventory given = stored.inventory();
    for (ReleaseStatus release : report.releases()) {
      Optional<DeployedRelease> planned = stored.planned().find(release.name());
      if (release.state().isGone()) {
        given = given.gone(release.name(), stored.planned());
      } else if (planned.isPresent()
          && (release.state() == State.RELEASED || !release.startedAt().isEmpty())
          && release.state() != State.OMITTED) {
        given = given.with(planned.get());
      }
    }
    return given.settled();
  }

  /**
   * Whether the Workflow's end is seen already and that of a release that it applied is not: the
   * two are watched apart.
   */
  static boolean lags(
      StatusReport report, LiveWorkflow workflow, Map<ReleaseName, LiveRelease> live, Instant now) {
    boolean behind =
        report.releases().stream()
            .filter(release -> !release.task().isEmpty() && release.state() == State.RELEASED)
            .map(release -> Optional.ofNullable(live.get(release.name())))
            .anyMatch(
                release -> release.isEmpty() || !release.get().token().equals(workflow.name()));
    Duration since = Duration.between(time(workflow.finishedAt()), now); // clocks may differ
    return behind && since.abs().compareTo(LAG) < 0;
  }

  private static Instant time(String rfc3339) {
    try {
      return Instant.parse(rfc3339);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
