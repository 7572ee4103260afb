// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.status.StatusReport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The passes over the groups that others applied. Each ends with what is seen at the objects: the
 * finalizer from before the first release until the removal has ended, the status of the generation
 * that was read, and an Event where that became another.
 */
final class AppliedPasses implements GroupPasses {
  private static final String VANISHED =
      "its object vanished without being deleted, as when its finalizer was removed by hand";

  private final AppliedSource source;
  private final GroupObjects objects;
  private final ObjectTelling telling;
  private final TakeOver takeOver;
  private final Passes passes;
  private final OwnedPasses owned;

  /**
   * @param objects written only while the group is ours
   */
  AppliedPasses(
      AppliedSource source,
      GroupObjects objects,
      TakeOver takeOver,
      Passes passes,
      Claims claims,
      Clock clock) {
    this.source = source;
    this.objects = objects;
    this.takeOver = takeOver;
    this.telling = new ObjectTelling(objects, clock);
    this.passes = passes;
    this.owned =
        new OwnedPasses(
            passes, this::read, claims, Claims.Side.OBJECTS, origin -> place(origin.file()));
  }

  /** As people know it: {@code shop/web} of {@code shop/web.yaml}. */
  private static String place(RepoPath file) {
    return "object \"" + file.value().replaceFirst("\\.yaml$", "") + "\"";
  }

  @Override
  public Declared declared(RepoTree tree) throws RepoException {
    return owned.declared(tree);
  }

  @Override
  public Set<GroupName> asked() throws RepoException {
    return owned.asked();
  }

  @Override
  public Set<GroupName> known() throws RepoException {
    return passes.known();
  }

  @Override
  public Optional<StatusReport> told(GroupName group) {
    return passes.told(group);
  }

  private Declared read(RepoTree tree) throws RepoException {
    AppliedTree applied = source.at(tree.commit()).orElseThrow();
    Reading reading =
        applied.files().isEmpty()
            ? new Reading(List.of(), List.of())
            : Declarations.read(tree, AppliedTree.ALL);
    Map<GroupName, Parsed> groups = new TreeMap<>();
    Map<GroupName, CommitId> revisions = new TreeMap<>();
    for (Parsed parsed : reading.groups()) {
      if (parsed instanceof Parsed.Valid valid) {
        ApplicationGroup group = valid.group();
        groups.put(group.name(), asObject(group));
        applied.revision(group.origin().file()).ifPresent(r -> revisions.put(group.name(), r));
      } else if (parsed instanceof Parsed.Invalid invalid && invalid.name() != null) {
        groups.put(invalid.name(), invalid);
        applied
            .revision(invalid.origins().get(0).file())
            .ifPresent(revision -> revisions.put(invalid.name(), revision));
      }
    }
    return new Declared(
        tree.commit(),
        Collections.unmodifiableMap(groups),
        Collections.unmodifiableMap(undeclared(applied, groups)),
        reading.problems(),
        Collections.unmodifiableMap(revisions),
        Map.of());
  }

  /** Whoever deletes an object says so himself: no guard against accidents asks once more. */
  private Map<GroupName, String> undeclared(AppliedTree applied, Map<GroupName, Parsed> groups)
      throws RepoException {
    Map<GroupName, String> undeclared = new TreeMap<>();
    passes.known().forEach(group -> undeclared.put(group, VANISHED));
    for (AppliedObject object : applied.objects()) {
      if (object.object().deleting()) {
        StatusReader.name(object.object().name()).ifPresent(name -> undeclared.put(name, ""));
      }
    }
    undeclared.keySet().removeAll(groups.keySet());
    return undeclared;
  }

  private Parsed asObject(ApplicationGroup group) throws RepoException {
    Parsed parsed = withoutGit(group);
    boolean theirs = source.of(group.name()).stream().anyMatch(o -> TakeOver.concerns(o.object()));
    return theirs && parsed instanceof Parsed.Valid
        ? TakeOver.declared(group, source.wasReleased(group.name()))
        : parsed;
  }

