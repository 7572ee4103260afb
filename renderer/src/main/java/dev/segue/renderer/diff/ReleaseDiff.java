// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What becomes of a release's objects, and what that does. What is secret is masked in all of it,
 * and a change in a secret is told all the same.
 *
 * @param objects those that are not as they were, or not surely; sorted
 * @param hooks those that would run, in the order in which Helm runs them
 * @param hints what it does to what runs; the worst first
 * @param notices what a reader should know of the comparison itself; sorted
 */
public record ReleaseDiff(
    Operation operation,
    List<ObjectChange> objects,
    List<HookRun> hooks,
    List<Hint> hints,
    List<String> notices) {
  public ReleaseDiff {
    objects = objects.stream().sorted().toList();
    hooks = List.copyOf(hooks);
    hints = List.copyOf(hints);
    notices = notices.stream().sorted().distinct().toList();
  }

  /**
   * Returns how a release differs. Objects are the same by API group, kind, namespace and name; one
   * whose API has another version now is the same object. What a map is ordered by, comments,
   * quotes and forms of numbers are no difference.
   *
   * @param operation what Helm is asked to do
   * @param before {@link ReleaseObjects#NONE} for a release that is not there
   * @param after {@link ReleaseObjects#NONE} for one that goes
   */
  public static ReleaseDiff of(Operation operation, ReleaseObjects before, ReleaseObjects after) {
    return new Comparison(operation, before, after).diff();
  }

  /** Whether no object differs. Hooks may run all the same. */
  public boolean isEmpty() {
    return objects.isEmpty();
  }

  /** How many objects are of that kind of change. */
  public long count(ObjectChange.Kind kind) {
    return objects.stream().filter(object -> object.kind() == kind).count();
  }

  /** The keys of labels and annotations that alone differ in some objects, quoted; sorted. */
  public static SortedSet<String> routineKeys(Collection<ObjectChange> routine) {
    SortedSet<String> keys = new TreeSet<>();
    routine.stream()
        .flatMap(object -> object.fields().stream())
        .forEach(field -> keys.add(field.path().lastKey()));
    return keys;
  }

  /** The hints of that kind. */
  public Stream<Hint> hints(Hint.Kind kind) {
    return hints.stream().filter(hint -> hint.kind() == kind);
  }
}
