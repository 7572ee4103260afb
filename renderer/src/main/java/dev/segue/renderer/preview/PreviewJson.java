// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import dev.segue.renderer.diff.FieldChange;
import dev.segue.renderer.diff.Hint;
import dev.segue.renderer.diff.HookRun;
import dev.segue.renderer.diff.ObjectChange;
import dev.segue.renderer.diff.ObjectId;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.Reports;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Previews as plain data for machines. docs/plan.md says what every field is; a field is added,
 * never renamed or taken away, under one {@code apiVersion}.
 */
public final class PreviewJson {
  private PreviewJson() {}

  /** Returns maps whose keys are in the order in which they are written. */
  public static Map<String, @Nullable Object> data(List<GroupPreview> previews) {
    return map(
        "apiVersion",
        "segue.dev/v1alpha1",
        "kind",
        "Plan",
        "groups",
        previews.stream().map(PreviewJson::group).toList());
  }

  private static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return map;
  }

  private static Map<String, @Nullable Object> group(GroupPreview preview) {
    Map<String, @Nullable Object> group =
        map(
            "group",
            preview.group().value(),
            "site",
            preview.site(),
            "from",
            preview.from() == null ? "" : preview.from().hex(),
            "to",
            preview.to().hex(),
            "planned",
            preview.plan() != null,
            "changes",
            preview.changes(),
            "plan",
            preview.approval().map(Digest::hex).orElse(""),
            "waits",
            preview.changes() ? preview.gate() : "",
            "problems",
            preview.problems().stream().map(PreviewJson::problem).toList(),
            "notices",
            preview.notices());
    Plan plan = preview.plan();
    if (plan != null) {
      group.put("purpose", plan.purpose().text());
      group.put("wanted", plan.digest().hex());
      group.put("actions", actions(plan));
      group.put("steps", plan.steps().stream().map(PreviewJson::step).toList());
      group.put("criticalPath", criticalPath(preview.criticalPath()));
      group.put("blastRadius", names(preview.blastRadius()));
      group.put("releases", releases(preview, plan));
    }
    return group;
  }

  private static Map<String, @Nullable Object> problem(Problem problem) {
    return map(
        "code",
        problem.code().id(),
        "file",
        problem.path(),
        "line",
        problem.line(),
        "field",
        problem.field(),
        "message",
        problem.message(),
        "remedy",
        problem.remedy());
  }

  private static Map<String, @Nullable Object> actions(Plan plan) {
    Map<String, @Nullable Object> actions = new LinkedHashMap<>();
    List.of("install", "upgrade", "repair", "delete", "orphan", "keep")
        .forEach(action -> actions.put(action, plan.count(action)));
    return actions;
  }

  private static Map<String, @Nullable Object> step(Step step) {
    return map(
        "task",
        step.task(),
        "release",
        step.change().release().value(),
        "after",
        step.waits().stream().map(wait -> map("task", wait.task(), "soft", wait.soft())).toList());
  }

  private static Map<String, @Nullable Object> criticalPath(CriticalPath path) {
    return map(
        "releases",
        names(path.releases()),
        "usualSeconds",
        path.usually().map(Duration::toSeconds).orElse(null),
        "atMostSeconds",
        path.atMost().toSeconds(),
        "longest",
        names(path.longest()));
  }

  private static List<String> names(Collection<ReleaseName> releases) {
    return releases.stream().map(ReleaseName::value).toList();
  }

  private static List<Map<String, @Nullable Object>> releases(GroupPreview preview, Plan plan) {
    Map<ReleaseName, List<String>> reasons = new TreeMap<>();
    plan.changes().forEach(change -> reasons.put(change.release(), change.reasons()));
    return Reports.releases(plan).stream()
        .map(
            release ->
                release(
                    release,
                    reasons.getOrDefault(release.name(), List.of()),
                    preview.diffs().get(release.name())))
        .toList();
  }

  private static Map<String, @Nullable Object> release(
      ReleaseStatus release, List<String> reasons, @Nullable ReleaseDiff diff) {
    Map<String, @Nullable Object> map =
        map(
            "name",
            release.name().value(),
            "action",
            release.action(),
            "chart",
            release.chart(),
            "version",
            release.version(),
            "dependencies",
            names(release.dependencies()),
            "softDependencies",
            names(release.softDependencies()),
            "reasons",
            reasons,
            "compared",
            diff != null);
    if (diff != null) {
      map.put("objects", diff.objects().stream().map(PreviewJson::object).toList());
      map.put("hooks", diff.hooks().stream().map(PreviewJson::hook).toList());
      map.put("hints", diff.hints().stream().map(PreviewJson::hint).toList());
      map.put("notices", diff.notices());
    }
    return map;
  }

  private static Map<String, @Nullable Object> object(ObjectChange object) {
    Map<String, @Nullable Object> map = id(object.id());
    map.put("part", object.part());
    map.put("change", object.kind().text());
    map.put("routine", object.isRoutine());
    map.put("fields", object.fields().stream().map(PreviewJson::field).toList());
    map.put("content", object.content().isEmpty() ? null : object.content());
    return map;
  }

  private static Map<String, @Nullable Object> id(ObjectId id) {
    return map(
        "apiVersion",
        id.apiVersion(),
        "kind",
        id.kind(),
        "namespace",
        id.namespace(),
        "name",
        id.name());
  }

  private static Map<String, @Nullable Object> field(FieldChange field) {
    return map(
        "path",
        field.path().text(),
        "change",
        field.kind().text(),
        "before",
        field.before(),
        "after",
        field.after());
  }

  private static Map<String, @Nullable Object> hook(HookRun hook) {
    Map<String, @Nullable Object> map = map("event", hook.event(), "weight", hook.weight());
    map.putAll(id(hook.id()));
    map.put("deletePolicies", hook.deletePolicies());
    map.put("changed", hook.changed());
    return map;
  }

  private static Map<String, @Nullable Object> hint(Hint hint) {
    Map<String, @Nullable Object> map = map("hint", hint.kind().text());
    map.putAll(id(hint.object()));
    map.put("reason", hint.reason());
    return map;
  }
}
