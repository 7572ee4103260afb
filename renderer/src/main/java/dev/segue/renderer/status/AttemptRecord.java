// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.status.ReleaseStatus.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a group, from its plan to its end: the content of {@code history/<number>.yaml}.
 *
 * @param sourceCommit the commit that was watched then; of a rollback it is the one that failed
 * @param file where the group was declared, with its line
 * @param plan the plan's digest, which is what is approved; 64 hex digits
 * @param approvedBy "" when nobody had to
 * @param plannedAt RFC 3339
 * @param startedAt RFC 3339, of the Workflow; "" when it has not begun
 * @param finishedAt RFC 3339, of the Workflow; "" when it has not ended
 * @param message how it stands, for people
 * @param releases in the order of the plan
 */
public record AttemptRecord(
    GroupName group,
    Attempt attempt,
    String sourceCommit,
    String file,
    String plan,
    String approvedBy,
    String plannedAt,
    String startedAt,
    String finishedAt,
    String message,
    List<Entry> releases) {
  public AttemptRecord {
    releases = List.copyOf(releases);
  }

  /**
   * What was done to one release.
   *
   * @param from the chart's version before; "" for none
   * @param version the chart's version that was wanted; of a removal the one that was there
   * @param reasons why, in the plan's words
   * @param state how it stands
   * @param startedAt RFC 3339; "" when it has not begun
   * @param finishedAt RFC 3339; "" when it has not ended
   */
  public record Entry(
      ReleaseName release,
      String action,
      String chart,
      String from,
      String version,
      List<String> reasons,
      State state,
      String startedAt,
      String finishedAt,
      String message) {
    public Entry {
      reasons = List.copyOf(reasons);
    }
  }

  /** Returns what is to be told of an attempt that is about to begin. */
  public static AttemptRecord planned(
      Plan plan, StatusReport report, String approvedBy, Instant now) {
    Map<ReleaseName, Change> changes = new TreeMap<>();
    plan.changes().forEach(change -> changes.put(change.release(), change));
    return new AttemptRecord(
        report.group(),
        report.attempt(),
        report.commit(),
        report.file(),
        plan.approval().hex(),
        approvedBy,
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        "",
        "",
        report.ready().message(),
        report.releases().stream()
            .map(release -> entry(release, plan, reasons(changes.get(release.name()))))
            .toList());
  }

  private static List<String> reasons(@Nullable Change change) {
    return change == null ? List.of() : change.reasons();
  }

  private static Entry entry(ReleaseStatus release, Plan plan, List<String> reasons) {
    return new Entry(
        release.name(),
        release.action(),
        release.chart(),
        plan.inventory().find(release.name()).map(DeployedRelease::version).orElse(""),
        release.version(),
        reasons,
        release.state(),
        "",
        "",
        "");
  }

  /** Returns this attempt as {@code report} has it at its end. */
  public AttemptRecord ended(StatusReport report, String started, String finished) {
    Map<ReleaseName, ReleaseStatus> ends = new TreeMap<>();
    report.releases().forEach(release -> ends.put(release.name(), release));
    return new AttemptRecord(
        group,
        report.attempt(),
        sourceCommit,
        file,
        plan,
        approvedBy,
        plannedAt,
        started,
        finished,
        report.ready().message(),
        releases.stream().map(e -> ended(e, ends.get(e.release()))).toList());
  }

  private static Entry ended(Entry e, @Nullable ReleaseStatus end) {
    if (end == null) {
      return e;
    }
    boolean failed = end.state() == State.FAILED || end.state() == State.OMITTED;
    return new Entry(
        e.release(),
        e.action(),
        e.chart(),
        e.from(),
        e.version(),
        e.reasons(),
        end.state(),
        end.startedAt(),
        end.finishedAt(),
        failed ? end.message() : "");
  }
}
