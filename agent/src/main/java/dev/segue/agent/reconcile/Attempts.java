// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.StatusStore.Stored;
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
import dev.segue.renderer.render.Names;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the status branch and the cluster together say of a group's attempts. */
final class Attempts {
  /** How long what is watched may lag behind a Workflow that ended. */
  private static final Duration LAG = Duration.ofSeconds(30);

  /** A Workflow's name, which its releases carry as their token, ends in its attempt's number. */
  private static final Pattern NUMBER = Pattern.compile("-([0-9]{1,9})$");

  private Attempts() {}

  static Optional<LiveWorkflow> running(List<Manifest> objects) {
    return workflows(objects)
        .map(LiveWorkflow::of)
        .filter(workflow -> !workflow.ended())
        .findFirst();
  }

  /** The Workflow of the attempt whose end is not yet told. */
  static Optional<Manifest> untold(Stored stored, List<Manifest> objects) {
    return stored
        .report()
        .filter(report -> report.attempted() == Phase.PLANNED)
        .flatMap(report -> workflow(report, objects))
        .filter(workflow -> LiveWorkflow.of(workflow).ended());
  }

  private static Optional<Manifest> workflow(StatusReport report, List<Manifest> objects) {
    return workflows(objects).filter(w -> w.name().equals(report.workflow())).findFirst();
  }

  private static Stream<Manifest> workflows(List<Manifest> objects) {
    return objects.stream().filter(object -> object.kind().equals("Workflow"));
  }

  /** Whether the last attempt was at this very content and failed. */
  static boolean failedAt(Plan plan, Stored stored) {
    return stored
        .report()
        .filter(r -> r.attempted() == Phase.FAILED && r.digest().equals(plan.digest().hex()))
        .isPresent();
  }

  /**
   * The attempt that was planned and has no Workflow yet goes on; otherwise the next number that no
   * Workflow has had, be it gone since.
   */
  static int number(Plan plan, Stored stored, List<Manifest> objects) {
    Optional<StatusReport> report = stored.report();
    int told = report.map(StatusReport::attempt).orElse(0);
    int seen = Math.max(ofWorkflows(objects), ofReleases(objects));
    boolean goesOn =
        report
            .filter(r -> r.attempted() == Phase.PLANNED)
            .filter(r -> r.digest().equals(plan.digest().hex()))
            .isPresent();
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
            (name, r) -> releases.put(name, DeployedRelease.of(r, Names.helmRelease(group, name))));
    return new Inventory(group, plan.inventory().namespace(), releases);
  }

  /**
   * What Flux was given by now: where the Workflow of a planned attempt is gone before its end was
   * told, the releases that carry its name are its work.
   */
  static Inventory given(Stored stored, Map<ReleaseName, LiveRelease> live) {
    Map<ReleaseName, DeployedRelease> releases = new TreeMap<>(stored.inventory().releases());
    Optional<StatusReport> lost =
        stored.report().filter(report -> report.attempted() == Phase.PLANNED);
    if (lost.isPresent()) {
      for (DeployedRelease release : stored.planned().releases().values()) {
        LiveRelease now = live.get(release.name());
        if (now != null && now.token().equals(lost.get().workflow())) {
          releases.put(release.name(), release);
        }
      }
    }
    return new Inventory(stored.inventory().group(), stored.inventory().namespace(), releases);
  }

  /**
   * What Flux was given once the attempt has ended: everything whose step began, and of what was
   * removed everything whose step did not end well.
   */
  static Inventory afterwards(Stored stored, StatusReport report) {
    Map<ReleaseName, DeployedRelease> releases = new TreeMap<>(stored.inventory().releases());
    for (ReleaseStatus release : report.releases()) {
      Optional<DeployedRelease> given = stored.planned().find(release.name());
      if (release.state() == State.DELETED) {
        releases.remove(release.name());
      } else if (given.isPresent()
          && (release.state() == State.RELEASED || !release.startedAt().isEmpty())
          && release.state() != State.OMITTED) {
        releases.put(release.name(), given.get());
      }
    }
    return new Inventory(stored.inventory().group(), stored.inventory().namespace(), releases);
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
    return behind && now.isBefore(time(workflow.finishedAt()).plus(LAG));
  }

  private static Instant time(String rfc3339) {
    try {
      return Instant.parse(rfc3339);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