  /** What a group needs of Git, an object cannot have: Flux has nowhere to read it. */
  private static Parsed withoutGit(ApplicationGroup group) {
    Set<Problem> problems = new TreeSet<>();
    List<Origin> origins = List.of(group.origin());
    for (Application application : group.applications()) {
      if (application.chart() instanceof ChartRef.InGit) {
        problems.add(
            inGit(
                application,
                "spec.chart.path",
                "must not be given in an object: no commit belongs to it",
                "Give `url`, and `name` and `version` with it, or declare the group in Git."));
      }
      if (!application.subcharts().isEmpty()) {
        problems.add(
            inGit(
                application,
                "spec.subcharts",
                "must not be given in an object: the charts of the parts are kept in Git",
                "Leave it out, or declare the group in Git."));
      }
    }
    return problems.isEmpty()
        ? new Parsed.Valid(group)
        : new Parsed.Invalid(group.name(), origins, new ArrayList<>(problems));
  }

  private static Problem inGit(Application of, String field, String message, String remedy) {
    return Problem.at(
        of.origin(),
        ProblemCode.NOT_SUPPORTED_YET,
        field,
        "of \"" + of.name() + "\" " + message,
        remedy);
  }

  @Override
  public Optional<Outcome> over(GroupName group, Declared now) {
    return GroupStep.guarded(group, () -> step(group, now));
  }

  private Optional<Outcome> step(GroupName group, Declared now) throws PortException {
    List<AppliedObject> read =
        source.at(now.commit()).map(tree -> tree.of(group)).orElse(List.of());
    Optional<Outcome> notOurs = notOurs(group, now, read);
    if (notOurs.isPresent()) {
      return notOurs;
    }
    if (now.groups().get(group) instanceof Parsed.Valid) {
      for (AppliedObject object : read) {
        hold(object.object());
      }
    }
    Optional<Outcome> outcome = owned.over(group, now);
    if (outcome.isPresent() && !(outcome.get() instanceof Outcome.Undecided)) {
      for (AppliedObject object : read) {
        telling.tell(object, outcome.get(), passes.told(group));
      }
    }
    if (outcome.isEmpty() || now.groups().containsKey(group)) {
      for (AppliedObject object : read) {
        letGo(object.object());
      }
    }
    return outcome;
  }

  /** What Orkestra still has, or would fight for, is left as it is. */
  private Optional<Outcome> notOurs(GroupName group, Declared now, List<AppliedObject> read)
      throws PortException {
    for (AppliedObject object : read) {
      Optional<Problem> held = TakeOver.held(object);
      if (held.isPresent()) {
        telling.notTakenOver(object, held.get());
        return Optional.of(new Outcome.Stalled(List.of(held.get())));
      }
    }
    if (!(now.groups().get(group) instanceof Parsed.Valid)) {
      return Optional.empty();
    }
    for (AppliedObject object : read) {
      boolean first = TakeOver.concerns(object.object()) && !source.wasReleased(group);
      Optional<String> remains = first ? takeOver.remains(object) : Optional.empty();
      if (remains.isPresent()) {
        Outcome outcome = new Outcome.Failed(ProblemCode.DUPLICATE_GROUP, remains.get(), true);
        telling.tell(object, outcome, Optional.empty());
        return Optional.of(outcome);
      }
    }
    return Optional.empty();
  }

  /** Nothing is released of an object that could vanish without a word. */
  private void hold(GroupObject object) throws ClusterException {
    if (!object.deleting() && !object.finalizers().contains(GroupObjects.FINALIZER)) {
      var unused = objects.finalizer(object, true);
    }
  }

  /** Nothing of a deleted object is there any more, or another one declares it. */
  private void letGo(GroupObject object) throws ClusterException {
    if (object.deleting()) {
      var unused = objects.finalizer(object, false);
    }
  }
}
