// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.plan.Step;
import dev.segue.renderer.plan.TaskNames;
import dev.segue.renderer.yaml.YamlWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private static final String TOKEN_HANDLED = "status.lastHandledResetAt==";
  private static final String READY =
      "status.conditions.0.type==Ready,status.conditions.0.status==True";

  /**
   * Any of them ends the step. The old Ready is never among them; an old Stalled may be, hence the
   * retries.
   */
  private static final String FAILED =
      "status.conditions.0.type==Stalled,"
          + "status.conditions.0.status==False,"
          + "status.conditions.0.reason==ProgressingWithRetry,"
          + "status.conditions.1.reason in (InstallFailed,UpgradeFailed)";

  private static final String EVIDENCE =
      "if (.status.observedGeneration==.metadata.generation)"
          + " and (.status.history[0].chartVersion==\"{{inputs.parameters.version}}\")"
          + " then .status.history[0].chartVersion"
          + " else error(\"released \"+(.status.history[0].chartVersion // \"nothing\")) end";

  private final Plan plan;
  private final String name;
  private final String namespace;
  private final int attempt;
  private final RenderSettings settings;
  private final HelmReleases helmReleases;
  private final BiFunction<ReleaseName, String, Manifest> withToken;
  private final Set<String> templates = new LinkedHashSet<>();

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
    this.withToken = withToken;
  }

  Manifest workflow() {
    GroupName group = plan.desired().group().name();
    List<@Nullable Object> tasks = new ArrayList<>();
    plan.steps().forEach(step -> tasks.addAll(tasks(step)));
    List<@Nullable Object> all = new ArrayList<>();
    // Orthogonal branches go on when one fails, and a soft dependency that fails stops nobody.
    all.add(Objects.map("name", "product", "dag", Objects.map("failFast", false, "tasks", tasks)));
    templates.forEach(template -> all.add(template(template)));
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
    if (step.change() instanceof Change.Delete delete) {
      String identity = YamlWriter.writeForArgo(helmReleases.identity(delete.deployed().object()));
      return List.of(task(step.task(), "delete", depends(step), Objects.map("manifest", identity)));
    }
    Change.Apply apply = (Change.Apply) step.change();
    Manifest release = withToken.apply(apply.release(), name);
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

  private String correctingToken() {
    return name + "-correct";
  }

  private Map<String, @Nullable Object> task(
      String task,
      String template,
      @Nullable String depends,
      Map<String, @Nullable Object> parameters) {
    templates.add(template);
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

  private Map<String, @Nullable Object> template(String template) {
    return switch (template) {
      case "release" ->
          resource(template, "apply", TOKEN_HANDLED + name + "," + READY, FAILED, true);
      case "reset" ->
          resource(template, "apply", "status.lastHandledReconcileAt==" + name, null, false);
      case "correct" ->
          resource(
              template,
              "apply",
              "status.lastHandledReconcileAt==" + correctingToken(),
              null,
              false);
      case "await" -> resource(template, "get", TOKEN_HANDLED + name + "," + READY, FAILED, true);
      case "delete" -> delete();
      default -> throw new IllegalStateException("no template " + template);
    };
  }

  private static Map<String, @Nullable Object> resource(
      String template, String action, String success, @Nullable String failure, boolean evidence) {
    boolean applies = action.equals("apply");
    List<@Nullable Object> inputs = new ArrayList<>();
    inputs.add(Objects.map("name", "deadline"));
    if (evidence) {
      inputs.add(Objects.map("name", "version"));
    }
    inputs.add(Objects.map("name", "manifest"));
    List<@Nullable Object> revision =
        List.of(Objects.map("name", "revision", "valueFrom", Objects.map("jqFilter", EVIDENCE)));
    return Objects.map(
        "name",
        template,
        "inputs",
        Objects.map("parameters", inputs),
        "activeDeadlineSeconds",
        "{{inputs.parameters.deadline}}",
        "retryStrategy",
        applies ? retry() : null,
        "resource",
        Objects.map(
            "action", action,
            "flags",
                applies
                    ? List.of(
                        "--server-side", "--force-conflicts", "--field-manager=" + Labels.SEGUE)
                    : null,
            "manifest", "{{inputs.parameters.manifest}}",
            "successCondition", success,
            "failureCondition", failure),
        "outputs",
        evidence ? Objects.map("parameters", revision) : null);
  }

  /** For what fails at once because of an old failure; not for what met its deadline. */
  private static Map<String, @Nullable Object> retry() {
    return Objects.map(
        "limit", "2",
        "retryPolicy", "OnFailure",
        "expression", "asInt(lastRetry.duration) < 60",
        "backoff", Objects.map("duration", "3s", "factor", "2"));
  }

  private static Map<String, @Nullable Object> delete() {
    return Objects.map(
        "name",
        "delete",
        "inputs",
        Objects.map("parameters", List.of(Objects.map("name", "manifest"))),
        "activeDeadlineSeconds",
        600,
        "resource",
        Objects.map(
            "action", "delete",
            "flags", List.of("--ignore-not-found"),
            "manifest", "{{inputs.parameters.manifest}}"));
  }
}
