// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.LiveRelease;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.resolve.DesiredRelease;
import dev.segue.renderer.yaml.YamlWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Argo Workflow of a plan: one task for each step, in templates that all share. A task applies
 * its HelmRelease with a token of its own and succeeds only when Flux has handled that very token
 * and says Ready, and the chart's version that is live is the one that was planned.
 */
final class Workflows {
  private final Plan plan;
  private final String name;
  private final String namespace;
  private final int attempt;
  private final RenderSettings settings;
  private final HelmReleases helmReleases;
  private final HeldReleases held;
  private final BiFunction<ReleaseName, String, Manifest> withToken;
  private final StepTemplates templates;

  /**
   * @param withToken returns a release's HelmRelease with that token
   */
  Workflows(
      Plan plan,
      String name,
      String namespace,
      int attempt,
      RenderSettings settings,
      HelmReleases helmReleases,
      BiFunction<ReleaseName, String, Manifest> withToken) {
    this.plan = plan;
    this.name = name;
    this.namespace = namespace;
    this.attempt = attempt;
    this.settings = settings;
    this.helmReleases = helmReleases;
    this.held = new HeldReleases(plan.desired().group().name(), namespace, plan.desired().commit());
    this.withToken = withToken;
    this.templates = new StepTemplates(name);
  }

  Manifest workflow() {
    GroupName group = plan.desired().group().name();
    List<@Nullable Object> tasks = new ArrayList<>();
    plan.steps().forEach(step -> tasks.addAll(tasks(step)));
    List<@Nullable Object> all = new ArrayList<>();
    // Orthogonal branches go on when one fails, and a soft dependency that fails stops nobody.
    all.add(Objects.map("name", "product", "dag", Objects.map("failFast", false, "tasks", tasks)));
    all.addAll(templates.used());
    int limit =
        plan.desired().group().parallelism() > 0
            ? plan.desired().group().parallelism()
            : settings.parallelism();
    Map<String, @Nullable Object> metadata =
        Objects.metadata(
            name,
            namespace,
            Objects.labels(
                group,
                Labels.DIGEST,
                plan.digest().prefix(Planner.LABEL_DIGITS),
                Labels.ATTEMPT,
                Integer.toString(attempt),
                Labels.PURPOSE,
                plan.purpose().text()));
    metadata.put("annotations", Objects.map(Labels.COMMIT, plan.desired().commit().hex()));
    return Objects.object(
        "argoproj.io/v1alpha1",
        "Workflow",
        metadata,
        Objects.map(
            "entrypoint", "product",
            "serviceAccountName", settings.serviceAccount(),
            "parallelism", limit == 0 ? null : limit,
            "activeDeadlineSeconds", deadline(),
            "podGC", Objects.map("strategy", settings.podGarbageCollection()),
            "ttlStrategy", Objects.map("secondsAfterCompletion", settings.timeToLive().toSeconds()),
            "podMetadata", Objects.map("labels", Objects.labels(group)),
            "templates", all));
  }

  /** Argo then ends what runs; what follows is not the Workflow's. */
  private @Nullable Long deadline() {
    Duration deadline = plan.desired().group().lifecycle().deadline();
    return deadline == null || plan.purpose() != Purpose.RELEASE ? null : deadline.toSeconds();
  }

  private List<Map<String, @Nullable Object>> tasks(Step step) {
    if (step.phase() != Step.Phase.LAST) {
      return handover(step);
    }
    if (step.change() instanceof Change.Removal delete) {
      String identity = YamlWriter.writeForArgo(helmReleases.identity(delete.deployed().object()));
      return List.of(task(step.task(), "delete", depends(step), Objects.map("manifest", identity)));
    }
    Change.Apply apply = (Change.Apply) step.change();
    Manifest release = withToken.apply(apply.release(), name);
    if (apply instanceof Change.Upgrade upgrade && upgrade.forced()) {
      release = HeldReleases.forced(release, name);
    }
    String manifest = YamlWriter.writeForArgo(release.fields());
    String deadline = Long.toString(HelmReleases.deadlineSeconds(apply.desired().settings()));
    String version = ChartVersions.released(apply.desired().chart());
    if (apply instanceof Change.Repair repair && repair.forced()) {
      return corrected(step, repair, deadline, version, manifest);
    }
    if (!apply.liveFailed()) {
      return List.of(
          task(
              step.task(),
              "release",
              depends(step),
              Objects.map("deadline", deadline, "version", version, "manifest", manifest)));
    }
    // Flux says now that it failed: nothing is read of it before it has handled the new token.
    String reset = TaskNames.reset(apply.release());
    String identity = YamlWriter.writeForArgo(helmReleases.identity(release.name()));
    return List.of(
        task(
            reset, "reset", depends(step), Objects.map("deadline", deadline, "manifest", manifest)),
        task(
            step.task(),
            "await",
            reset + ".Succeeded",
            Objects.map("deadline", deadline, "version", version, "manifest", identity)));
  }

