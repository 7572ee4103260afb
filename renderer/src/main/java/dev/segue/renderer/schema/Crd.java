// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import dev.segue.renderer.schema.Shape.Struct;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The CustomResourceDefinition of ApplicationGroups. */
public final class Crd {
  /** The kind that it defines. */
  public static final String KIND = GroupFields.KIND;

  /** Its API group and version. */
  public static final String API_VERSION = GroupFields.API_GROUP + "/" + GroupFields.VERSION;

  private static final String PLURAL = "applicationgroups";

  /** What a condition's texts may have at most, as in Kubernetes itself. */
  private static final int MAX_MESSAGE = 32768;

  private static final int MAX_REASON = 1024;
  private static final int MAX_TYPE = 316;

  /** No generation is that. */
  private static final int NOT_OBSERVED = -1;

  private Crd() {}

  /** Returns the whole object as plain data, its keys in the order to be written in. */
  public static Map<String, @Nullable Object> definition() {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("kind", GroupFields.KIND);
    names.put("listKind", GroupFields.KIND + "List");
    names.put("plural", PLURAL);
    names.put("singular", "applicationgroup");
    names.put("shortNames", List.of("ag", "appgroup"));
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("name", GroupFields.VERSION);
    version.put("served", true);
    version.put("storage", true);
    version.put("schema", Map.of("openAPIV3Schema", schema()));
    version.put("subresources", Map.of("status", Map.of()));
    version.put("additionalPrinterColumns", columns());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("group", GroupFields.API_GROUP);
    spec.put("scope", "Namespaced");
    spec.put("names", names);
    spec.put("versions", List.of(version));
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    definition.put("apiVersion", "apiextensions.k8s.io/v1");
    definition.put("kind", "CustomResourceDefinition");
    definition.put("metadata", Map.of("name", PLURAL + "." + GroupFields.API_GROUP));
    definition.put("spec", spec);
    return definition;
  }

  private static Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Property property : GroupFields.ROOT.properties()) {
      properties.put(property.name(), root(property));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", "A product: applications that are released together, in order.");
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", List.of("spec"));
    return schema;
  }

  /** The API server knows the form of {@code metadata}, and takes a rule for the name alone. */
  private static Map<String, Object> root(Property property) {
    return switch (property.name()) {
      case "apiVersion", "kind" -> {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", property.description());
        schema.put("type", "string");
        yield schema;
      }
      case "metadata" -> {
        Property name = ((Struct) property.shape()).properties().get(0);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", Map.of(name.name(), StructuralSchema.of(name)));
        yield schema;
      }
      case "status" -> status();
      default -> StructuralSchema.of(property);
    };
  }

  /**
   * Beyond these fields it is the agent's to say what a status has. By its default an object that
   * nobody has looked at yet is not taken for one that is as it should be.
   */
  private static Map<String, Object> status() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put(
        "observedGeneration", number("The generation of the object that was last looked at."));
    properties.put(
        "lastSucceededGeneration",
        number("The last generation of which everything came to be as it was to be."));
    properties.put(
        "revision", text("The branch and commit that this is said of, as `branch@commit`.", 0));
    properties.put(
        "phase",
        text(
            "Planned, Released, Failed, Stopped, RolledBack, Removed, Waiting or Invalid.",
            MAX_REASON));
    properties.put("attempt", number("The number of the last attempt."));
    properties.put("workflow", text("The Workflow of the last attempt.", 0));
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put(
        "description",
        "How the group stands: Ready, and Reconciling, Stalled or Drifted where they hold.");
    conditions.put("type", "array");
    conditions.put("items", condition());
    conditions.put("x-kubernetes-list-type", "map");
    conditions.put("x-kubernetes-list-map-keys", List.of("type"));
    properties.put("conditions", conditions);
    properties.put("releases", releases());
    properties.put("problems", problems());
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("description", "What the agent reports.");
    status.put("type", "object");
    status.put("default", Map.of("observedGeneration", NOT_OBSERVED));
    status.put("properties", properties);
    status.put("x-kubernetes-preserve-unknown-fields", true);
    return status;
  }

  private static Map<String, Object> releases() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", text("The application's name, or the sub-chart's behind it.", 0));
    fields.put(
        "state", text("pending, running, released, failed, omitted, deleted or orphaned.", 0));
    fields.put("version", text("The chart's version.", 0));
    fields.put("message", text("Why it failed.", MAX_MESSAGE));
    Map<String, Object> release = new LinkedHashMap<>();
    release.put("type", "object");
    release.put("properties", fields);
    release.put("required", List.of("name", "state"));
    Map<String, Object> releases = new LinkedHashMap<>();
    releases.put("description", "How each release stands, in the order of the last plan.");
    releases.put("type", "array");
    releases.put("items", release);
    releases.put("x-kubernetes-list-type", "atomic");
    return releases;
  }

  private static Map<String, Object> problems() {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "string");
    problem.put("maxLength", MAX_MESSAGE);
    Map<String, Object> problems = new LinkedHashMap<>();
    problems.put("description", "What is wrong with the group's file or charts.");
    problems.put("type", "array");
    problems.put("items", problem);
    problems.put("x-kubernetes-list-type", "atomic");
    return problems;
  }

  private static Map<String, Object> condition() {
    Map<String, Object> status = text("Whether the condition holds.", 0);
    status.put("enum", List.of("True", "False", "Unknown"));
    Map<String, Object> time = text("When the status became what it is.", 0);
    time.put("format", "date-time");
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("type", text("The condition's name.", MAX_TYPE));
    properties.put("status", status);
    properties.put("reason", text("The reason as one word, for machines.", MAX_REASON));
    properties.put("message", text("The reason in a sentence, for people.", MAX_MESSAGE));
    properties.put("lastTransitionTime", time);
    properties.put("observedGeneration", number("The generation that the condition is about."));
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", "object");
    condition.put("properties", properties);
    condition.put("required", List.of("type", "status", "reason", "message", "lastTransitionTime"));
    return condition;
  }

  private static Map<String, Object> text(String description, int maxLength) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", description);
    schema.put("type", "string");
    if (maxLength > 0) {
      schema.put("maxLength", maxLength);
    }
    return schema;
  }

  private static Map<String, Object> number(String description) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", description);
    schema.put("type", "integer");
    schema.put("format", "int64");
    return schema;
  }

  private static List<Map<String, Object>> columns() {
    String ready = ".status.conditions[?(@.type==\"Ready\")]";
    return List.of(
        column("Ready", "string", ready + ".status"),
        column("Reason", "string", ready + ".reason"),
        column("Message", "string", ready + ".message"),
        column("Revision", "string", ".status.revision"),
        column("Age", "date", ".metadata.creationTimestamp"));
  }

  private static Map<String, Object> column(String name, String type, String path) {
    Map<String, Object> column = new LinkedHashMap<>();
    column.put("name", name);
    column.put("type", type);
    column.put("jsonPath", path);
    return column;
  }
}
