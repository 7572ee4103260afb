// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.InputStreamSource;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.render.ReadManifests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether rendered objects are as their schemas want them. Nothing is fetched from anywhere. */
public final class ObjectSchemas {
  private static final int MOST_OF_AN_OBJECT = 20;

  private final SchemaFiles files;
  private final Function<Map<String, @Nullable Object>, String> json;
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V7,
          builder -> builder.schemaLoaders(loaders -> loaders.add(ObjectSchemas::refuse)));
  private final SchemaValidatorsConfig config =
      SchemaValidatorsConfig.builder().locale(Locale.ENGLISH).pathType(PathType.LEGACY).build();
  private final Map<String, Optional<JsonSchema>> schemas = new HashMap<>();
  private final SortedMap<String, Integer> missing = new TreeMap<>();
  private final TreeSet<Problem> unusable = new TreeSet<>();

  /** In the place of the library's own loader, which would ask the network. */
  private static InputStreamSource refuse(AbsoluteIri elsewhere) {
    throw new IllegalArgumentException("it refers to " + elsewhere);
  }

  /**
   * Reads what is given.
   *
   * @param folders of JSON Schemas, as kubeconform has them
   * @param crds files and folders of CustomResourceDefinitions
   * @param kubeVersion such as {@code v1.34.0}
   * @param json writes plain data
   */
  public ObjectSchemas(
      List<Path> folders,
      List<Path> crds,
      String kubeVersion,
      Function<Map<String, @Nullable Object>, String> json) {
    this.files = new SchemaFiles(folders, crds, kubeVersion);
    this.json = json;
  }

  /** Takes the CRDs that charts bring; to be told before objects of theirs are checked. */
  public void learn(ReadManifests read) {
    files.learn(read);
  }

  /** What of the schemas cannot be used, as far as they were needed; sorted. */
  public List<Finding> unusable() {
    TreeSet<Problem> errors = new TreeSet<>(files.problems());
    errors.addAll(unusable);
    List<Finding> findings = new ArrayList<>();
    errors.forEach(p -> findings.add(finding(Finding.Severity.ERROR, p)));
    files.warnings().forEach(p -> findings.add(finding(Finding.Severity.WARNING, p)));
    return findings;
  }

  private static Finding finding(Finding.Severity severity, Problem problem) {
    return new Finding(severity, Check.SCHEMAS, "", "", "", problem);
  }

  /** Which objects had no schema, as a sentence; "" when all had one. */
  public String withoutSchema() {
    int count = missing.values().stream().mapToInt(Integer::intValue).sum();
    return count == 0
        ? ""
        : Validation.count(count, "object")
            + (count == 1 ? " has" : " have")
            + " no schema among those given: "
            + missing.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
  }

  /** Returns what is wrong with the objects of a release. */
  public List<Finding> check(
      String group, String release, Application application, ReadManifests read) {
    List<Finding> findings = new ArrayList<>();
    for (RenderedObject object : RenderedObject.of(read)) {
      Optional<JsonSchema> schema = schema(object.apiVersion(), object.kind());
      if (schema.isEmpty()) {
        missing.merge((object.apiVersion() + " " + object.kind()).strip(), 1, Integer::sum);
        continue;
      }
      for (Fault fault : faults(schema.get(), object)) {
        Problem problem =
            Problem.at(
                application.origin(),
                fault.code(),
                "spec.chart",
                "of \""
                    + release
                    + "\": object \""
                    + object.title()
                    + "\": "
                    + (fault.field().isEmpty() ? "it " : "field `" + fault.field() + "` ")
                    + fault.message(),
                "");
        findings.add(
            new Finding(
                Finding.Severity.ERROR, Check.SCHEMAS, group, release, object.title(), problem));
      }
    }
    return findings;
  }

  private Optional<JsonSchema> schema(String apiVersion, String kind) {
    return schemas.computeIfAbsent(
        apiVersion + " " + kind,
        unused -> files.find(apiVersion, kind).flatMap(data -> compiled(apiVersion, kind, data)));
  }

  private Optional<JsonSchema> compiled(
      String apiVersion, String kind, Map<String, @Nullable Object> data) {
    try {
      JsonSchema schema = factory.getSchema(json.apply(StrictSchema.of(data)), config);
      schema.initializeValidators(); // so that a bad reference is seen here
      return Optional.of(schema);
    } catch (RuntimeException e) { // the library's own, and those of regular expressions
      unusable(apiVersion, kind, e);
      return Optional.empty();
    }
  }

  private void unusable(String apiVersion, String kind, RuntimeException e) {
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    unusable.add(
        Problem.of(
            ProblemCode.SCHEMA_UNUSABLE,
            "the schema of "
                + apiVersion
                + " "
                + kind
                + " must be a JSON Schema that needs no other file: "
                + why,
            ""));
  }

  private record Fault(ProblemCode code, String field, String message) {}

  private List<Fault> faults(JsonSchema schema, RenderedObject object) {
    try {
      return schema.validate(json.apply(object.data()), InputFormat.JSON).stream()
          .map(message -> fault(message, object.isSecret()))
          .distinct()
          .limit(MOST_OF_AN_OBJECT)
          .toList();
    } catch (RuntimeException e) { // a reference that leads nowhere is met only when it is used
      unusable(object.apiVersion(), object.kind(), e);
      return List.of();
    }
  }

  /** No message has the value itself, so no Secret's is ever told. */
  private static Fault fault(ValidationMessage message, boolean secret) {
    String field = message.getInstanceLocation().toString().replaceFirst("^\\$\\.?", "");
    String property = message.getProperty() == null ? "" : message.getProperty();
    String below = field.isEmpty() ? property : field + "." + property;
    Object[] arguments = message.getArguments() == null ? new Object[0] : message.getArguments();
    return switch (message.getType()) {
      case "additionalProperties" ->
          new Fault(
              ProblemCode.OBJECT_UNKNOWN_FIELD, below, "must not be there; no such field is known");
      case "required" -> new Fault(ProblemCode.OBJECT_INVALID, below, "must be there");
      case "type" ->
          new Fault(
              ProblemCode.OBJECT_INVALID,
              field,
              arguments.length < 2
                  ? "must be of another type"
                  : "must be of type " + arguments[1] + "; it is of type " + arguments[0]);
      case "enum" ->
          new Fault(
              ProblemCode.OBJECT_INVALID,
              field,
              arguments.length < 1 ? "must have another value" : "must be one of " + arguments[0]);
      default ->
          new Fault(
              ProblemCode.OBJECT_INVALID,
              field,
              secret
                  ? "must be as its schema wants it: `" + message.getType() + "`"
                  : message.getMessage().replaceFirst("^\\$[^ ]*: ", ""));
    };
  }
}
