// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.RenderedObject.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which hooks would run, in the order in which Helm runs them. */
final class Hooks {
  private static final String DEFAULT_POLICY = "before-hook-creation";

  private Hooks() {}

  /**
   * @param changed the hooks that are new or not as they were
   */
  static List<HookRun> of(Operation operation, ReleaseObjects of, Set<ObjectId> changed) {
    List<HookRun> runs = new ArrayList<>();
    if (!of.isSet(operation.action(), "disableHooks")) {
      operation.events().forEach(event -> runs.addAll(runs(event, of, changed)));
    }
    if (operation != Operation.DELETE
        && operation != Operation.LEAVE
        && of.isSet("test", "enable")) {
      runs.addAll(runs("test", of, changed));
    }
    return runs;
  }

  private static List<HookRun> runs(String event, ReleaseObjects of, Set<ObjectId> changed) {
    return of.of(Role.HOOK).stream()
        .filter(hook -> events(hook).contains(event))
        .map(
            hook ->
                new HookRun(
                    event,
                    weight(hook),
                    shown(hook.id(), of),
                    policies(hook),
                    changed.contains(hook.id())))
        .sorted(Comparator.comparingInt(HookRun::weight).thenComparing(run -> run.id().name()))
        .toList();
  }

  private static ObjectId shown(ObjectId id, ReleaseObjects of) {
    return Shown.id(id, of.mask());
  }

  private static List<String> events(RenderedObject hook) {
    return words(hook.annotation("helm.sh/hook")).stream()
        .map(event -> event.equals("test-success") ? "test" : event)
        .toList();
  }

  /** As Helm, for which what is no number is 0. */
  private static int weight(RenderedObject hook) {
    try {
      return Integer.parseInt(hook.annotation("helm.sh/hook-weight").strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static List<String> policies(RenderedObject hook) {
    List<String> policies = words(hook.annotation("helm.sh/hook-delete-policy"));
    return policies.isEmpty() ? List.of(DEFAULT_POLICY) : policies;
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(word -> word.strip().toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
