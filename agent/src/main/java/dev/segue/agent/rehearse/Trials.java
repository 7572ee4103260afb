// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Durations;
import dev.segue.renderer.status.Held;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.Rehearsed;
import dev.segue.renderer.status.Rehearsed.End;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The cases of one group: first without a failure, then with one failure each. */
public final class Trials {
  private static final String KEEP = "keep";
  private static final String ORPHAN = "orphan";

  private final RehearsedSite site;
  private final GroupName group;
  private final Trial.Result plain;

  private Trials(RehearsedSite site, GroupName group, Trial.Result plain) {
    this.site = site;
    this.group = group;
    this.plain = plain;
  }

  /** Takes the group to the commit without a failure. */
  public static Trials begin(RehearsedSite site, GroupName group) throws PortException {
    return new Trials(site, group, new Trial(site, group, List.of()).run());
  }

  /** Whether nothing is done and nothing is wrong. */
  public boolean isQuiet() {
    return plain.attempts().isEmpty()
        && plain.outcome().filter(o -> !(o instanceof Outcome.InSync)).isEmpty();
  }

  /** The releases with which something is done that may fail; in the order of the plan. */
  public List<ReleaseName> mayFail() {
    return plan().stream()
        .filter(entry -> !entry.action().equals(KEEP) && !entry.action().equals(ORPHAN))
        .map(AttemptRecord.Entry::release)
        .toList();
  }

  /** Every release of the plan. */
  public List<ReleaseName> releases() {
    return plan().stream().map(AttemptRecord.Entry::release).toList();
  }

  private List<AttemptRecord.Entry> plan() {
    return plain.attempts().isEmpty() ? List.of() : plain.attempts().get(0).releases();
  }

  /** Takes the group to the commit while that release fails. */
  public Failed failing(ReleaseName release) throws PortException {
    List<ReleaseName> failing = List.of(release);
    return new Failed(failing, new Trial(site, group, failing).run());
  }

  /** A case in which something failed. */
  public static final class Failed {
    private final List<ReleaseName> failing;
    private final Trial.Result result;

    private Failed(List<ReleaseName> failing, Trial.Result result) {
      this.failing = failing;
      this.result = result;
    }
  }

  /**
   * Returns the group with these cases after the one without a failure.
   *
   * @param refusals what an API server would refuse, for people
   */
  public Rehearsed with(Collection<Failed> failed, List<String> refusals) throws PortException {
    List<Rehearsed.Case> cases = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>(plain.notes());
    cases.add(caseOf(List.of(), plain));
    for (Failed each : failed) {
      cases.add(caseOf(each.failing, each.result));
      notes.addAll(each.result.notes());
    }
    Durations durations = site.durations(group);
    Map<ReleaseName, Duration> timed = new TreeMap<>();
    plan().stream()
        .filter(entry -> !entry.action().equals(KEEP))
        .forEach(
            entry ->
                durations
                    .of(entry.release(), entry.action())
                    .ifPresent(took -> timed.put(entry.release(), took)));
    return new Rehearsed(
        group,
        new RecordedGroup(site.status(), group)
            .good()
            .map(LastGood::commit)
            .map(CommitId::hex)
            .orElse(""),
        site.declared().commit().hex(),
        plan(),
        refusals,
        List.copyOf(notes),
        timed,
        Pace.OTHERWISE,
        cases);
  }

  private static Rehearsed.Case caseOf(List<ReleaseName> failing, Trial.Result result) {
    End end = end(result);
    Optional<AttemptRecord> first = result.attempts().stream().findFirst();
    String at =
        end == End.BACK
            ? result.report().map(StatusReport::attempt).map(Attempt::commit).orElse("")
            : "";
    return new Rehearsed.Case(
        failing,
        end,
        at,
        result.there(),
        first.map(attempt -> names(attempt, e -> e.state() == State.OMITTED)).orElse(List.of()),
        result.attempts().stream()
            .filter(attempt -> attempt.attempt().purpose() == Purpose.ROLLBACK)
            .flatMap(attempt -> names(attempt, e -> !e.action().equals(KEEP)).stream())
            .distinct()
            .toList(),
        result.lasted(),
        message(end, result));
  }

  private static List<ReleaseName> names(
      AttemptRecord attempt, Predicate<AttemptRecord.Entry> which) {
    return attempt.releases().stream().filter(which).map(AttemptRecord.Entry::release).toList();
  }

  private static End end(Trial.Result result) {
    if (result.outcome().isEmpty() || result.outcome().get() instanceof Outcome.Removed) {
      return result.attempts().isEmpty() ? End.UNCHANGED : End.REMOVED;
    }
    Outcome outcome = result.outcome().get();
    if (outcome instanceof Outcome.InSync) {
      return result.attempts().isEmpty() ? End.UNCHANGED : End.RELEASED;
    }
    if (!(outcome instanceof Outcome.Held) || result.report().isEmpty()) {
      return End.STUCK;
    }
    StatusReport report = result.report().get();
    boolean back = report.attempt().purpose() == Purpose.ROLLBACK;
    if (report.phase() == Phase.ROLLED_BACK) {
      return result.there().isEmpty() ? End.HELD : End.BACK;
    }
    return back ? End.STUCK : End.HELD; // the way back failed
  }

  private static String message(End end, Trial.Result result) {
    return switch (end) {
      case UNCHANGED, RELEASED, REMOVED -> "";
      case BACK, HELD ->
          result
              .report()
              .map(StatusReport::held)
              .map(Held::reason)
              .orElseGet(() -> result.outcome().map(Outcome::describe).orElse(""));
      case STUCK -> result.outcome().map(Outcome::describe).orElse("");
    };
  }
}
