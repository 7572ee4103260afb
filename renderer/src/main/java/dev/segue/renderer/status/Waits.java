// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why releases are not what was wanted: what each waits for, to the root. */
public final class Waits {
  private final Map<ReleaseName, ReleaseStatus> releases = new LinkedHashMap<>();
  private final Map<ReleaseName, List<ReleaseStatus>> dependants = new TreeMap<>();

  private Waits(List<ReleaseStatus> all) {
    for (ReleaseStatus release : all) {
      releases.put(release.name(), release);
      Stream.concat(release.dependencies().stream(), release.softDependencies().stream())
          .forEach(d -> dependants.computeIfAbsent(d, name -> new ArrayList<>()).add(release));
    }
  }

  /**
   * One release that is not what was wanted.
   *
   * @param on what it waits for, by name: whether only for its end, whatever that is. Empty for a
   *     root
   */
  public record Wait(ReleaseStatus release, SortedMap<ReleaseName, Boolean> on) {
    public Wait {
      on = Collections.unmodifiableSortedMap(new TreeMap<>(on));
    }
  }

  /**
   * Returns the releases of {@code report} that are not what was wanted, in its order. Across a
   * release that is kept they wait for what that depends on.
   */
  public static List<Wait> of(StatusReport report) {
    Waits waits = new Waits(report.releases());
    return report.releases().stream()
        .filter(release -> !release.state().isDone())
        .map(release -> new Wait(release, waits.blockers(release)))
        .toList();
  }

  /**
   * Returns {@code waits} for people, a line each, two spaces deeper for what is waited for. What
   * nobody waits for begins a chain; a release that several wait for is followed up where it is met
   * first.
   */
  public static List<String> lines(List<Wait> waits) {
    Map<ReleaseName, Wait> byName = new LinkedHashMap<>();
    Set<ReleaseName> awaited = new HashSet<>();
    for (Wait wait : waits) {
      byName.put(wait.release().name(), wait);
      awaited.addAll(wait.on().keySet());
    }
    List<String> lines = new ArrayList<>();
    Set<ReleaseName> told = new HashSet<>();
    byName.values().stream()
        .filter(wait -> !awaited.contains(wait.release().name()))
        .forEach(wait -> tell(wait, byName, told, lines));
    // In a circle, which only an edited file has, everybody is waited for.
    for (Wait wait : waits) {
      if (!told.contains(wait.release().name())) {
        tell(wait, byName, told, lines);
      }
    }
    return lines;
  }

  /**
   * Returns what of {@code requests} still counts: what was asked of a plan, an attempt or a wish
   * that has passed does not.
   *
   * @param next the plan that does not begin; empty when there is none
   */
  public static Requests open(
      StatusReport report, Requests requests, Optional<AttemptRecord> next) {
    Requests.Approve approve = requests.approve();
    Requests.Retry retry = requests.retry();
    Requests.Rollback rollback = requests.rollback();
    return new Requests(
        requests.suspend(),
        approve != null && next.filter(plan -> plan.plan().equals(approve.digest())).isPresent()
            ? approve
            : null,
        retry != null && retry.attempt() >= report.attempt().number() ? retry : null,
        rollback != null && wanted(report, next).filter(rollback.from()::equals).isPresent()
            ? rollback
            : null);
  }

  /**
   * Returns the digest of what the group's file wants now: what waits to be released, or is held,
   * or was last tried; empty when that is not told.
   *
   * @param next the plan that does not begin; empty when there is none
   */
  public static Optional<String> wanted(StatusReport report, Optional<AttemptRecord> next) {
    Optional<String> waiting = next.map(AttemptRecord::attempt).flatMap(Waits::ofFile);
    Held held = report.held();
    if (waiting.isPresent()) {
      return waiting;
    }
    return held == null ? ofFile(report.attempt()) : Optional.of(held.digest());
  }

  private static Optional<String> ofFile(Attempt attempt) {
    return attempt.purpose().isForward() && !attempt.digest().isEmpty()
        ? Optional.of(attempt.digest())
        : Optional.empty();
  }

  /**
   * Returns what the group as a whole waits for and what would end that, a line each; empty when it
   * waits for nothing.
   *
   * @param next the plan that does not begin; empty when there is none
   */
  public static List<String> ofGroup(
      StatusReport report, Requests asked, Optional<AttemptRecord> next) {
    Requests requests = open(report, asked, next);
    List<String> lines = new ArrayList<>();
    GroupName group = report.group();
    Condition ready = report.ready();
    if (requests.suspend() != null) {
      Requests.Suspend suspend = requests.suspend();
      lines.add(
          group
              + " is suspended"
              + by(suspend.by(), suspend.at())
              + "; `segue resume "
              + group
              + "` ends that");
    } else if (ready.reason().equals("Suspended")) {
      lines.add(group + " is " + ready.message() + "; taking that back ends it");
    }
    if (ready.reason().equals("AwaitingApproval")) {
      lines.add(
          group
              + " waits for approval"
              + next.map(plan -> "; `segue approve " + group + " " + plan.plan() + "` gives it")
                  .orElse(": " + ready.message()));
    } else if (report.phase() == Phase.WAITING && !ready.reason().equals("Suspended")) {
      lines.add(group + " " + ready.message());
    }
    if (requests.rollback() != null) {
      Requests.Rollback rollback = requests.rollback();
      lines.add(
          group
              + " was asked to go back to commit "
              + rollback.to()
              + by(rollback.by(), rollback.at())
              + "; `segue retry "
              + group
              + "` takes that back");
    }
    Held held = report.held();
    if (held != null && wanted(report, next).filter(held.digest()::equals).isPresent()) {
      lines.add(
          "commit "
              + held.commit()
              + " is held: "
              + held.reason()
              + (requests.retry() == null
                  ? "; another commit, or `segue retry " + group + "`, ends that"
                  : "; another try was asked" + by(requests.retry().by(), requests.retry().at())));
    }
    if (!report.problems().isEmpty()) {
      lines.add(group + " cannot be planned before this is mended:");
      report.problems().forEach(problem -> lines.add("  " + problem));
    }
    return lines;
  }

