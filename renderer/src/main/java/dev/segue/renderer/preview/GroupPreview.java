// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import dev.segue.renderer.diff.Operation;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.status.Reports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a commit would do to a group at a site.
 *
 * @param site the cluster's name
 * @param from the commit that the group is at; null when nothing of it is there
 * @param plan null when the problems kept it from being made, or nothing would be done whatever it
 *     is
 * @param gate what it would wait for, a clause for people; "" when it would begin at once
 * @param notices what a reader should know; in the order given
 * @param problems sorted
 * @param diffs what becomes of the objects of the releases that change, as far as it is known
 * @param durations how long each release usually takes, as far as it is known
 */
public record GroupPreview(
    GroupName group,
    String site,
    @Nullable CommitId from,
    CommitId to,
    @Nullable Plan plan,
    String gate,
    List<String> notices,
    List<Problem> problems,
    SortedMap<ReleaseName, ReleaseDiff> diffs,
    Map<ReleaseName, Duration> durations) {
  public GroupPreview {
    notices = List.copyOf(notices);
    problems = problems.stream().sorted().toList();
    diffs = Collections.unmodifiableSortedMap(new TreeMap<>(diffs));
    durations = Collections.unmodifiableSortedMap(new TreeMap<>(durations));
  }

  /** Returns the same, with this said first. */
  public GroupPreview noting(String notice) {
    List<String> all = new ArrayList<>(List.of(notice));
    all.addAll(notices);
    return new GroupPreview(group, site, from, to, plan, gate, all, problems, diffs, durations);
  }

  /** What Helm is asked to do with a release that changes like that. */
  public static Operation operation(Change change) {
    if (change instanceof Change.Yield) {
      return Operation.YIELD;
    }
    if (change instanceof Change.Adopt) {
      return Operation.ADOPT;
    }
    if (change instanceof Change.Install) {
      return Operation.INSTALL;
    }
    if (change instanceof Change.Upgrade || change instanceof Change.Repair) {
      return Operation.UPGRADE;
    }
    return change instanceof Change.Delete || change instanceof Change.Reclaim
        ? Operation.DELETE
        : Operation.LEAVE;
  }

  /** Whether anything would be done. */
  public boolean changes() {
    return plan != null && !plan.isEmpty();
  }

  /** Whether nothing would be done and nothing is to be said of it. */
  public boolean isQuiet() {
    return !changes() && notices.isEmpty() && problems.isEmpty();
  }

  /** Whether problems kept the plan from being made. */
  boolean isBroken() {
    return plan == null && !problems.isEmpty();
  }

  /** What would be done, in a few words. */
  String summary() {
    if (isBroken()) {
      return "cannot be planned";
    }
    return plan == null || done().isEmpty() ? "nothing to do" : Reports.summary(plan);
  }

  /** What somebody would approve; empty when nothing would be done. */
  public Optional<Digest> approval() {
    return plan == null || plan.isEmpty() ? Optional.empty() : Optional.of(plan.approval());
  }

  /** The releases that do not change, and stand on some that do; sorted. */
  public NavigableSet<ReleaseName> blastRadius() {
    return plan == null ? new TreeSet<>() : plan.blastRadius();
  }

  /** What takes longest. */
  public CriticalPath criticalPath() {
    return plan == null ? CriticalPath.NONE : CriticalPath.of(plan, durations);
  }

  /** How many changes have that action. */
  public long count(String action) {
    return plan == null ? 0 : plan.count(action);
  }

  /** The changes other than none at all, in the plan's order. */
  List<Change> done() {
    return plan == null
        ? List.of()
        : plan.changes().stream().filter(change -> !(change instanceof Change.Keep)).toList();
  }
}