  /** Flux mends what Helm deployed in a pass of its own, and then is as the file wants it again. */
  private List<Map<String, @Nullable Object>> corrected(
      Step step, Change.Repair repair, String deadline, String version, String manifest) {
    String correct = TaskNames.reset(repair.release());
    Manifest correcting =
        HelmReleases.correcting(withToken.apply(repair.release(), correctingToken()));
    String first = YamlWriter.writeForArgo(correcting.fields());
    return List.of(
        task(
            correct,
            "correct",
            depends(step),
            Objects.map("deadline", deadline, "manifest", first)),
        task(
            step.task(),
            "release",
            correct + ".Succeeded",
            Objects.map("deadline", deadline, "version", version, "manifest", manifest)));
  }

  /** What is done with a release before its change, while objects change hands. */
  private List<Map<String, @Nullable Object>> handover(Step step) {
    Change change = step.change();
    String token = step.phase().token(name);
    if (change instanceof Change.Yield yield && step.phase() == Step.Phase.YIELD) {
      Manifest release =
          HeldReleases.yielding(withToken.apply(yield.release(), token), yield.desired());
      return yielded(step, yield, release);
    }
    if (change instanceof Change.Adopt adopt) {
      Manifest release = HeldReleases.adopting(withToken.apply(adopt.release(), token));
      return List.of(
          task(step.task(), "adopt", depends(step), parameters(adopt.desired(), release)));
    }
    if (change instanceof Change.Reclaim reclaim) {
      return List.of(asItIs(step, "free", reclaim.live(), held.free(reclaim.live(), token)));
    }
    if (change instanceof Change.Dissolve dissolve) {
      Manifest release = held.hold(dissolve.live(), true, token);
      return List.of(asItIs(step, "hold-part", dissolve.live(), release));
    }
    LiveRelease live = ((Change.Yield) change).live();
    return List.of(asItIs(step, "hold", live, held.hold(live, false, token)));
  }

  private List<Map<String, @Nullable Object>> yielded(
      Step step, Change.Yield yield, Manifest release) {
    Map<String, @Nullable Object> parameters = parameters(yield.desired(), release);
    if (!yield.resets()) {
      return List.of(task(step.task(), "yield", depends(step), parameters));
    }
    String reset = TaskNames.reset(yield.release());
    Map<String, @Nullable Object> first = new LinkedHashMap<>(parameters);
    first.remove("version");
    parameters.put("manifest", YamlWriter.writeForArgo(helmReleases.identity(release.name())));
    return List.of(
        task(reset, "reset-yield", depends(step), first),
        task(step.task(), "await-yield", reset + ".Succeeded", parameters));
  }

  private static Map<String, @Nullable Object> parameters(
      DesiredRelease desired, Manifest release) {
    return Objects.map(
        "deadline", Long.toString(HelmReleases.deadlineSeconds(desired.settings())),
        "version", ChartVersions.released(desired.chart()),
        "manifest", YamlWriter.writeForArgo(release.fields()));
  }

  private Map<String, @Nullable Object> asItIs(
      Step step, String template, LiveRelease live, Manifest release) {
    String deadline = Long.toString(HeldReleases.deadlineSeconds(live));
    String manifest = YamlWriter.writeForArgo(release.fields());
    return task(
        step.task(),
        template,
        depends(step),
        Objects.map(
            "deadline", deadline, "before", Long.toString(live.revision()), "manifest", manifest));
  }

  private String correctingToken() {
    return StepTemplates.correctingToken(name);
  }

  private Map<String, @Nullable Object> task(
      String task,
      String template,
      @Nullable String depends,
      Map<String, @Nullable Object> parameters) {
    templates.use(template);
    List<@Nullable Object> arguments = new ArrayList<>();
    parameters.forEach((key, value) -> arguments.add(Objects.map("name", key, "value", value)));
    return Objects.map(
        "name", task,
        "template", template,
        "depends", depends,
        "arguments", Objects.map("parameters", arguments));
  }

  private static @Nullable String depends(Step step) {
    if (step.waits().isEmpty()) {
      return null;
    }
    return String.join(
        " && ",
        step.waits().stream()
            .map(wait -> wait.soft() ? ended(wait.task()) : wait.task() + ".Succeeded")
            .toList());
  }

  private static String ended(String task) {
    return Stream.of("Succeeded", "Failed", "Errored", "Skipped", "Omitted")
        .map(end -> task + "." + end)
        .collect(Collectors.joining(" || ", "(", ")"));
  }
}
