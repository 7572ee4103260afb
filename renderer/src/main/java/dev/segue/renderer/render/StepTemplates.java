// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Step.Phase;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The templates that all steps of a Workflow share: those that are used, in that order. */
final class StepTemplates {
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

  private static final String READY_NOW =
      "(.status.observedGeneration==.metadata.generation)"
          + " and any((.status.conditions // [])[]; .type==\"Ready\" and .status==\"True\")";

  /** Flux takes common metadata as done that it only tried to write (helm-controller 1.6.3). */
  private static final String HAS_RISEN =
      "((.status.history[0].version // 0)>{{inputs.parameters.before}})";

  private static final String IS_READY =
      told(HAS_RISEN + " and (" + READY_NOW + ")", "is not ready");

  /**
   * Well; or a failure that Helm wrote down, which alone Flux counts (helm-controller 1.6: {@code
   * Upgrade.Reconcile}), so that the last manifest is this one; or nothing that Helm knows of.
   */
  private static final String IS_STORED =
      told(
          "("
              + HAS_RISEN
              + " and (("
              + READY_NOW
              + ") or ((.status.lastAttemptedGeneration==.metadata.generation)"
              + " and (((.status.upgradeFailures // 0)+(.status.installFailures // 0))>0))))"
              + " or (((.status.history // [])|length)==0)",
          "was not written down by Helm");

  private final String name;
  private final Set<String> used = new LinkedHashSet<>();

  StepTemplates(String name) {
    this.name = name;
  }

  private static String told(String condition, String otherwise) {
    return "if "
        + condition
        + " then ((.status.history[0].version // 0)|tostring) else error(\""
        + otherwise
        + "\") end";
  }

  static String correctingToken(String workflow) {
    return workflow + "-correct";
  }

  void use(String template) {
    used.add(template);
  }

  List<Map<String, @Nullable Object>> used() {
    return used.stream().map(this::template).toList();
  }

  private Map<String, @Nullable Object> template(String template) {
    return switch (template) {
      case "release" -> resource(template, "apply", ready(Phase.LAST), FAILED, EVIDENCE);
      case "reset" ->
          resource(template, "apply", "status.lastHandledReconcileAt==" + name, null, null);
      case "correct" ->
          resource(
              template,
              "apply",
              "status.lastHandledReconcileAt==" + correctingToken(name),
              null,
              null);
      case "yield" -> resource(template, "apply", ready(Phase.YIELD), FAILED, EVIDENCE);
      case "reset-yield" ->
          resource(
              template,
              "apply",
              "status.lastHandledReconcileAt==" + Phase.YIELD.token(name),
              null,
              null);
      case "await-yield" -> resource(template, "get", ready(Phase.YIELD), FAILED, EVIDENCE);
      case "adopt" -> resource(template, "apply", ready(Phase.ADOPT), FAILED, EVIDENCE);
      case "hold" -> resource(template, "apply", ready(Phase.HOLD), FAILED, IS_READY);
      case "hold-part" -> resource(template, "apply", handled(Phase.HOLD), null, IS_STORED);
      case "free" -> resource(template, "apply", handled(Phase.FREE), null, IS_STORED);
      case "await" -> resource(template, "get", ready(Phase.LAST), FAILED, EVIDENCE);
      case "delete" -> delete();
      default -> throw new IllegalStateException("no template " + template);
    };
  }

  private String ready(Phase phase) {
    return TOKEN_HANDLED + phase.token(name) + "," + READY;
  }

  /** A pass is over that had the chart and the values. What came of it, the evidence tells. */
  private String handled(Phase phase) {
    String token = phase.token(name);
    return "status.lastHandledReconcileAt==" + token + "," + TOKEN_HANDLED + token;
  }

  private static Map<String, @Nullable Object> resource(
      String template,
      String action,
      String success,
      @Nullable String failure,
      @Nullable String evidence) {
    boolean applies = action.equals("apply");
    List<@Nullable Object> inputs = new ArrayList<>();
    inputs.add(Objects.map("name", "deadline"));
    if (evidence != null) {
      inputs.add(
          Objects.map(
              "name", evidence.contains("inputs.parameters.before") ? "before" : "version"));
    }
    inputs.add(Objects.map("name", "manifest"));
    List<@Nullable Object> revision =
        List.of(Objects.map("name", "revision", "valueFrom", Objects.map("jqFilter", evidence)));
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
        evidence == null ? null : Objects.map("parameters", revision));
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
        (int) Plan.DELETION.toSeconds(),
        "resource",
        Objects.map(
            "action", "delete",
            "flags", List.of("--ignore-not-found"),
            "manifest", "{{inputs.parameters.manifest}}"));
  }
}
