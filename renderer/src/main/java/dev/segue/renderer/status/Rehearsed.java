// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a commit would do to a group, and what would happen if a release failed.
 *
 * @param from the commit at which the group is released now; "" when it is not
 * @param to the commit that was rehearsed
 * @param plan what would be done with each release, in order; empty when nothing would be
 * @param refusals what an API server would refuse and the rehearsal did not, for people: then
 *     nothing ends as the first case says
 * @param notes what differs from what would really happen, for people
 * @param timed how long a step of a release was taken to last, by history; those of the plan that
 *     are not there have none
 * @param otherwise how long the others were taken to last
 * @param cases the first of them without a failure
 */
public record Rehearsed(
    GroupName group,
    String from,
    String to,
    List<AttemptRecord.Entry> plan,
    List<String> refusals,
    List<String> notes,
    Map<ReleaseName, Duration> timed,
    Duration otherwise,
    List<Case> cases) {
  public Rehearsed {
    plan = List.copyOf(plan);
    refusals = List.copyOf(refusals);
    notes = List.copyOf(notes);
    timed = Collections.unmodifiableMap(new TreeMap<>(timed));
    cases = List.copyOf(cases);
  }

  /** How a case ends. */
  public enum End {
    /** Nothing is done. */
    UNCHANGED("as it is"),
    /** All is as the commit wants it. */
    RELEASED("released"),
    /** Nothing of the group is there any more, as the commit wants it. */
    REMOVED("removed"),
    /** All is as it was at the last good commit, and the commit is held. */
    BACK("back"),
    /** It stays as it is then, and the commit is held. */
    HELD("held"),
    /** Anything else: somebody must act. */
    STUCK("stuck");

    private final String text;

    End(String text) {
      this.text = text;
    }

    /** The word for it, such as {@code released}. */
    public String text() {
      return text;
    }
  }

  /**
   * One way that it may go.
   *
   * @param failing what fails; empty for nothing
   * @param at the commit that the group is back at; "" when it is not
   * @param there what is given to Flux at the end
   * @param notRun what of the plan is never begun
   * @param rolledBack what is changed on the way back
   * @param lasts from the beginning until nothing moves any more
   * @param message why it ends so, for people; "" when there is nothing to say
   */
  public record Case(
      List<ReleaseName> failing,
      End end,
      String at,
      List<ReleaseName> there,
      List<ReleaseName> notRun,
      List<ReleaseName> rolledBack,
      Duration lasts,
      String message) {
    public Case {
      failing = List.copyOf(failing);
      there = List.copyOf(there);
      notRun = List.copyOf(notRun);
      rolledBack = List.copyOf(rolledBack);
    }

    /** Whether it ends as it is to: what fails leaves the last good state, or is held. */
    public boolean isFine() {
      return switch (end) {
        case UNCHANGED, RELEASED, REMOVED -> true;
        case BACK, HELD -> !failing.isEmpty();
        case STUCK -> false;
      };
    }

    /** Such as {@code web fails}. */
    public String title() {
      return failing.isEmpty()
          ? "nothing fails"
          : failing.stream().map(ReleaseName::value).collect(Collectors.joining(", "))
              + (failing.size() == 1 ? " fails" : " fail");
    }
  }

  /** Whether every case ends as it is to, and an API server would have it so. */
  public boolean isFine() {
    return refusals.isEmpty() && cases.stream().allMatch(Case::isFine);
  }

  /** What is not merely kept. */
  public List<AttemptRecord.Entry> changes() {
    return plan.stream().filter(entry -> !entry.action().equals("keep")).toList();
  }

  /** How much of each there is, such as {@code 1 upgrade, 6 keep}. */
  public String summary() {
    Map<String, Long> counts =
        plan.stream()
            .collect(
                Collectors.groupingBy(
                    AttemptRecord.Entry::action, TreeMap::new, Collectors.counting()));
    Long kept = counts.remove("keep");
    String text =
        counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
    if (kept != null) {
      text += (text.isEmpty() ? "" : ", ") + kept + " keep";
    }
    return text.isEmpty() ? "nothing to do" : text;
  }
}
