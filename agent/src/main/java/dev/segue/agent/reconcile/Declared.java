// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.StatusReport;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a commit declares.
 *
 * @param undeclared groups that were released before and that no file declares any more, with the
 *     reason why somebody must approve their removal; "" for no reason
 * @param problems of all files, sorted
 * @param revisions the commits of groups that have one of their own
 * @param holders groups that may still have a release that another group declares now, by that
 *     group's name: one was renamed, or an application went from one to the other
 */
public record Declared(
    CommitId commit,
    Map<GroupName, Parsed> groups,
    Map<GroupName, String> undeclared,
    List<Problem> problems,
    Map<GroupName, CommitId> revisions,
    Map<GroupName, SortedSet<GroupName>> holders) {
  /** A removal of one group alone is no accident that a share could tell. */
  private static final int FEW = 1;

  /**
   * Returns what a commit declares, and what of the status branch it does not declare any more.
   *
   * @param source where the commit is
   */
  public static Declared read(
      RepoTree tree, SourceRepo source, StatusBranch.Snapshot status, ReconcilerSettings settings)
      throws RepoException {
    return read(tree, source, new StatusReader().known(status), settings);
  }

  static Declared read(
      RepoTree tree,
      SourceRepo source,
      Map<GroupName, StatusReport> known,
      ReconcilerSettings settings)
      throws RepoException {
    return of(
        tree.commit(),
        Declarations.read(tree, settings.paths()),
        known,
        settings.removalPercent(),
        report -> descends(source, tree.commit(), report));
  }

  private static boolean descends(SourceRepo source, CommitId commit, StatusReport report) {
    try {
      return source.descends(commit, CommitId.parse(report.commit()));
    } catch (RepoException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Returns what {@code reading} says of each group. One of {@code known} whose own file cannot be
   * read is broken, and not gone; where another file cannot be read it may be in there, and nothing
   * is said of it.
   *
   * @param known the groups of the status branch that were not removed, as they were told last
   * @param removalPercent how many of all groups may go at once without somebody's approval
   * @param descends whether {@code commit} is a successor of the one that a report was made of
   */
  static Declared of(
      CommitId commit,
      Reading reading,
      Map<GroupName, StatusReport> known,
      int removalPercent,
      Predicate<StatusReport> descends) {
    Map<GroupName, Parsed> groups = new TreeMap<>();
    Set<Problem> unread = new TreeSet<>(reading.problems());
    for (Parsed parsed : reading.groups()) {
      if (parsed instanceof Parsed.Valid valid) {
        groups.put(valid.group().name(), parsed);
      } else if (parsed instanceof Parsed.Invalid invalid && invalid.name() != null) {
        groups.put(invalid.name(), parsed);
        unread.removeAll(Set.copyOf(invalid.problems()));
      }
    }
    unread.removeIf(problem -> problem.path().isEmpty());
    Map<GroupName, StatusReport> gone = new TreeMap<>();
    known.forEach(
        (group, report) -> {
          RepoPath file = StatusReader.declaredIn(report).file();
          List<Problem> own = unread.stream().filter(p -> p.path().equals(file.value())).toList();
          if (!groups.containsKey(group) && !own.isEmpty()) {
            groups.put(group, new Parsed.Invalid(group, List.of(new Origin(file, 0)), own));
          } else if (!groups.containsKey(group) && unread.isEmpty()) {
            gone.put(group, report);
          }
        });
    Map<GroupName, String> undeclared = new TreeMap<>();
    gone.forEach(
        (group, report) ->
            undeclared.put(
                group, caution(groups, gone, known, removalPercent, !descends.test(report))));
    return new Declared(
        commit,
        Collections.unmodifiableMap(groups),
        Collections.unmodifiableMap(undeclared),
        reading.problems(),
        Map.of(),
        Collections.unmodifiableMap(holders(groups, known)));
  }

  /** By names alone: whether it is the same release is known by who looks into the inventory. */
  private static Map<GroupName, SortedSet<GroupName>> holders(
      Map<GroupName, Parsed> groups, Map<GroupName, StatusReport> known) {
    Map<ReleaseName, SortedSet<GroupName>> declaring = new TreeMap<>();
    groups.forEach(
        (group, parsed) ->
            applications(parsed)
                .forEach(
                    release ->
                        declaring.computeIfAbsent(release, name -> new TreeSet<>()).add(group)));
    Map<GroupName, SortedSet<GroupName>> holders = new TreeMap<>();
    known.forEach(
        (holder, report) -> {
          Parsed now = groups.get(holder);
          Set<ReleaseName> kept = now == null ? Set.of() : applications(now);
          report.releases().stream()
              .map(ReleaseStatus::name)
              .filter(release -> !kept.contains(release))
              .flatMap(release -> declaring.getOrDefault(release, new TreeSet<>()).stream())
              .filter(group -> !group.equals(holder))
              .forEach(
                  group -> holders.computeIfAbsent(group, name -> new TreeSet<>()).add(holder));
        });
    return holders;
  }

  private static Set<ReleaseName> applications(Parsed parsed) {
    return parsed instanceof Parsed.Valid valid
        ? valid.group().applications().stream().map(Application::name).collect(Collectors.toSet())
        : Set.of();
  }

  /** The groups that may still have a release that {@code group} declares. */
  Set<GroupName> holders(GroupName group) {
    SortedSet<GroupName> holding = holders.get(group);
    return holding == null ? Set.of() : holding;
  }

  /** What looks more like an accident than like a decision is done by nobody alone. */
  private static String caution(
      Map<GroupName, Parsed> groups,
      Map<GroupName, StatusReport> gone,
      Map<GroupName, StatusReport> known,
      int removalPercent,
      boolean rewritten) {
    if (groups.isEmpty()) {
      return "the commit declares no group at all";
    }
    if (rewritten) {
      return "the commit does not descend from the one that declared the group";
    }
    return gone.size() > FEW && 100 * gone.size() > removalPercent * known.size()
        ? gone.size() + " of " + known.size() + " groups would be removed at once"
        : "";
  }

  /** The commit at which the group is as it is declared here. */
  CommitId commit(GroupName group) {
    CommitId own = revisions.get(group);
    return own == null ? commit : own;
  }

  /** Whether a group of a commit of its own is declared as {@code before}. */
  boolean isSame(GroupName group, Declared before) {
    return revisions.containsKey(group)
        && Objects.equals(revisions.get(group), before.revisions.get(group))
        && Objects.equals(groups.get(group), before.groups.get(group));
  }

  /** Returns this, where one of its groups is refused. */
  Declared refusing(GroupName group, Problem problem) {
    Map<GroupName, Parsed> others = new TreeMap<>(groups);
    Parsed parsed = groups.get(group);
    List<Origin> origins =
        parsed instanceof Parsed.Valid valid
            ? List.of(valid.group().origin())
            : ((Parsed.Invalid) Objects.requireNonNull(parsed)).origins();
    others.put(group, new Parsed.Invalid(group, origins, List.of(problem)));
    return new Declared(
        commit, Collections.unmodifiableMap(others), undeclared, problems, revisions, holders);
  }

  /** Whether something is to be done or said about the group. */
  public boolean knows(GroupName group) {
    return groups.containsKey(group) || undeclared.containsKey(group);
  }
}
