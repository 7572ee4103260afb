// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.parse.Reading;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a commit declares.
 *
 * @param undeclared groups that were released before and that no file declares any more
 * @param problems of all files, sorted
 */
record Declared(
    CommitId commit,
    Map<GroupName, Parsed> groups,
    Set<GroupName> undeclared,
    List<Problem> problems) {

  /**
   * Returns what {@code reading} says of each group. One of {@code known} whose own file cannot be
   * read is broken, and not gone; where another file cannot be read it may be in there, and nothing
   * is said of it.
   *
   * @param known the groups of the status branch with the file that declared them last
   */
  static Declared of(CommitId commit, Reading reading, Map<GroupName, RepoPath> known) {
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
    Set<GroupName> undeclared = new TreeSet<>();
    known.forEach(
        (group, file) -> {
          List<Problem> own = unread.stream().filter(p -> p.path().equals(file.value())).toList();
          if (!groups.containsKey(group) && !own.isEmpty()) {
            groups.put(group, new Parsed.Invalid(group, List.of(new Origin(file, 0)), own));
          } else if (!groups.containsKey(group) && unread.isEmpty()) {
            undeclared.add(group);
          }
        });
    return new Declared(
        commit,
        Collections.unmodifiableMap(groups),
        Collections.unmodifiableSet(undeclared),
        reading.problems());
  }

  /** Whether something is to be done or said about the group. */
  boolean knows(GroupName group) {
    return groups.containsKey(group) || undeclared.contains(group);
  }
}
