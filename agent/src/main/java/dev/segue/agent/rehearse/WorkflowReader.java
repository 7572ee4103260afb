// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.rehearse.WorkflowSpec.Dag;
import dev.segue.agent.rehearse.WorkflowSpec.Step;
import dev.segue.agent.rehearse.WorkflowSpec.Task;
import dev.segue.renderer.model.Manifest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Workflow and checks it as Argo does (workflow/validate/validate.go). What Argo would run
 * and this cluster does not is refused by name, never left out.
 */
final class WorkflowReader {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][-a-zA-Z0-9]{0,127}");

  /** Supported, or only about pods, accounts and storage, which are not simulated. */
  private static final Set<String> SPEC_FIELDS =
      Set.of(
          "activeDeadlineSeconds",
          "affinity",
          "archiveLogs",
          "arguments",
          "automountServiceAccountToken",
          "dnsPolicy",
          "entrypoint",
          "executor",
          "hostNetwork",
          "imagePullSecrets",
          "nodeSelector",
          "parallelism",
          "podDisruptionBudget",
          "podGC",
          "podMetadata",
          "podPriorityClassName",
          "podSpecPatch",
          "priority",
          "schedulerName",
          "securityContext",
          "serviceAccountName",
          "shutdown",
          "suspend",
          "templates",
          "tolerations",
          "ttlStrategy",
          "workflowMetadata");

  private static final Set<String> TEMPLATE_FIELDS =
      Set.of(
          "activeDeadlineSeconds",
          "affinity",
          "automountServiceAccountToken",
          "dag",
          "executor",
          "inputs",
          "metadata",
          "name",
          "nodeSelector",
          "outputs",
          "parallelism",
          "podSpecPatch",
          "priorityClassName",
          "resource",
          "retryStrategy",
          "schedulerName",
          "securityContext",
          "serviceAccountName",
          "timeout",
          "tolerations");

  private static final Set<String> DAG_FIELDS = Set.of("failFast", "target", "tasks");
  private static final Set<String> TASK_FIELDS =
      Set.of("arguments", "dependencies", "depends", "name", "template");
  private static final Set<String> RESOURCE_FIELDS =
      Set.of("action", "failureCondition", "flags", "manifest", "successCondition");
  private static final Set<String> ACTIONS = Set.of("apply", "create", "delete", "get");
  private static final Set<String> ARGO_ACTIONS =
      Set.of("apply", "create", "delete", "get", "patch", "replace");

  private final Map<String, @Nullable Object> spec;

  private WorkflowReader(Manifest workflow) {
    this.spec = workflow.map("spec");
  }

  static WorkflowSpec read(Manifest workflow) throws WorkflowException {
    return new WorkflowReader(workflow).read();
  }

  private WorkflowSpec read() throws WorkflowException {
    refuseUnknown("spec", spec, SPEC_FIELDS);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (var parameter : parameters("spec.arguments", spec.get("arguments")).entrySet()) {
      if (parameter.getValue() == null) {
        throw WorkflowException.invalid(
            "spec.arguments." + parameter.getKey() + ".value or valueFrom is required");
      }
      parameters.put("workflow.parameters." + parameter.getKey(), parameter.getValue());
    }
    String entrypoint = Fields.text(spec.get("entrypoint"));
    if (entrypoint.isEmpty()) {
      throw WorkflowException.invalid("spec.entrypoint is required");
    }
    Map<String, Step> steps = new LinkedHashMap<>();
    Map<String, Map<String, @Nullable Object>> dags = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> template : Fields.maps(spec.get("templates"))) {
      readTemplate(template, steps, dags);
    }
    Map<String, @Nullable Object> main = dags.get(entrypoint);
    if (main == null && !steps.containsKey(entrypoint)) {
      throw WorkflowException.invalid(
          "spec.entrypoint template name '" + entrypoint + "' undefined");
    }
    if (main == null) {
      throw WorkflowException.unsupported("an entrypoint that is no DAG: \"" + entrypoint + "\"");
    }
    Dag dag = readDag(entrypoint, main, steps, dags.keySet());
    return new WorkflowSpec(dag, steps, parameters, limit(spec));
  }

  private static void readTemplate(
      Map<String, @Nullable Object> template,
      Map<String, Step> steps,
      Map<String, Map<String, @Nullable Object>> dags)
      throws WorkflowException {
    String name = Fields.text(template.get("name"));
    if (!NAME.matcher(name).matches()) {
      throw WorkflowException.invalid("templates name '" + name + "' is invalid");
    }
    String where = "templates." + name;
    refuseUnknown(where, template, TEMPLATE_FIELDS);
    if (steps.containsKey(name) || dags.containsKey(name)) {
      throw WorkflowException.invalid(where + " name is not unique");
    }
    if (template.containsKey("dag") == template.containsKey("resource")) {
      throw WorkflowException.invalid(
          where + " template type unspecified. choose one of: resource, dag");
    }
    if (template.containsKey("dag")) {
      dags.put(name, template);
      return;
    }
    checkResource(where, Fields.typed(template.get("resource")));
    checkOutputs(where, Fields.typed(template.get("outputs")));
    RetryStrategy.check(where, template.get("retryStrategy"));
    steps.put(
        name, new Step(name, parameters(where + ".inputs", template.get("inputs")), template));
  }

  private static void checkResource(String where, Map<String, @Nullable Object> resource)
      throws WorkflowException {
    refuseUnknown(where + ".resource", resource, RESOURCE_FIELDS);
    String action = Fields.text(resource.get("action"));
    if (!ARGO_ACTIONS.contains(action)) {
      throw WorkflowException.invalid(
          where + ".resource.action must be one of: get, create, apply, delete, replace, patch");
    }
    if (!ACTIONS.contains(action)) {
      throw WorkflowException.unsupported("`action: " + action + "` (" + where + ".resource)");
    }
    if (Fields.text(resource.get("manifest")).isEmpty()) {
      if (action.equals("get") || action.equals("delete")) {
        throw WorkflowException.unsupported("a resource without `manifest` (" + where + ")");
      }
      throw WorkflowException.invalid(
          "either " + where + ".resource.manifest or manifestFrom must be specified");
    }
  }

  private static void checkOutputs(String where, Map<String, @Nullable Object> outputs)
      throws WorkflowException {
    refuseUnknown(where + ".outputs", outputs, Set.of("parameters"));
    for (Map<String, @Nullable Object> parameter : Fields.maps(outputs.get("parameters"))) {
      Map<String, @Nullable Object> from = Fields.typed(parameter.get("valueFrom"));
      refuseUnknown(where + ".outputs.parameters", parameter, Set.of("name", "valueFrom"));
      refuseUnknown(where + ".outputs.parameters.valueFrom", from, Set.of("jqFilter", "jsonPath"));
      if (from.isEmpty()) {
        throw WorkflowException.invalid(
            where
                + ".outputs.parameters."
                + Fields.text(parameter.get("name"))
                + " .jqFilter or jsonPath must be specified for Resource templates");
      }
    }
  }

  private Dag readDag(
      String name,
      Map<String, @Nullable Object> template,
      Map<String, Step> steps,
      Set<String> dags)
      throws WorkflowException {
    String where = "templates." + name;
    for (String field : List.of("inputs", "outputs", "retryStrategy", "timeout")) {
      if (template.containsKey(field)) {
        throw WorkflowException.unsupported("`" + field + "` of a DAG (" + where + ")");
      }
    }
    if (template.containsKey("activeDeadlineSeconds")) {
      throw WorkflowException.invalid(where + ".activeDeadlineSeconds is only valid for leafs");
    }
    Map<String, @Nullable Object> dag = Fields.typed(template.get("dag"));
    refuseUnknown(where + ".dag", dag, DAG_FIELDS);
    List<Map<String, @Nullable Object>> written = Fields.maps(dag.get("tasks"));
    if (written.isEmpty()) {
      throw WorkflowException.invalid(where + " must have at least one task");
    }
    boolean usesDepends = written.stream().anyMatch(task -> !text(task, "depends").isEmpty());
    Map<String, Task> tasks = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> fields : written) {
      Task task = readTask(where + ".tasks", fields, usesDepends);
      if (tasks.put(task.name(), task) != null) {
        throw WorkflowException.invalid(where + ".tasks name '" + task.name() + "' is not unique");
      }
      if (dags.contains(task.template())) {
        throw WorkflowException.unsupported("a DAG within a DAG (task \"" + task.name() + "\")");
      }
    }
    for (Task task : tasks.values()) {
      checkTask(where + ".tasks." + task.name(), task, tasks.keySet(), steps);
    }
    refuseCycles(where, tasks);
    return new Dag(
        name,
        tasks,
        targets(where, text(dag, "target"), tasks),
        !Boolean.FALSE.equals(dag.get("failFast")),
        limit(template));
  }

  private static Task readTask(
      String where, Map<String, @Nullable Object> fields, boolean usesDepends)
      throws WorkflowException {
    String name = text(fields, "name");
    if (!NAME.matcher(name).matches()) {
      throw WorkflowException.invalid(
          where
              + " name '"
              + name
              + "' is invalid: name must consist of alpha-numeric characters or '-', and must start"
              + " with an alpha-numeric character, at most 128");
    }
    refuseUnknown(where + "." + name, fields, TASK_FIELDS);
    List<String> dependencies = Fields.strings(fields.get("dependencies"));
    if ((usesDepends || !dependencies.isEmpty()) && Character.isDigit(name.charAt(0))) {
      throw WorkflowException.invalid(
          where
              + "."
              + name
              + " name cannot begin with a digit when using either 'depends' or 'dependencies'");
    }
    if (usesDepends && !dependencies.isEmpty()) {
      throw WorkflowException.invalid(
          where + " cannot use both 'depends' and 'dependencies' in the same DAG template");
    }
    try {
      String expression = text(fields, "depends");
      Depends depends =
          expression.isEmpty() ? Depends.onAll(dependencies) : Depends.parse(expression);
      Map<String, String> arguments = new LinkedHashMap<>();
      parameters(where + "." + name + ".arguments", fields.get("arguments"))
          .forEach((key, value) -> arguments.put(key, value == null ? "" : value));
      return new Task(name, text(fields, "template"), depends, arguments);
    } catch (IllegalArgumentException e) {
      throw WorkflowException.invalid(where + "." + name + " " + e.getMessage());
    }
  }

  private static void checkTask(String where, Task task, Set<String> names, Map<String, Step> steps)
      throws WorkflowException {
    Step step = steps.get(task.template());
    if (step == null) {
      throw WorkflowException.invalid(where + " template name '" + task.template() + "' undefined");
    }
    for (String dependency : task.depends().tasks()) {
      if (!names.contains(dependency)) {
        throw WorkflowException.invalid(where + " dependency '" + dependency + "' not defined");
      }
    }
    for (var input : step.inputs().entrySet()) {
      if (input.getValue() == null && !task.arguments().containsKey(input.getKey())) {
        throw WorkflowException.invalid(
            where + " inputs.parameters." + input.getKey() + " was not supplied");
      }
    }
  }

  private static void refuseCycles(String where, Map<String, Task> tasks) throws WorkflowException {
    Set<String> done = new TreeSet<>();
    for (String start : tasks.keySet()) {
      visit(where, start, tasks, new ArrayDeque<>(), done);
    }
  }

  private static void visit(
      String where, String name, Map<String, Task> tasks, Deque<String> path, Set<String> done)
      throws WorkflowException {
    if (path.contains(name)) {
      throw WorkflowException.invalid(
          where + ".tasks dependency cycle detected: " + String.join("->", path) + "->" + name);
    }
    Task task = tasks.get(name);
    if (task == null || done.contains(name)) {
      return;
    }
    path.addLast(name);
    for (String dependency : task.depends().tasks()) {
      visit(where, dependency, tasks, path, done);
    }
    path.removeLast();
    done.add(name);
  }

  private static List<String> targets(String where, String target, Map<String, Task> tasks)
      throws WorkflowException {
    Set<String> targets = new TreeSet<>();
    if (target.isEmpty()) {
      targets.addAll(tasks.keySet());
      tasks.values().forEach(task -> targets.removeAll(task.depends().tasks()));
      return List.copyOf(targets);
    }
    for (String name : target.split(" ", -1)) {
      if (!tasks.containsKey(name)) {
        throw WorkflowException.invalid(where + ".targets target '" + name + "' is not defined");
      }
      targets.add(name);
    }
    return List.copyOf(targets);
  }

  /** Returns the parameters by name, null for one that has neither value nor default. */
  private static Map<String, @Nullable String> parameters(String where, @Nullable Object holder)
      throws WorkflowException {
    Map<String, @Nullable Object> fields = Fields.typed(holder);
    refuseUnknown(where, fields, Set.of("parameters"));
    Map<String, @Nullable String> parameters = new TreeMap<>();
    for (Map<String, @Nullable Object> parameter : Fields.maps(fields.get("parameters"))) {
      refuseUnknown(
          where + ".parameters", parameter, Set.of("default", "description", "name", "value"));
      Object value = parameter.getOrDefault("value", parameter.get("default"));
      parameters.put(text(parameter, "name"), value == null ? null : Fields.text(value));
    }
    return parameters;
  }

  private static OptionalLong limit(Map<String, @Nullable Object> fields) {
    return fields.get("parallelism") instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  private static String text(Map<String, @Nullable Object> fields, String key) {
    return Fields.text(fields.get(key));
  }

  static void refuseUnknown(
      String where, Map<String, @Nullable Object> fields, Set<String> supported)
      throws WorkflowException {
    for (String field : new TreeSet<>(fields.keySet())) {
      if (!supported.contains(field)) {
        throw WorkflowException.unsupported("`" + field + "` in `" + where + "`");
      }
    }
  }
}
