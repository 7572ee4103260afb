// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.status.StatusReport;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a commit declares.
 *
 * @param undeclared groups that were released before and that no file declares any more, with the
 *     reason why somebody must approve their removal; "" for no reason
 * @param problems of all files, sorted
 */
record Declared(
    CommitId commit,
    Map<GroupName, Parsed> groups,
    Map<GroupName, String> undeclared,
    List<Problem> problems) {
  /** A removal of one group alone is no accident that a share could tell. */
  private static final int FEW = 1;

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
        reading.problems());
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

  /** Whether something is to be done or said about the group. */
  boolean knows(GroupName group) {
    return groups.containsKey(group) || undeclared.containsKey(group);
  }
}