  private static String by(String who, String at) {
    return (who.isEmpty() ? "" : " by " + who) + (at.isEmpty() ? "" : " at " + at);
  }

  private record Open(Wait of, int depth) {}

  private static void tell(
      Wait first, Map<ReleaseName, Wait> byName, Set<ReleaseName> told, List<String> lines) {
    Deque<Open> open = new ArrayDeque<>(List.of(new Open(first, 0)));
    while (!open.isEmpty()) {
      Open next = open.pop();
      Wait wait = next.of();
      boolean again = !told.add(wait.release().name());
      boolean root = wait.on().isEmpty();
      lines.add(
          "  ".repeat(next.depth())
              + (root || !again ? sentence(wait) : wait.release().name() + ": see above"));
      if (!again) {
        List<ReleaseName> on = new ArrayList<>(wait.on().keySet());
        Collections.reverse(on);
        for (ReleaseName name : on) {
          @Nullable Wait awaited = byName.get(name);
          if (awaited != null) {
            open.push(new Open(awaited, next.depth() + 1));
          }
        }
      }
    }
  }

  private static String sentence(Wait wait) {
    ReleaseStatus release = wait.release();
    if (!wait.on().isEmpty()) {
      String what =
          wait.on().entrySet().stream()
              .map(each -> (each.getValue() ? "the end of " : "") + each.getKey())
              .collect(Collectors.joining(", "));
      return release.name()
          + (release.state() == State.OMITTED
              ? " was not tried, since it waits for "
              : verb(release))
          + what;
    }
    return release.name()
        + switch (release.state()) {
          case RUNNING ->
              (release.action().equals("delete") ? " is being removed" : " is being released")
                  + (release.startedAt().isEmpty() ? "" : " since " + release.startedAt());
          case FAILED -> " failed" + because(release);
          case OMITTED -> " was not tried" + because(release);
          default -> " waits for its turn";
        };
  }

  private static String verb(ReleaseStatus release) {
    return release.action().equals("delete") ? " is removed after " : " waits for ";
  }

  private static String because(ReleaseStatus release) {
    return release.message().isEmpty() ? "" : ": " + release.message();
  }

  /** What holds up {@code release} itself; nothing when it is under way or has failed. */
  private SortedMap<ReleaseName, Boolean> blockers(ReleaseStatus release) {
    SortedMap<ReleaseName, Boolean> on = new TreeMap<>();
    if (release.state() != State.PENDING && release.state() != State.OMITTED) {
      return on;
    }
    if (release.action().equals("delete")) {
      dependantsOf(release, on);
    } else {
      dependenciesOf(release, true, on);
      dependenciesOf(release, false, on);
    }
    on.remove(release.name());
    return on;
  }

  /** Its nearest dependencies that have not come as far as it needs; a hard one wins. */
  private void dependenciesOf(
      ReleaseStatus release, boolean soft, SortedMap<ReleaseName, Boolean> on) {
    Set<ReleaseName> seen = new HashSet<>();
    Deque<ReleaseStatus> open = new ArrayDeque<>(List.of(release));
    while (!open.isEmpty()) {
      ReleaseStatus each = open.pop();
      List<ReleaseName> names = new ArrayList<>(each.dependencies());
      if (soft) {
        names.addAll(each.softDependencies());
      }
      for (ReleaseName name : names) {
        @Nullable ReleaseStatus dependency = releases.get(name);
        if (dependency == null || dependency.action().equals("delete") || !seen.add(name)) {
          continue;
        }
        if (isKept(dependency)) {
          open.push(dependency);
        } else if (soft ? !dependency.state().hasEnded() : !dependency.state().isDone()) {
          on.put(name, soft);
        }
      }
    }
  }

  /** What stands on it, and must be gone or released without it first. */
  private void dependantsOf(ReleaseStatus release, SortedMap<ReleaseName, Boolean> on) {
    Set<ReleaseName> seen = new HashSet<>();
    Deque<ReleaseStatus> open = new ArrayDeque<>(List.of(release));
    while (!open.isEmpty()) {
      for (ReleaseStatus dependant : dependants.getOrDefault(open.pop().name(), List.of())) {
        if (!seen.add(dependant.name())) {
          continue;
        }
        if (isKept(dependant)) {
          open.push(dependant);
        } else if (!dependant.state().isDone()) {
          on.put(dependant.name(), false);
        }
      }
    }
  }

  /** Nothing is done to it: what is beyond it counts. */
  private static boolean isKept(ReleaseStatus release) {
    return release.task().isEmpty() && release.state().isDone();
  }
}
